"""The comparison of two debriefs as the API shows it."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.api.v1.schemas.claims import (
    ClaimOut,
    CoverageOut,
    EvidenceOut,
    InterviewingNoteOut,
    PracticalFactOut,
    RedFlagOut,
)
from app.api.v1.schemas.common import Out
from app.models.analysis import Asked, Claim
from app.models.template import Level
from app.services.analysis_comparison import ClaimKind, Comparison, KeptClaim, OneClaim


class ComparedOut(Out):
    """One of the two."""

    revision: int
    created_at: datetime
    coverage: CoverageOut


class MadeOtherwiseOut(Out):
    what: str = Field(
        description="`outcome`, `engine`, `model`, `prompt_version`, `prompt_hash`, `template` or "
        "`transcript_revision`"
    )
    before: str | None
    after: str | None


class JudgementOut(Out):
    level: Level | None
    rationale: str
    reason: str | None
    evidence: list[EvidenceOut]


class CriterionChangeOut(Out):
    criterion_id: str
    name: str
    before: JudgementOut | None = Field(description="null: that debrief has no such criterion")
    after: JudgementOut | None


AnyClaimOut = RedFlagOut | PracticalFactOut | InterviewingNoteOut | ClaimOut


class OneClaimOut(Out):
    kind: ClaimKind
    claim: AnyClaimOut


class KeptClaimOut(Out):
    kind: ClaimKind
    before: AnyClaimOut
    after: AnyClaimOut


class ClaimChangesOut(Out):
    added: list[OneClaimOut]
    removed: list[OneClaimOut]
    kept: list[KeptClaimOut] = Field(description="Matched by their evidence and what they say")


class QuestionChangeOut(Out):
    question_id: str
    question: str
    before: Asked | None = Field(description="null: that debrief has no such question")
    after: Asked | None


class SuggestionOut(Out):
    level: Level | None
    reasons: list[str]


class SuggestionChangeOut(Out):
    before: SuggestionOut | None
    after: SuggestionOut | None


class ComparisonOut(Out):
    """Only what is not the same; claims that both made are listed in both wordings."""

    interview_id: str
    before: ComparedOut
    after: ComparedOut
    made_otherwise: list[MadeOtherwiseOut]
    criteria: list[CriterionChangeOut]
    claims: ClaimChangesOut
    questions: list[QuestionChangeOut]
    suggestion: SuggestionChangeOut | None = Field(description="null: both suggest the same level")

    @classmethod
    def of(cls, comparison: Comparison) -> ComparisonOut:
        return cls(
            interview_id=comparison.after.interview_id,
            before=ComparedOut.model_validate(comparison.before),
            after=ComparedOut.model_validate(comparison.after),
            made_otherwise=[MadeOtherwiseOut.model_validate(m) for m in comparison.made_otherwise],
            criteria=[CriterionChangeOut.model_validate(c) for c in comparison.criteria],
            claims=ClaimChangesOut(
                added=[_one(c) for c in comparison.added],
                removed=[_one(c) for c in comparison.removed],
                kept=[_kept(c) for c in comparison.kept],
            ),
            questions=[QuestionChangeOut.model_validate(q) for q in comparison.questions],
            suggestion=(
                SuggestionChangeOut.model_validate(comparison.suggestion) if comparison.suggestion else None
            ),
        )


def _one(claim: OneClaim) -> OneClaimOut:
    return OneClaimOut(kind=claim.kind, claim=_claim(claim.kind, claim.claim))


def _kept(claim: KeptClaim) -> KeptClaimOut:
    return KeptClaimOut(
        kind=claim.kind, before=_claim(claim.kind, claim.before), after=_claim(claim.kind, claim.after)
    )


def _claim(kind: ClaimKind, claim: Claim) -> AnyClaimOut:
    match kind:
        case ClaimKind.RED_FLAG:
            return RedFlagOut.model_validate(claim)
        case ClaimKind.FACT:
            return PracticalFactOut.model_validate(claim)
        case ClaimKind.INTERVIEWING:
            return InterviewingNoteOut.model_validate(claim)
        case ClaimKind.SUMMARY | ClaimKind.STRENGTH:
            return ClaimOut.model_validate(claim)
