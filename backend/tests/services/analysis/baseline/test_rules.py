"""Talk time, key phrases and related passages."""

from __future__ import annotations

from typing import Any

import pytest

from app.models.base import utc_now
from app.models.template import TemplateQuestion, TemplateVersion
from app.models.transcript import SpeakerRole, TranscriptDraft, Utterance
from app.services.analysis.providers.baseline.key_phrases import key_phrases
from app.services.analysis.providers.baseline.passages import related_passages
from app.services.analysis.providers.baseline.questions import question_answers
from app.services.analysis.providers.baseline.talk_time import talk_time
from app.services.analysis.providers.baseline.turns import turns_of

ROLES = {"I": SpeakerRole.INTERVIEWER, "C": SpeakerRole.CANDIDATE}


def template_of(*questions: str) -> TemplateVersion:
    return TemplateVersion(
        version=1,
        name="Test",
        questions=tuple(TemplateQuestion(id=f"q{n}", text=text) for n, text in enumerate(questions)),
        created_at=utc_now(),
    )


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


class TestKeyPhrases:
    def test_finds_topics_of_the_interview(self, sample: TranscriptDraft, script: dict[str, Any]) -> None:
        found = " ".join(p.phrase for p in key_phrases(sample.utterances, ROLES, ["Daniel", "Sarah"]))
        assert sum(any(word in found for word in topic.lower().split()) for topic in script["topics"]) >= 6

    def test_quotes_the_candidate_only(self, sample: TranscriptDraft) -> None:
        by = {u.id: u.speaker for u in sample.utterances}
        phrases = key_phrases(sample.utterances, ROLES, [])
        assert {by[e.utterance_id] for p in phrases for e in p.evidence} == {"C"}

    def test_names_of_people_are_not_topics(self) -> None:
        said = [
            Utterance(id=str(n), speaker="s0", start=n, end=n + 1, text="Okafor and Kafka") for n in range(3)
        ]
        assert [p.phrase for p in key_phrases(said, {}, ["Ada Okafor"])] == ["kafka"]

    def test_inflections_count_together(self) -> None:
        texts = ["A failed invoice.", "Those failed invoices!"]
        said = [Utterance(id=str(n), speaker="s0", start=n, end=n + 1, text=t) for n, t in enumerate(texts)]
        assert [(p.phrase, p.count) for p in key_phrases(said, {}, [])] == [("failed invoice", 2)]


class TestRelatedPassages:
    def test_finds_what_shares_words_and_is_no_worse_than_was_measured(
        self, sample: TranscriptDraft, script: dict[str, Any]
    ) -> None:
        """The sample's template says everything in other words: three of nine is what word similarity can do."""
        covered = [row for row in script["template"] if row["expected_question_turn"] is not None]
        template = template_of(*(row["question"] for row in covered))
        turns = turns_of(sample.utterances)
        pairs = question_answers(turns, english=True)
        turn_of = {u["id"]: u["turn"] for u in script["utterances"]}
        hits = 0
        for row, gold in zip(related_passages(template, turns, pairs), covered, strict=True):
            hits += gold["expected_question_turn"] + 1 in {
                turn_of[p.evidence.utterance_id] for p in row.passages
            }
        assert hits >= 3

    def test_nothing_similar_gives_nothing(self, sample: TranscriptDraft) -> None:
        template = template_of("Zeppelin xylophone?")
        turns = turns_of(sample.utterances)
        [row] = related_passages(template, turns, question_answers(turns, english=True))
        assert row.passages == ()
