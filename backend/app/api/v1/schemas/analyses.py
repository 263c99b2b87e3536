"""Debriefs as the API shows them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.api.v1.schemas.common import EngineOut, Out
from app.models.analysis import Outcome
from app.services.debriefs import Debrief


class EvidenceOut(Out):
    """A verbatim quote; the server has found it in the named utterance."""

    utterance_id: str
    quote: str
    start: float
    end: float


class QuestionAnswerOut(Out):
    id: str
    asker: str
    answerer: str | None
    question: EvidenceOut
    answer: list[EvidenceOut]


class PassageOut(Out):
    evidence: EvidenceOut
    score: float = Field(description="Similarity, for ordering only")


class RelatedPassagesOut(Out):
    question_id: str
    question: str
    passages: list[PassageOut] = Field(description="Possibly related; for a person to confirm")


class TalkTimeOut(Out):
    speaker: str
    seconds: float
    share: float
    turns: int
    words: int
    questions: int
    longest_monologue: float


class KeyPhraseOut(Out):
    phrase: str
    count: int
    evidence: list[EvidenceOut]


class CoverageOut(Out):
    claims: int
    verified: int
    rejected: int


class AnalysisHead(Out):
    interview_id: str
    revision: int
    outcome: Outcome
    engine: EngineOut
    transcript_revision: int
    template_id: str | None
    template_version: int | None
    coverage: CoverageOut
    created_at: datetime
    outdated: list[str] = Field(default=[], description="What changed since: `transcript`, `template`")

    @classmethod
    def of(cls, debrief: Debrief) -> AnalysisHead:
        return cls.model_validate(debrief.analysis).model_copy(update={"outdated": list(debrief.outdated)})


class AnalysisOut(AnalysisHead):
    reasons: list[str]
    warnings: list[str]
    question_answers: list[QuestionAnswerOut]
    related: list[RelatedPassagesOut]
    talk_time: list[TalkTimeOut]
    key_phrases: list[KeyPhraseOut]

    @classmethod
    def of(cls, debrief: Debrief) -> AnalysisOut:
        return cls.model_validate(debrief.analysis).model_copy(update={"outdated": list(debrief.outdated)})
