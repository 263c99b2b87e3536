"""Practical facts that are taken back or put right."""

from __future__ import annotations

import pytest

from app.models.analysis import FactKind
from app.models.transcript import Speaker, SpeakerRole, Utterance
from app.services.analysis.facts import practical_facts
from tests.services.analysis.talk import NOTICE, PLACE, SALARY, SPEAKERS, START, Facts, facts_in


class TestCorrections:
    @pytest.mark.parametrize(
        ("said", "facts"),
        [
            ("My notice is four weeks, no, sorry, eight weeks.", [(NOTICE, "eight weeks")]),
            ("My notice period is a month. Wait, they changed it. Two months.", [(NOTICE, "Two months")]),
            ("I'm based in Bristol, I mean Bath.", [(PLACE, "Bath")]),
            ("I live in Leeds. No wait, sorry, that was last year. I live in York now.", [(PLACE, "York")]),
            ("I can start in May. Or rather in June, because of the move.", [(START, "in June")]),
            ("I'd be looking at 70k. Actually, no, make that 75k.", [(SALARY, "75k")]),
            ("I said seventy before, but I'd like 75k.", [(SALARY, "75k")]),
        ],
    )
    def test_take_the_place_of_what_they_correct(self, said: str, facts: Facts) -> None:
        assert facts_in(("C", said)) == facts

    @pytest.mark.parametrize(
        "said",
        [
            "My notice is four weeks. No, sorry, that's wrong, I'd have to look it up.",
            "My notice is two months. Actually, three.",
            "I'm on two months' notice. I'm telling you wrong.",
            "My notice is three months, or actually I think they changed it to two.",
            "I'd be looking at 70k. Scratch that, let me think about it.",
        ],
    )
    def test_without_a_new_fact_leave_none(self, said: str) -> None:
        assert facts_in(("C", said)) == []

    @pytest.mark.parametrize(
        ("said", "fact"),
        [
            ("My notice period is three months. Actually, I like it there.", (NOTICE, "three months")),
            ("My notice is three months. I mean, that's long, I know.", (NOTICE, "three months")),
            ("I'm on three months' notice, no problem though.", (NOTICE, "three months")),
            ("My notice is a month. We had four, no, sorry, five engineers then.", (NOTICE, "a month")),
            ("I'm based in Leeds, actually.", (PLACE, "Leeds")),
            ("I live in Leeds. Well, the pay was fine at Acme. Forty.", (PLACE, "Leeds")),
            ("I live in Leeds. I thought that the cache was slow, and in the end I was wrong.", (PLACE, "Leeds")),
        ],
    )  # fmt: skip
    def test_of_something_else_change_nothing(self, said: str, fact: tuple[FactKind, str]) -> None:
        assert facts_in(("C", said)) == [fact]

    def test_may_come_after_a_remark(self) -> None:
        said = (
            ("I", "What's your notice?"),
            ("C", "Six weeks."),
            ("I", "So the middle of May."),
            ("C", "No, sorry, I'm telling you wrong. Six is for the seniors."),
            ("C", "Mine's three weeks."),
        )
        assert facts_in(*said) == [(NOTICE, "three weeks")]

    def test_may_answer_whether_it_was_heard_right(self) -> None:
        said = (
            ("I", "What's your notice?"),
            ("C", "A month."),
            ("I", "One month?"),
            ("C", "Sorry, two months."),
        )
        assert facts_in(*said) == [(NOTICE, "two months")]

    @pytest.mark.parametrize(
        ("question", "answer"),
        [("Is that negotiable?", "No, sorry."), ("How long have you been there?", "Actually, six months.")],
    )
    def test_answers_to_another_question_are_none(self, question: str, answer: str) -> None:
        said = (("I", "What's your notice?"), ("C", "A month."), ("I", question), ("C", answer))
        assert facts_in(*said) == [(NOTICE, "A month")]

    @pytest.mark.parametrize(
        "late",
        [
            "Let me correct what I said about my notice, it's six weeks.",
            "I was wrong about my notice before. It's six weeks.",
        ],
    )
    def test_may_come_much_later_when_they_say_of_what(self, late: str) -> None:
        said = (
            ("C", "My notice period is one month."),
            ("I", "Tell me about your team."),
            ("C", "We are six people."),
            ("I", "Anything else?"),
            ("C", late),
        )
        assert facts_in(*said) == [(NOTICE, "six weeks")]

    def test_belong_to_who_says_them(self) -> None:
        speakers = (*SPEAKERS, Speaker(id="D", label="Candidate 2", role=SpeakerRole.CANDIDATE))
        said = (
            ("I", "What's your notice period, both of you?"),
            ("C", "Two months."),
            ("D", "Sorry, no, mine is a month."),
        )
        utterances = [
            Utterance(id=f"u{n}", speaker=speaker, start=n, end=n + 1, text=text)
            for n, (speaker, text) in enumerate(said)
        ]
        found = practical_facts(utterances, speakers, english=True)
        assert [(f.text, f.evidence[0].utterance_id) for f in found] == [
            ("Two months", "u1"),
            ("a month", "u2"),
        ]
