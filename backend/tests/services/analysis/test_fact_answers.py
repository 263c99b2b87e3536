"""Practical facts in answers: to questions, to talk of places, and over several utterances."""

from __future__ import annotations

import pytest

from app.models.analysis import FactKind
from app.models.transcript import Utterance
from app.services.analysis.facts import practical_facts
from tests.services.analysis.talk import NOTICE, PLACE, SALARY, SPEAKERS, START, Facts, facts_in


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
            ("And notice?", "It's ninety days.", [(NOTICE, "ninety days")]),
            ("Is there any notice to serve?", "Thirty days, yeah.", [(NOTICE, "Thirty days")]),
            ("And you're on what, a month's notice?", "No, it's two, two months.", [(NOTICE, "two months")]),
            ("When could you join?", "We're moving in May, so I was thinking of June.", [(START, "June")]),
            ("What's the earliest date you could join?", "The third of February.",
             [(START, "The third of February")]),
            ("Which city are you in?", "I'm in Tampere.", [(PLACE, "Tampere")]),
            ("What would you like to be paid?", "I'd like fifty-five.", [(SALARY, "fifty-five")]),
            ("What notice would you have to give?", "Just a couple of weeks, I'm on probation.",
             [(NOTICE, "a couple of weeks")]),
            ("What's your notice?", "Well, on paper it's three months, but they let people go after two.",
             [(NOTICE, "three months")]),
            ("What's your notice period?", "I don't have one, I'm freelance.", [(NOTICE, "no notice period")]),
            ("When could you start?", "In June. There isn't a notice period as such.",
             [(START, "In June"), (NOTICE, "no notice period")]),
            ("So you'd start when?", "I'd say the first of September.", [(START, "the first of September")]),
            ("When could you be here?", "The twenty-third, or a week later.", [(START, "The twenty-third")]),
            ("When could you start?", "I have a wedding in June, so July would be best.", [(START, "July")]),
            ("When could you start?", "If I resign this week, then the tenth of March.",
             [(START, "the tenth of March")]),
            ("How soon could you be with us?", "Straight after Easter.", [(START, "Straight after Easter")]),
            ("How quickly could you get going?", "Probably in about three weeks.",
             [(START, "in about three weeks")]),
            ("Where are you joining us from today?", "I'm calling from Utrecht.", [(PLACE, "Utrecht")]),
            ("Whereabouts are you?", "Down in Exeter.", [(PLACE, "Exeter")]),
            ("Where do you live?", "Our office is in London, but I'm in Bath.", [(PLACE, "Bath")]),
            ("okay and where are you based", "i'm in leeds", [(PLACE, "leeds")]),
            ("Money. What are you after?", "I'm on twenty now. I'd be looking for twenty-four.",
             [(SALARY, "twenty-four")]),
            ("And money, what were you thinking?", "Thirty to thirty-five.", [(SALARY, "Thirty to thirty-five")]),
            ("What are your salary expectations?", "I'm on 62 now, so I'd like to be at 70.", [(SALARY, "70")]),
            ("Salary?", "£48,000.", [(SALARY, "£48,000")]),
            ("What kind of money are we talking about?", "The advert says 40 to 50, and I'd want 48.",
             [(SALARY, "48")]),
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
            # Somebody else's.
            ("What's your notice period?", "My colleague has four weeks."),
            ("What's your notice period?", "They let Aoife go after two months."),
            ("What's your notice period?", "In Germany the usual is three months."),
            ("Where are you based?", "My parents live in Naples."),
            ("Where are you based?", "We have offices in Berlin and Munich."),
            ("What are your salary expectations?", "The others on my team get 60k."),
            ("What are your salary expectations?", "The advert says 60 to 70k."),
            # Past, present and passing.
            ("What's your notice period?", "Three weeks ago I'd have said a month."),
            ("What's your notice period?", "I still have two weeks of holiday."),
            ("When could you start?", "I have a contract until the end of May."),
            ("When could you start?", "The project ends in July."),
            ("Where are you based?", "I did my degree in Manchester."),
            ("Where are you based?", "I'm in Paris next week."),
            ("What are your salary expectations?", "I'm at seventy now."),
            ("What are your salary expectations?", "In 2021 I was on 50k."),
            ("What are your salary expectations?", "I manage a budget of 200k."),
            ("What are your salary expectations?", "I have two kids, well, one and a half."),
            # Questions that only sound alike.
            ("What's the notice period for your suppliers?", "Thirty days."),
            ("What's your location strategy?", "Berlin."),
            ("Where do you live in the codebase mostly?", "In Billing."),
            ("What number would you expect to see there?", "Seventy."),
            ("When will you start to see results?", "In six weeks."),
            ("What's your current salary?", "Sixty thousand."),
            ("How much do you earn at the moment?", "60k."),
            ("What did you look for in the salary data?", "Around 70k."),
            ("How was your notice handled when you left Acme?", "Four weeks."),
            ("When would you start writing tests?", "Immediately."),
            ("When are you available for a second interview?", "Tomorrow."),
            ("Our notice period is three months, is that okay?", "Three months, fine."),
            ("What did your office in Leeds do?", "In Leeds, we did the packing."),
            ("How do you handle remote work?", "I'm in Zoom calls all day."),
            ("Tell me about the office move.", "I'm in Glasgow for it every Tuesday."),
            # Where somebody comes from is not to be asked.
            ("Where are you from originally?", "I'm living in Porto, but I'm from Kyiv."),
            ("Where's that accent from?", "I live in Bath."),
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


class TestTheTalkOfPlaces:
    """Nobody asks, but both speak of where the candidate is."""

    @pytest.mark.parametrize(
        ("remark", "answer", "place"),
        [
            ("It's three days in the office here. You said you're in Oslo.", "I'm in Asker, so that's fine.", "Asker"),
            ("And you're down south already.", "Just outside Poole, yes.", "Poole"),
            ("Would the commute be all right?", "Sure, I'm near Lyon.", "Lyon"),
        ],
    )  # fmt: skip
    def test_places_them(self, remark: str, answer: str, place: str) -> None:
        assert facts_in(("I", remark), ("C", answer)) == [(PLACE, place)]
        assert facts_in(("I", "I see."), ("C", answer)) == []


class TestSeveralUtterances:
    @pytest.mark.parametrize(
        ("said", "fact"),
        [
            (("My notice period is", "three months, unfortunately."), (NOTICE, "three months")),
            (("And I'm based in...", "Leeds, at the moment."), (PLACE, "Leeds")),
            (("I'd be looking at", "around 55k."), (SALARY, "around 55k")),
            (("I could start on, um,", "the first of June."), (START, "the first of June")),
        ],
    )
    def test_a_sentence_goes_on_in_the_next_one(
        self, said: tuple[str, str], fact: tuple[FactKind, str]
    ) -> None:
        begins, ends = said
        assert facts_in(("C", begins), ("C", ends)) == [fact]
        assert facts_in(("C", begins), ("I", "Mhm."), ("C", ends)) == [fact]
        assert facts_in(("C", ends)) == []

    def test_both_are_the_evidence(self) -> None:
        said = [
            Utterance(id="u1", speaker="C", start=0, end=1, text="My notice period is"),
            Utterance(id="u2", speaker="C", start=1, end=2, text="three months."),
        ]
        [fact] = practical_facts(said, SPEAKERS, english=True)
        assert [e.utterance_id for e in fact.evidence] == ["u1", "u2"]

    def test_the_answer_comes_after_a_hesitation(self) -> None:
        said = (("I", "What's your notice period?"), ("C", "Um."), ("C", "Two months, to be safe."))
        assert facts_in(*said) == [(NOTICE, "Two months")]
