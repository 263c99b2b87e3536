"""No name, e-mail address, phone number or profile of those present leaves; all of them come back."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.models.interview import Participant
from app.models.transcript import Speaker, SpeakerRole
from app.services.analysis.guards.folding import fold
from app.services.analysis.guards.name_words import is_ordinary
from app.services.analysis.guards.pseudonyms import Pseudonyms
from app.services.analysis.redaction import Redacted
from tests.services.analysis.guards.talks import CANDIDATE, INTERVIEWER, UNKNOWN, talk

DANIEL = Participant(name="Daniel Reyes", email="daniel.reyes@example.com", role=CANDIDATE)
SARAH = Participant(name="Sarah O'Neill", email="sarah@northwind.test", role=INTERVIEWER)
WILL = Participant(name="Will Young", role=INTERVIEWER)


def known(*people: Participant, said: tuple[str, ...] = (), speakers: tuple[Speaker, ...] = ()) -> Pseudonyms:
    return Pseudonyms.of(talk(*(("a", text) for text in said), people=people, speakers=speakers))


def person(name: str, role: SpeakerRole = CANDIDATE) -> Participant:
    return Participant(name=name, role=role)


class TestNamesOfThosePresent:
    @pytest.mark.parametrize(
        "text",
        [
            "Daniel Reyes",
            "daniel reyes",
            "Reyes, Daniel",
            "DANIEL",
            "Reyes",
            "reyes",
            "Daniel J. Reyes",
            "danielreyes",
            "D-A-N-I-E-L",
            "d a n i e l",
            "Dáníel",
            "Da\u200bniel",
            "Ｄａｎｉｅｌ",
            "Dani\u0308el Reyes",
        ],
    )
    def test_each_spelling_is_the_candidate(self, text: str) -> None:
        assert known(DANIEL).hide(f"I asked {text} about it.") == "I asked [CANDIDATE] about it."

    @pytest.mark.parametrize(
        ("name", "text", "hidden"),
        [
            ("Zoë Müller", "zoe and Mueller", "[CANDIDATE] and [CANDIDATE]"),
            ("Mueller", "Müller", "[CANDIDATE]"),
            ("Søren Åberg", "Soren, then Aaberg", "[CANDIDATE], then [CANDIDATE]"),
            ("Łukasz Wójcik", "Lukasz met Wojcik", "[CANDIDATE] met [CANDIDATE]"),
            (
                "Anne-Marie Dupont",
                "Anne Marie or Marie or annemarie",
                "[CANDIDATE] or [CANDIDATE] or [CANDIDATE]",
            ),
            ("Sinéad O'Connor", "OConnor, that is O’Connor", "[CANDIDATE], that is [CANDIDATE]"),
            ("Ludwig van der Berg", "Mr van der Berg", "Mr [CANDIDATE]"),
            ("Dr. Elena García López, PhD", "Elena and Garcia Lopez", "[CANDIDATE] and [CANDIDATE]"),
            ("Daniel Reyes", "Daniels Lösung", "[CANDIDATE]s Lösung"),
            ("Daniel Reyes", "Daniel's idea", "[CANDIDATE]'s idea"),
            ("王小明", "王小明说小明和王先生", "[CANDIDATE]说[CANDIDATE]和[CANDIDATE]先生"),
            ("田中 太郎", "田中さんと太郎", "[CANDIDATE]さんと[CANDIDATE]"),
            ("김민수", "김민수가 민수는", "[CANDIDATE]가 [CANDIDATE]는"),
            ("دانيال حداد", "قال دانيال اليوم", "قال [CANDIDATE] اليوم"),
            ("דניאל כהן", "אמר לדניאל שלום", "אמר [CANDIDATE] שלום"),
            ("Иван Петров", "говорил с Иваном и Петрову", "говорил с [CANDIDATE] и [CANDIDATE]"),
            ("สมชาย ใจดี", "คุณสมชายครับ", "คุณ[CANDIDATE]ครับ"),
        ],
    )
    def test_other_spellings_and_scripts(self, name: str, text: str, hidden: str) -> None:
        assert known(person(name)).hide(text) == hidden

    @pytest.mark.parametrize(
        "text", ["Danish food", "the martini", "Danielle left", "interview", "a dance", "O. is a letter"]
    )
    def test_other_words_stay(self, text: str) -> None:
        assert known(DANIEL, SARAH).hide(text) == text

    def test_interviewers_are_numbered_and_the_unknown_are_persons(self) -> None:
        people = known(DANIEL, SARAH, WILL, Participant(name="Olga Petrova", role=UNKNOWN))
        assert (
            people.hide("Sarah, Will Young and Olga met Daniel")
            == "[INTERVIEWER_1], [INTERVIEWER_2] and [PERSON_1] met [CANDIDATE]"
        )

    def test_speakers_of_the_transcript_are_known_too(self) -> None:
        speakers = (
            Speaker(id="a", label="Speaker 1", role=INTERVIEWER),
            Speaker(id="b", label="Daniel (Candidate)", name="Daniel", role=CANDIDATE),
            Speaker(id="c", label="Priya", role=INTERVIEWER),
        )
        people = known(speakers=speakers)
        assert (
            people.hide("Speaker 1: Priya, this is Daniel.")
            == "Speaker 1: [INTERVIEWER_1], this is [CANDIDATE]."
        )

    def test_a_speaker_under_another_name_is_the_one_candidate(self) -> None:
        people = known(DANIEL, speakers=(Speaker(id="b", label="Danny", role=CANDIDATE),))
        assert people.hide("Danny, that is Daniel") == "[CANDIDATE], that is [CANDIDATE]"
        assert people.reveal("[CANDIDATE]") == "Daniel Reyes"

    def test_a_name_that_two_share_is_put_into_nobodys_mouth(self) -> None:
        people = known(DANIEL, Participant(name="Daniel Katz", role=INTERVIEWER))
        assert people.hide("Daniel and Daniel Katz") == "[PERSON_1] and [INTERVIEWER_1]"
        assert people.reveal("[PERSON_1] spoke") == "Daniel spoke"

    @pytest.mark.parametrize(
        "label", ["Speaker 1", "Interviewer", "Candidate", "Guest", "Unnamed speaker", "A", "S1"]
    )
    def test_labels_of_nobody_hide_nothing(self, label: str) -> None:
        text = f"The {label} said A or S1 to the guest."
        assert known(speakers=(Speaker(id="a", label=label, role=CANDIDATE),)).hide(text) == text


class TestNamesThatAreWords:
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("Will Young", "Will you join us? We will see."),
            ("Will Young", "Young companies will do that."),
            ("Mark Best", "Mark the date. The best mark wins."),
            ("Hope Grant", "I hope they grant access. Hope it works."),
            ("May Rose", "It may be that the price rose. May I ask?"),
            ("Jo Li", "the li element and jo"),
        ],
    )
    def test_stay_where_they_are_words(self, name: str, text: str) -> None:
        assert known(person(name)).hide(text) == text

    @pytest.mark.parametrize(
        ("name", "text", "hidden"),
        [
            ("Will Young", "I asked Will about it", "I asked [CANDIDATE] about it"),
            ("Will Young", "Hi will, thanks", "Hi [CANDIDATE], thanks"),
            ("Will Young", "and will young agreed", "and [CANDIDATE] agreed"),
            ("Mark Best", "Thank you Mark.", "Thank you [CANDIDATE]."),
            ("Mark Best", "I'm Mark and I build APIs", "I'm [CANDIDATE] and I build APIs"),
            ("Hope Grant", "Hope, could you start?", "[CANDIDATE], could you start?"),
            ("Jo Li", "We met Li yesterday", "We met [CANDIDATE] yesterday"),
        ],
    )
    def test_are_hidden_where_they_are_names(self, name: str, text: str, hidden: str) -> None:
        assert known(person(name)).hide(text) == hidden


class TestAddressesAndNumbers:
    @pytest.mark.parametrize(
        ("text", "hidden"),
        [
            ("write to daniel.reyes@example.com please", "write to [EMAIL_1] please"),
            ("Daniel.Reyes@Example.com", "[EMAIL_1]"),
            ("daniel dot reyes at example dot com", "[EMAIL_1]"),
            ("daniel.reyes at example.com", "[EMAIL_1]"),
            ("jane at gmail dot com", "[EMAIL]"),
            ("daniel punkt reyes ät example punkt com".replace("ät", "at"), "[EMAIL_1]"),
            ("my email is jr underscore dev at web dot de", "my email is [EMAIL]"),
            ("+49 171 2345678", "[PHONE]"),
            ("0049 (0)171/234-5678", "[PHONE]"),
            ("(555) 123-4567", "[PHONE]"),
            ("555.123.4567", "[PHONE]"),
            ("06 12 34 56 78", "[PHONE]"),
            ("138 0013 8000", "[PHONE]"),
            ("call me on 234 5678", "call me on [PHONE]"),
            ("she is on 555-0163 if", "she is on [PHONE] if"),
            ("five five five, one two three, four five six seven", "[PHONE]"),
            ("oh seven seven double zero nine oh oh", "[PHONE]"),
            ("null eins sieben eins zwei drei vier fünf", "[PHONE]"),
            ("see linkedin.com/in/dreyes", "see [LINK]"),
            ("https://www.linkedin.com/in/dreyes/?x=1", "[LINK]"),
            ("github.com/dreyes", "[LINK]"),
            ("github dot com slash dreyes", "[LINK]"),
            ("https://daniel-reyes.dev/blog", "[LINK]"),
            ("danielreyes.io", "[LINK]"),
        ],
    )
    def test_are_hidden(self, text: str, hidden: str) -> None:
        assert known(DANIEL).hide(text) == hidden

    @pytest.mark.parametrize(
        "text",
        [
            "around ninety thousand euros, or 90 000 or 90,000",
            "from 2019-2023, since 2021-03-15",
            "on 01.02.2021 and 03/04/2021",
            "version 1.2.3.4 and Python 3.11",
            "at 192.168.100.200",
            "99.99 percent, three nines, one or two",
            "10 000 000 requests and 1000000000 rows",
            "a p99 of 250 ms",
            "one two three",
            "I work at booking dot com",
            "node.js and asp.net",
            "we looked at port 8080 and 5432",
            "https://docs.python.org/3/library",
            "status codes 200, 301, 404, 500, 502, 503, 504",
            "the ratio was 3:1",
        ],
    )
    def test_other_figures_and_addresses_stay(self, text: str) -> None:
        assert known(DANIEL).hide(text) == text

    def test_one_address_has_one_placeholder_in_every_spelling(self) -> None:
        people = known(
            said=("It is jane.doe@corp.test or x@y.test.", "Again: jane dot doe at corp dot test.")
        )
        assert people.hide("jane dot doe at corp dot test, jane.doe@corp.test") == "[EMAIL_1], [EMAIL_1]"
        assert people.reveal("[EMAIL_1]") == "jane.doe@corp.test"


class TestPeopleWhoAreIntroduced:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("My name is Priya Natarajan and I lead the team.", "Priya Natarajan"),
            ("my name is priya and i lead the team", "priya"),
            ("Hello, I'm Priya, the tech lead.", "Priya"),
            ("My manager, Olga Petrova, disagreed.", "Olga Petrova"),
            ("I asked my colleague Tomasz about it.", "Tomasz"),
            ("Hi, this is Kenji from the platform team.", "Kenji"),
            ("Priya here, can you hear me?", "Priya"),
            ("I reported to Jean-Luc Picard at the time.", "Jean-Luc Picard"),
            ("Good morning Priya, thanks for having me.", "Priya"),
            ("Mein Name ist Jürgen Habermann.", "Jürgen Habermann"),
            ("Je m'appelle Amélie.", "Amélie"),
            ("Me llamo Lucía.", "Lucía"),
            ("大家好，我叫李小龙，今天", "李小龙"),
            ("田村と申します", "田村"),
            ("안녕하세요 제 이름은 박지성입니다", "박지성"),
        ],
    )
    def test_are_persons_from_then_on(self, text: str, name: str) -> None:
        people = known(said=(text, f"Later {name} left."))
        assert name not in people.hide(text)
        assert people.hide(f"Later, {name}, left") == "Later, [PERSON_1], left"
        assert people.reveal("[PERSON_1] spoke") == f"{name} spoke"

    @pytest.mark.parametrize(
        "text",
        [
            "I'm German and I'm happy.",
            "This is Python, and I like it.",
            "My manager, however, said no.",
            "My name is on the list.",
            "I reported to Engineering and QA.".replace("Engineering", "HR"),
            "Hello everyone, good morning all.",
            "My colleague at Google uses Kafka.",
            "My team lead Python developers.",
        ],
    )
    def test_other_words_are_no_introductions(self, text: str) -> None:
        assert known(said=(text,)).hide(text) == text


class TestLiteralPlaceholders:
    @pytest.mark.parametrize(
        "text",
        [
            "[CANDIDATE]",
            "[ candidate ]",
            "［CANDIDATE］",
            "[CAN\u200bDIDATE]",
            "[INTERVIEWER_1]",
            "INTERVIEWER_1",
            "[PERSON 2]",
        ],
    )
    def test_cannot_impersonate(self, text: str) -> None:
        people = known(DANIEL, SARAH, WILL)
        hidden = people.hide(f"{text} said so")
        assert "[" not in hidden
        assert people.reveal(hidden) == hidden

    def test_keep_their_words(self) -> None:
        assert known(DANIEL).hide("I wrote [CANDIDATE] there") == "I wrote (CANDIDATE) there"


class TestReveal:
    @pytest.mark.parametrize(
        ("text", "revealed"),
        [
            ("[CANDIDATE] led it", "Daniel Reyes led it"),
            ("[candidate]'s plan", "Daniel Reyes's plan"),
            ("[Candidate's] plan", "Daniel Reyes's plan"),
            ("[ CANDIDATE ] and [CANDIDATE_1]", "Daniel Reyes and Daniel Reyes"),
            ("[INTERVIEWER] asked, [interviewer 1] too", "Sarah O'Neill asked, Sarah O'Neill too"),
            ("INTERVIEWER_1 asked", "Sarah O'Neill asked"),
            ("[EMAIL_1]", "daniel.reyes@example.com"),
            ("[PERSON_9] and [EMAIL_9]", "the person and an e-mail address"),
            ("[PHONE_1] or [LINK_3]", "a phone number or a link"),
            ("the CANDIDATE pool [x] [1]", "the CANDIDATE pool [x] [1]"),
        ],
    )
    def test_is_tolerant_of_how_models_write(self, text: str, revealed: str) -> None:
        assert known(DANIEL, SARAH).reveal(text) == revealed

    def test_without_a_known_candidate_stays_neutral(self) -> None:
        assert known().reveal("[CANDIDATE] met [INTERVIEWER_2]") == "the candidate met the interviewer"


class TestDeterminism:
    def test_the_same_input_makes_the_same_map(self) -> None:
        said = ("I'm Priya, and this is Olga from sales.", "a@b.test, c@d.test")
        text = "Olga, Priya, a@b.test, c@d.test, Daniel"
        assert known(DANIEL, said=said).hide(text) == known(DANIEL, said=said).hide(text)


PLACEHOLDER_WORDS = {"candidate", "interviewer", "person", "email", "phone", "link", "the"}
NAMES = st.one_of(
    st.sampled_from(
        ["Daniel", "Zoë", "Nguyễn", "Łukasz", "Jürgen", "Søren", "O'Brien", "Anne-Marie", "Иван", "Ελένη"]
    ),
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=9).map(str.capitalize),
)
CJK_NAMES = st.sampled_from(["王小明", "김민수", "佐藤健", "たなか"])
AROUND = st.one_of(
    st.text(max_size=30), st.sampled_from(["[CANDIDATE] ", "Hi ", "x@y.test ", "+49 ", "my name is "])
)
PHONES = st.one_of(
    st.from_regex(r"\+[1-9][0-9] [0-9]{3} [0-9]{4,7}", fullmatch=True),
    st.from_regex(r"\([2-9][0-9]{2}\) [0-9]{3}-[0-9]{4}", fullmatch=True),
    st.from_regex(r"[2-9][0-9]{2}-[0-9]{3}-[0-9]{4}", fullmatch=True),
    st.from_regex(r"0[1-9][0-9]{2} [0-9]{6,7}", fullmatch=True),
)


def survives(part: str, text: str) -> bool:
    """As a word of its own, accents and case aside."""
    return re.search(rf"(?<![^\W\d_]){re.escape(fold(part))}(?![^\W\d_])", fold(text)) is not None


class TestWhateverSurroundsThem:
    @given(given_name=NAMES, family=NAMES, before=AROUND, after=AROUND, shape=st.integers(0, 4))
    def test_no_part_of_a_name_survives(
        self, given_name: str, family: str, before: str, after: str, shape: int
    ) -> None:
        parts = re.split(r"['-]", f"{given_name}-{family}")
        parts = [p for p in parts if len(p) >= 3]
        assume(not any(is_ordinary(p) or fold(p) in PLACEHOLDER_WORDS for p in parts))
        written = [
            f"{given_name} {family}",
            given_name,
            family.lower(),
            f"{family}, {given_name}",
            given_name.upper(),
        ]
        people = known(person(f"{given_name} {family}"))
        text = f"{before} {written[shape]} {after}"
        hidden = people.hide(text)
        assert not any(survives(part, hidden) for part in parts)
        self.maps_back(people, text)

    @given(name=CJK_NAMES, before=AROUND, after=AROUND)
    def test_no_name_without_spaces_survives(self, name: str, before: str, after: str) -> None:
        people = known(person(name))
        text = f"{before}{name}{after}"
        assert fold(name) not in fold(people.hide(text))
        self.maps_back(people, text)

    @given(email=st.emails(), before=AROUND, after=AROUND, is_known=st.booleans())
    def test_no_email_survives(self, email: str, before: str, after: str, is_known: bool) -> None:
        people = (
            known(Participant(name="Daniel Reyes", email=email, role=CANDIDATE))
            if is_known
            else known(DANIEL)
        )
        text = f"{before} {email} {after}"
        assert email.casefold() not in people.hide(text).casefold()
        self.maps_back(people, text)

    @given(phone=PHONES, before=AROUND, after=AROUND)
    def test_no_phone_number_survives(self, phone: str, before: str, after: str) -> None:
        people = known(DANIEL)
        text = f"{before} {phone} {after}"
        assert phone not in people.hide(text)
        self.maps_back(people, text)

    def maps_back(self, people: Pseudonyms, text: str) -> None:
        redacted = Redacted(text, people.replacements(text))
        assert redacted.source_range(0, len(redacted.text)) == (0, len(text))
        ranges = [redacted.source_range(at, at + 1) for at in range(len(redacted.text))]
        assert all(0 <= start < end <= len(text) for start, end in ranges)
        assert ranges == sorted(ranges)
