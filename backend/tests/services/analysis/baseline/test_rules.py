"""Key phrases and related passages."""

from __future__ import annotations

from typing import Any

from app.models.base import utc_now
from app.models.template import TemplateQuestion, TemplateVersion
from app.models.transcript import SpeakerRole, TranscriptDraft, Utterance
from app.services.analysis.providers.baseline.key_phrases import key_phrases
from app.services.analysis.providers.baseline.passages import related_passages
from app.services.analysis.text.questions import question_answers
from app.services.analysis.text.turns import turns_of

ROLES = {"I": SpeakerRole.INTERVIEWER, "C": SpeakerRole.CANDIDATE}


def template_of(*questions: str) -> TemplateVersion:
    return TemplateVersion(
        version=1,
        name="Test",
        questions=tuple(TemplateQuestion(id=f"q{n}", text=text) for n, text in enumerate(questions)),
        created_at=utc_now(),
    )


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
