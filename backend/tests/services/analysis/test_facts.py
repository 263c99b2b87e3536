"""Practical facts: what candidates state about themselves, and what only sounds like it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.analysis import FactKind
from app.models.transcript import Speaker, SpeakerRole, TranscriptDraft, Utterance
from app.services.analysis.facts import practical_facts

NOTICE, START, PLACE, SALARY = (
    FactKind.NOTICE_PERIOD,
    FactKind.START_DATE,
    FactKind.LOCATION,
    FactKind.SALARY_EXPECTATION,
)
SPEAKERS = (
    Speaker(id="I", label="Interviewer", role=SpeakerRole.INTERVIEWER),
    Speaker(id="C", label="Candidate", role=SpeakerRole.CANDIDATE),
    Speaker(id="X", label="Speaker 3"),
)
Facts = list[tuple[FactKind, str]]


def facts_in(*said: tuple[str, str], english: bool = True) -> Facts:
    utterances = [
        Utterance(id=f"u{n}", speaker=speaker, start=n, end=n + 1, text=text)
        for n, (speaker, text) in enumerate(said)
    ]
    found = practical_facts(utterances, SPEAKERS, english=english)
    by_id = {u.id: u for u in utterances}
    for fact in found:
        [evidence] = fact.evidence
        assert evidence.quote in by_id[evidence.utterance_id].text
        assert by_id[evidence.utterance_id].speaker == "C"
    return [(fact.kind, fact.text) for fact in found]


class TestStatements:
    """Sentences that say by themselves what they are about."""

    @pytest.mark.parametrize(
        ("sentence", "facts"),
        [
            # Notice period.
            ("My notice period is three months.", [(NOTICE, "three months")]),
            ("My current notice period is 4 weeks, to be precise.", [(NOTICE, "4 weeks")]),
            ("I have a month's notice.", [(NOTICE, "a month")]),
            ("I'm on a three-month notice period.", [(NOTICE, "three-month")]),
            ("I need to give four weeks' notice.", [(NOTICE, "four weeks")]),
            ("I'd have to give six weeks notice.", [(NOTICE, "six weeks")]),
            ("I have a notice period of two to three months.", [(NOTICE, "two to three months")]),
            ("My notice is about a month and a half.", [(NOTICE, "about a month and a half")]),
            ("I don't have a notice period.", [(NOTICE, "no notice period")]),
            ("I have no notice period at all.", [(NOTICE, "no notice period")]),
            ("My notice period’s two months.", [(NOTICE, "two months")]),
            ("So the notice period I have is four weeks.", [(NOTICE, "four weeks")]),
            ("Officially it's three months' notice, but I could negotiate.", [(NOTICE, "three months")]),
            # Start date.
            ("I could start on the first of May.", [(START, "on the first of May")]),
            ("I can start immediately.", [(START, "immediately")]),
            ("I'd be available from January 2027.", [(START, "from January 2027")]),
            ("I'm available right away.", [(START, "right away")]),
            ("I could probably start in two weeks.", [(START, "in two weeks")]),
            ("I would be able to join next month.", [(START, "next month")]),
            ("My earliest start date would be 1.3.2027.", [(START, "1.3.2027")]),
            ("The earliest I could start is mid-April.", [(START, "mid-April")]),
            ("I couldn't start before June.", [(START, "not before June")]),
            ("I can be available from mid January.", [(START, "mid January")]),
            # Place.
            ("I'm based in Berlin.", [(PLACE, "Berlin")]),
            ("I am currently living in Porto, Portugal.", [(PLACE, "Porto, Portugal")]),
            (
                "I live in a small village near Cologne, with my dog.",
                [(PLACE, "a small village near Cologne")],
            ),
            ("I'm located just outside London.", [(PLACE, "London")]),
            ("Right now I live in New York and I love it.", [(PLACE, "New York")]),
            ("I’m based in São Paulo.", [(PLACE, "São Paulo")]),
            ("i'm based in berlin at the moment", [(PLACE, "berlin")]),
            ("I would be willing to relocate.", [(PLACE, "willing to relocate")]),
            ("I'm open to relocating to Munich.", [(PLACE, "open to relocating to Munich")]),
            ("I can't relocate.", [(PLACE, "can't relocate")]),
            ("I've been living in Dublin since 2019.", [(PLACE, "Dublin")]),
            (
                "I live in Berlin, but I'd be open to relocating.",
                [(PLACE, "Berlin"), (PLACE, "open to relocating")],
            ),
            # Salary expectation.
            ("I'd be looking at around 70k.", [(SALARY, "around 70k")]),
            ("I am looking for around ninety thousand euros.", [(SALARY, "around ninety thousand euros")]),
            ("My salary expectation is €65,000 a year.", [(SALARY, "€65,000 a year")]),
            ("I'd like to earn between 70 and 80k.", [(SALARY, "between 70 and 80k")]),
            ("I would expect $120,000 base.", [(SALARY, "$120,000 base")]),
            ("I was thinking of something around £55k.", [(SALARY, "something around £55k")]),
            ("My expectations are 65.000 Euro gross.", [(SALARY, "65.000 Euro gross")]),
            ("I'm hoping for 90,000 to 95,000 dollars.", [(SALARY, "90,000 to 95,000 dollars")]),
            ("My minimum is CHF 110'000.", [(SALARY, "CHF 110'000")]),
            ("I'd want 600 euros a day.", [(SALARY, "600 euros a day")]),
            ("My target salary is eighty five thousand.", [(SALARY, "eighty five thousand")]),
            ("I make 60k now and I'd like 75k.", [(SALARY, "75k")]),
            (
                "I'd be happy with something in the region of 75k.",
                [(SALARY, "something in the region of 75k")],
            ),
            ("What I'm looking for is at least 80k.", [(SALARY, "at least 80k")]),
            (
                "With the cost of living here, I'd be looking for 72 thousand pounds.",
                [(SALARY, "72 thousand pounds")],
            ),
            # Several at once.
            (
                "I'm based in Lyon and I could start in March.",
                [(START, "in March"), (PLACE, "Lyon")],
            ),
        ],
    )
    def test_are_facts(self, sentence: str, facts: Facts) -> None:
        assert facts_in(("C", sentence)) == facts

    @pytest.mark.parametrize(
        "sentence",
        [
            # No notice period of the candidate.
            "I noticed that three months later.",
            "The vendor gave us a month's notice before they shut the API down.",
            "We deployed at short notice.",
            "They let him go without notice.",
            "Is the notice period three months here?",
            "We had to notice it within two weeks.",
            "I need two weeks notice to plan the release.",
            # No start date.
            "I could start with a token bucket.",
            "I would start in Redis.",
            "I started in March 2019.",
            "We could start the migration in May.",
            "I may start from scratch.",
            "I can start immediately with the refactoring, I told them.",
            "The project will begin next month.",
            "I'm available for questions.",
            # No place of the candidate.
            "We relocated the service to Frankfurt.",
            "Our servers are based in Frankfurt.",
            "The team was based in Berlin.",
            "The office is in Munich.",
            "I lived in Paris for two years.",
            "I live in fear of the pager.",
            "I'm based in the Platform team.",
            "I'd be happy to relocate the service to another region.",
            "My manager is based in London.",
            "Do you live in Berlin?",
            # No salary expectation.
            "I was looking at around 70k requests per second.",
            "I'd expect 70k users at launch.",
            "I would expect about $5,000 in cloud costs.",
            "We saved 70k a year.",
            "I'd expect 20,000 as the limit.",
            "I want 5,000 tests to pass.",
            "I'd like to handle 70k of traffic.",
            "I'm looking for a team of five.",
            "I'm looking at 3 offers.",
            "I currently earn 60k.",
            "The budget was 200,000 euros.",
            "I'd like to have 2 days at home.",
            "My target was 99.9 percent.",
            "We were looking for around ninety thousand euros of funding.",
            "Is the range 60 to 70k?",
            "I have been there for six years.",
            "It took two months.",
        ],
    )
    def test_that_only_sound_alike_are_none(self, sentence: str) -> None:
        assert facts_in(("C", sentence)) == []


class TestAnswers:
    @pytest.mark.parametrize(
        ("question", "answer", "facts"),
        [
            ("What's your notice period?", "Three months.", [(NOTICE, "Three months")]),
            ("What is your notice period?", "It's two months to the end of the quarter.",
             [(NOTICE, "two months to the end of the quarter")]),
            ("How long is your notice period?", "None, I'm a freelancer.", [(NOTICE, "None")]),
            ("How much notice do you have to give?", "Let me think. Four weeks.", [(NOTICE, "Four weeks")]),
            ("When could you start?", "In two weeks.", [(START, "In two weeks")]),
            ("When would you be able to start?", "The first of May.", [(START, "The first of May")]),
            ("How soon can you join?", "Immediately.", [(START, "Immediately")]),
            ("When can you start?", "Not before August, sadly.", [(START, "not before August")]),
            ("And what would be your start date?", "Q1 2027, I think.", [(START, "Q1 2027")]),
            ("Where are you based?", "Berlin.", [(PLACE, "Berlin")]),
            ("Where do you live at the moment?", "In Vienna, near the centre.", [(PLACE, "Vienna")]),
            ("Where are you calling from?", "Sure. I'm in Leeds right now.", [(PLACE, "Leeds")]),
            ("What are your salary expectations?", "Around 70k.", [(SALARY, "Around 70k")]),
            ("What are your salary expectations?", "Around seventy.", [(SALARY, "Around seventy")]),
            ("What salary do you have in mind?", "Between 60 and 70.", [(SALARY, "Between 60 and 70")]),
            ("How much would you like to earn?", "I'd say 4,500 euros a month.",
             [(SALARY, "4,500 euros a month")]),
            ("What number do you have in mind?", "Maybe 80k?", [(SALARY, "Maybe 80k")]),
            ("What is your day rate?", "650 pounds.", [(SALARY, "650 pounds")]),
        ],
    )  # fmt: skip
    def test_take_their_kind_from_the_question(self, question: str, answer: str, facts: Facts) -> None:
        assert facts_in(("I", question), ("C", answer)) == facts
        assert facts_in(("C", answer)) == []

    @pytest.mark.parametrize(
        ("question", "answer"),
        [
            ("What's your notice period?", "I have been there for three months."),
            ("What's your notice period?", "I would have to look that up."),
            ("When did you start at Acme?", "In March."),
            ("When could you start?", "That depends."),
            ("Where are you based?", "Sure."),
            ("Where are you based?", "I lived in Paris before."),
            ("Where are you based?", "I am originally from Kyiv."),
            ("Where are you based?", "Remote."),
            ("When could you start?", "I have a holiday for two weeks in August."),
            ("Where did you deploy it?", "In Frankfurt."),
            ("What are your salary expectations?", "I currently earn 60k."),
            ("What are your salary expectations?", "I have 10 years of experience."),
            ("What are your salary expectations?", "What is your range?"),
            ("What error rate did you see?", "Around seventy."),
            ("How much did the project cost?", "About 70k."),
        ],
    )
    def test_that_do_not_answer_are_none(self, question: str, answer: str) -> None:
        assert facts_in(("I", question), ("C", answer)) == []

    def test_two_questions_in_one_are_both_answered(self) -> None:
        said = (
            ("I", "And what are your salary expectations and your notice period?"),
            ("C", "Ninety thousand euros. Two months."),
        )
        assert facts_in(*said) == [(SALARY, "Ninety thousand euros"), (NOTICE, "Two months")]

    def test_a_duration_is_the_notice_when_both_were_asked_for(self) -> None:
        said = (("I", "When could you start, what is your notice period?"), ("C", "Three months."))
        assert facts_in(*said) == [(NOTICE, "Three months")]

    def test_a_remark_in_between_does_not_make_the_question_undone(self) -> None:
        said = (
            ("I", "What's your notice period?"),
            ("C", "Good question."),
            ("I", "Take your time."),
            ("C", "Three months."),
        )
        assert facts_in(*said) == [(NOTICE, "Three months")]

    def test_another_question_does(self) -> None:
        said = (
            ("I", "What's your notice period?"),
            ("C", "Good question."),
            ("I", "How long did the migration take?"),
            ("C", "Three months."),
        )
        assert facts_in(*said) == []

    def test_what_comes_late_in_the_turn_is_about_something_else(self) -> None:
        answer = "Hm. Well. Let me see. I do not know. The migration took us some time. Three months."
        assert facts_in(("I", "What's your notice period?"), ("C", answer)) == []


class TestWhoSaysIt:
    @pytest.mark.parametrize(
        "sentence",
        [
            "The range for this role is 60 to 70k.",
            "I'd be looking at around 70k for this position.",
            "I'm based in Berlin.",
            "My notice period is three months.",
            "I could start on the first of May.",
        ],
    )
    @pytest.mark.parametrize("speaker", ["I", "X"])
    def test_only_the_candidates_words_count(self, speaker: str, sentence: str) -> None:
        assert facts_in((speaker, sentence), ("C", "Good to know.")) == []

    def test_the_interviewers_offer_is_not_the_candidates_wish(self) -> None:
        said = (("I", "What are your salary expectations? Our range is 60 to 70k."), ("C", "That fits."))
        assert facts_in(*said) == []

    def test_the_candidates_question_asks_nobody_for_facts(self) -> None:
        said = (
            ("C", "What is the notice period here?"),
            ("I", "Three months."),
            ("C", "Four weeks is usual."),
        )
        assert facts_in(*said) == []

    def test_while_nobody_is_the_candidate_there_are_no_facts(self) -> None:
        said = [Utterance(id="u", speaker="X", start=0, end=1, text="I'm based in Berlin.")]
        assert practical_facts(said, SPEAKERS[2:], english=True) == ()

    def test_the_rules_are_english(self) -> None:
        assert facts_in(("C", "I'm based in Berlin."), english=False) == []


class TestTheWhole:
    def test_the_sample(self, sample: TranscriptDraft) -> None:
        found = practical_facts(sample.utterances, sample.speakers, english=True)
        assert [(f.kind, f.text, f.evidence[0].utterance_id) for f in found] == [
            (SALARY, "around ninety thousand euros", "t21s0"),
            (NOTICE, "two months", "t21s1"),
        ]

    def test_the_sample_without_punctuation(self, unpunctuated: TranscriptDraft) -> None:
        found = practical_facts(unpunctuated.utterances, unpunctuated.speakers, english=True)
        assert [(f.kind, f.text) for f in found] == [
            (SALARY, "around ninety thousand euros"),
            (NOTICE, "two months"),
        ]

    def test_the_same_fact_said_twice_is_one(self) -> None:
        assert facts_in(("C", "I'm based in Berlin."), ("I", "I see."), ("C", "I live in Berlin.")) == [
            (PLACE, "Berlin")
        ]

    def test_another_figure_later_is_a_second_one(self) -> None:
        said = (("C", "I'd be looking at 70k."), ("I", "I see."), ("C", "I'd be looking at 90k."))
        assert facts_in(*said) == [(SALARY, "70k"), (SALARY, "90k")]

    def test_ids_are_unique(self) -> None:
        utterance = Utterance(
            id="u", speaker="C", start=0, end=1, text="I'm based in Lyon and I could start in March."
        )
        found = practical_facts([utterance], SPEAKERS, english=True)
        assert len({fact.id for fact in found}) == 2


FRAGMENTS = (
    "I", "I'd", "my", "notice", "is", "start", "in", "based", "live", "looking", "at", "70", "k", "1,000", "€", "May",
    "three", "months", "Berlin", ".", "?", ",", "and", "to", "between", "around", "salary", "your", "what's", "when",
    "could", "you", "where", "are",
)  # fmt: skip


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("IC"), st.lists(st.sampled_from(FRAGMENTS), max_size=14)), max_size=6)
)
def test_whatever_is_said_a_fact_quotes_the_candidate(said: list[tuple[str, list[str]]]) -> None:
    for _, text in facts_in(*((speaker, " ".join(words)) for speaker, words in said)):
        assert text
