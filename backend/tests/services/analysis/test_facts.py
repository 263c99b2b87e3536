"""Practical facts: what candidates state about themselves, and what only sounds like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.transcript import TranscriptDraft, Utterance
from app.services.analysis.facts import practical_facts
from tests.services.analysis.talk import NOTICE, PLACE, SALARY, SPEAKERS, START, Facts, facts_in


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
            ("We live in Ghent.", [(PLACE, "Ghent")]),
            ("I live over in Whitby, by the sea.", [(PLACE, "Whitby")]),
            (
                "I'd say I could be with you on the twenty-second of May.",
                [(START, "on the twenty-second of May")],
            ),
            ("I can start any time after the 10th of May.", [(START, "any time after the 10th of May")]),
            (
                "At my last job it was a month, but now I'm on three months' notice.",
                [(NOTICE, "three months")],
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
            "At my last job the notice was three months.",
            "At my last job it's three months' notice.",
            "When I worked at Acme it was three months' notice.",
            "It's not three months' notice.",
            "Imagine my notice period is a month.",
            "I have to give my landlord a month's notice.",
            "Our contracts give us three months' notice.",
            "My manager said, I'm on three months' notice, can you believe it.",
            # No start date.
            "They said I can start in May.",
            "I can start in May, she told me, and then they cancelled.",
            "The plan was that I could start in January.",
            "I'm available next week for the second round.",
            "I could have started in March.",
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
            'He told me "I live in Berlin" and I believed him.',
            "The customer said: I'm based in Austin.",
            "If I lived in Leeds I'd come by bike.",
            "I'm not based in London.",
            "I live in Jira.",
            # No salary expectation.
            "If I were a contractor I'd be looking at 600 euros a day.",
            "When I joined Acme I was hoping for 70k.",
            "My wife is looking for around 60k.",
            "I'd want 500 euros for a good monitor.",
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

    def test_another_figure_later_takes_the_place_of_the_first(self) -> None:
        said = (("C", "I'd be looking at 70k."), ("I", "I see."), ("C", "I'd be looking at 90k."))
        assert facts_in(*said) == [(SALARY, "90k")]

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


@given(
    st.lists(st.tuples(st.sampled_from("IC"), st.lists(st.sampled_from(FRAGMENTS), max_size=14)), max_size=6)
)
def test_whatever_is_said_a_fact_quotes_the_candidate(said: list[tuple[str, list[str]]]) -> None:
    for _, text in facts_in(*((speaker, " ".join(words)) for speaker, words in said)):
        assert text
