"""Reviews of a debrief as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.api.v1.schemas.claims import EvidenceOut
from app.api.v1.schemas.common import In, Key, LongText, Out
from app.models.scorecard import Review
from app.models.template import Level
from app.services.analysis_view import LevelSource, ReviewedCriterion, SuggestionState
from app.services.reviews import ShownReview

_Reason = Field(
    min_length=1, max_length=2000, description="Kept with the change, for whoever reads the debrief"
)


class OverrideBody(In):
    level: Level | None = Field(description="Your level; null: this cannot be assessed")
    reason: LongText = _Reason


class DismissalBody(In):
    claim_id: Key | None = Field(
        description="Id of a summary sentence, strength, red flag, fact, note or question-answer pair; "
        "null: the whole draft"
    )
    reason: LongText = _Reason


class ConfirmationBody(In):
    level: Level | None = Field(
        description="What you say: the suggestion, another level, or null for no decision"
    )
    reason: LongText = Field(default="", max_length=2000)


class OverrideOut(Out):
    criterion_id: str
    level: Level | None
    original: Level | None = Field(description="What the machine said")
    reason: str
    by: str
    by_name: str
    at: datetime


class DismissalOut(Out):
    claim_id: str | None = Field(description="null: the whole draft")
    reason: str
    by: str
    by_name: str
    at: datetime


class ConfirmationOut(Out):
    level: Level | None
    original: Level | None
    reason: str
    by: str
    by_name: str
    at: datetime


class ReviewEventOut(Out):
    """One act: exactly one of the three is set."""

    override: OverrideOut | None
    dismissal: DismissalOut | None
    confirmation: ConfirmationOut | None
    withdrawn: bool = Field(description="It was taken back")
    by: str
    at: datetime


class ReviewedCriterionOut(Out):
    criterion_id: str
    name: str
    level: Level | None = Field(description="The level in force")
    source: LevelSource = Field(description="Whose it is")
    original: Level | None = Field(description="What the machine said")
    unstable: bool = Field(description="The machine said otherwise when asked again; its level is not shown")
    override: OverrideOut | None
    rationale: str
    reason: str | None = Field(description="Why there is no level")
    evidence: list[EvidenceOut]

    @classmethod
    def of(cls, criterion: ReviewedCriterion) -> ReviewedCriterionOut:
        assessment = criterion.assessment
        return cls(
            criterion_id=assessment.criterion_id,
            name=assessment.name,
            level=criterion.level,
            source=criterion.source,
            original=criterion.original,
            unstable=criterion.unstable,
            override=OverrideOut.model_validate(criterion.override) if criterion.override else None,
            rationale=assessment.rationale,
            reason=assessment.reason,
            evidence=[EvidenceOut.model_validate(evidence) for evidence in assessment.evidence],
        )


class ReviewedSuggestionOut(Out):
    level: Level | None
    state: SuggestionState = Field(description="`draft` until a named person confirms or changes it")
    original: Level | None
    reasons: list[str]
    unstable: bool
    confirmation: ConfirmationOut | None


class ReviewOut(Out):
    interview_id: str
    revision: int
    version: int = Field(description="0: nobody said anything yet")
    criteria: list[ReviewedCriterionOut]
    suggestion: ReviewedSuggestionOut
    dismissals: list[DismissalOut]
    draft_dismissed: DismissalOut | None = Field(
        description="The whole draft is dismissed: nothing of it counts"
    )
    history: list[ReviewEventOut] = Field(description="Every act, oldest first")

    @classmethod
    def of(cls, shown: ShownReview) -> ReviewOut:
        review, view = shown.review, shown.view
        whole = view.draft_dismissed
        return cls(
            interview_id=review.interview_id,
            revision=review.revision,
            version=review.version,
            criteria=[ReviewedCriterionOut.of(criterion) for criterion in view.criteria],
            suggestion=ReviewedSuggestionOut.model_validate(view.suggestion),
            dismissals=[DismissalOut.model_validate(dismissal) for dismissal in view.dismissed.values()],
            draft_dismissed=DismissalOut.model_validate(whole) if whole else None,
            history=[ReviewEventOut.model_validate(event) for event in review.history],
        )


def etag_of_review(review: Review) -> str:
    return f'"{review.version}"'
