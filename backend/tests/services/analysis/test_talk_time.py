"""Who spoke how much."""

from __future__ import annotations

import pytest

from app.models.transcript import TranscriptDraft, Utterance
from app.services.analysis.talk_time import talk_time
from app.services.analysis.text.turns import turns_of


class TestTalkTime:
    def test_adds_up_to_everything_that_was_said(self, sample: TranscriptDraft) -> None:
        rows = talk_time(turns_of(sample.utterances), english=True)
        assert sum(row.share for row in rows) == pytest.approx(1, abs=0.001)
        assert sum(row.words for row in rows) == sum(len(u.text.split()) for u in sample.utterances)
        assert sum(row.seconds for row in rows) == pytest.approx(
            sum(u.end - u.start for u in sample.utterances), abs=0.01
        )

    def test_the_interviewer_asks_most(self, sample: TranscriptDraft) -> None:
        asked = {row.speaker: row.questions for row in talk_time(turns_of(sample.utterances), english=True)}
        assert asked["I"] == 11
        assert asked["C"] < 4

    def test_the_longest_monologue_spans_the_utterances_of_one_turn(self) -> None:
        said = [
            Utterance(id="1", speaker="C", start=0, end=4, text="One."),
            Utterance(id="2", speaker="C", start=5, end=9, text="Two."),
            Utterance(id="3", speaker="I", start=9, end=10, text="Three."),
        ]
        assert talk_time(turns_of(said), english=True)[0].longest_monologue == 9
