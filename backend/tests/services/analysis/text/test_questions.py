"""Question-answer pairs by rules, against the ground truth of the sample and the cases it was refined on."""

from __future__ import annotations

from typing import Any

import pytest

from app.models.transcript import TranscriptDraft, Utterance
from app.services.analysis.text.questions import is_question, question_answers
from app.services.analysis.text.turns import turns_of


def said(speaker: str, *texts: str) -> list[Utterance]:
    return [
        Utterance(id=f"{speaker}-{text[:12]}-{n}", speaker=speaker, start=n, end=n + 1, text=text)
        for n, text in enumerate(texts)
    ]


class TestTheSample:
    @pytest.mark.parametrize("transcript", ["sample", "unpunctuated"])
    def test_finds_the_twelve_pairs_and_no_other(
        self, transcript: str, script: dict[str, Any], request: pytest.FixtureRequest
    ) -> None:
        draft: TranscriptDraft = request.getfixturevalue(transcript)
        turn_of = {u["id"]: u["turn"] for u in script["utterances"]}
        pairs = question_answers(turns_of(draft.utterances), english=True)
        found = {(turn_of[p.question.utterance_id], turn_of[p.answer[0].utterance_id]) for p in pairs}
        assert found == {(p["question_turn"], p["answer_turn"]) for p in script["qa_pairs"]}

    def test_an_answer_is_the_whole_turn_of_the_other(self, sample: TranscriptDraft) -> None:
        for pair in question_answers(turns_of(sample.utterances), english=True):
            speakers = {u.speaker for u in sample.utterances if u.id in {e.utterance_id for e in pair.answer}}
            assert speakers == {pair.answerer}
            assert pair.asker != pair.answerer


class TestIsQuestion:
    @pytest.mark.parametrize(
        "text",
        [
            "What did you build?",
            "and what would you do differently",
            "Could you tell me about a conflict",
            "Tell me about your last project.",
            "So, walk us through the incident.",
            "when did you leave",
            "which of these is yours",
            "¿Por qué?",
            "为什么？",
        ],
    )
    def test_asks(self, text: str) -> None:
        assert is_question(text, english=True)

    @pytest.mark.parametrize(
        "text",
        [
            "What a day that was.",
            "When the deadline is close I skip the tests",
            "who knows the system best decides",
            "How we did it is in the report.",
            "I asked what they needed.",
            "",
        ],
    )
    def test_tells(self, text: str) -> None:
        assert not is_question(text, english=True)

    def test_other_languages_ask_by_their_question_mark_alone(self) -> None:
        assert is_question("Warum?", english=False)
        assert not is_question("what is that", english=False)


class TestPairs:
    def test_a_rhetorical_question_inside_a_long_answer_is_none(self) -> None:
        story = [
            "We had a problem with the queue and nobody knew where it came from. " * 6,
            "So what did I do?",
            "I read the logs.",
        ]
        turns = turns_of([*said("C", *story), *said("I", "I see, that makes sense.")])
        assert question_answers(turns, english=True) == ()

    def test_a_question_nobody_answers_is_no_pair(self) -> None:
        assert question_answers(turns_of(said("I", "Any questions?")), english=True) == ()

    def test_the_question_may_be_followed_by_one_more_sentence(self) -> None:
        turns = turns_of(
            [*said("I", "What do you expect? Take your time."), *said("C", "About eighty thousand.")]
        )
        [pair] = question_answers(turns, english=True)
        assert pair.question.quote == "What do you expect?"
