"""The parts of a debrief as the API shows them: each with the words that support it."""

from __future__ import annotations

from pydantic import Field

from app.api.v1.schemas.common import Out
from app.models.analysis import (
    Asked,
    FactKind,
    FlagType,
    NoteKind,
    ProtectedTopic,
    Severity,
    SpeakerVerdict,
)
from app.models.transcript import Polarity


class EvidenceOut(Out):
    """A verbatim quote; the server has found it in the named utterance."""

    utterance_id: str
    quote: str
    start: float
    end: float


class ClaimOut(Out):
    id: str
    text: str
    evidence: list[EvidenceOut]


class QuestionAnswerOut(Out):
    id: str
    asker: str
    answerer: str | None
    question: EvidenceOut
    answer: list[EvidenceOut]
    template_question_id: str | None = Field(description="The template's question that was asked; null: none")


class QuestionCoverageOut(Out):
    question_id: str
    question: str
    required: bool
    state: Asked = Field(description="`unknown`: this engine cannot tell")
    question_answer_ids: list[str]


class RedFlagOut(ClaimOut):
    type: FlagType
    severity: Severity


class TopicOut(Out):
    name: str
    evidence: list[EvidenceOut]


class StatementSentimentOut(Out):
    polarity: Polarity = Field(description="Of the statement, from its words; never of a person")
    topic: str | None
    evidence: EvidenceOut


class PracticalFactOut(ClaimOut):
    kind: FactKind


class InterviewingNoteOut(ClaimOut):
    """About the interviewer's side; never counts for or against the candidate."""

    kind: NoteKind
    topic: ProtectedTopic | None


class FollowUpOut(Out):
    text: str
    question_id: str | None = Field(description="The template's question that was not asked")
    criterion_id: str | None = Field(description="The criterion that nothing was said about")


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
    longest_monologue: float = Field(description="Seconds")


class KeyPhraseOut(Out):
    phrase: str
    count: int
    evidence: list[EvidenceOut]


class SpeakerCheckOut(Out):
    verdict: SpeakerVerdict = Field(description="Nobody is assessed unless `confirmed`")
    reasons: list[str]


class LeftOutOut(Out):
    """What was kept from the model."""

    protected: list[ProtectedTopic] = Field(description="Protected topics that sentences were cut for")
    sentences: int
    instructions: list[EvidenceOut] = Field(
        description="Sentences that address the software; for a person to look at, they changed nothing"
    )


class CoverageOut(Out):
    """Counted in quotes: a claim that rests on two is counted twice."""

    claims: int
    verified: int
    rejected: int
    repaired: int = Field(description="Of the verified: mended in the repair round")
    refused_wording: int = Field(description="Of the rejected: worded as no debrief may be")
