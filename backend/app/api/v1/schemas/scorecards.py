"""Scorecards as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import Field, model_validator

from app.api.v1.schemas.common import In, Key, LongText, Out
from app.api.v1.schemas.templates import CriterionOut
from app.models.scorecard import CardStatus, Rating, Scorecard
from app.models.template import Level
from app.services.scorecards import CardContent, ShownCard
from app.services.visibility import VisibleCards


class TemplateRefOut(Out):
    id: str
    version: int


class RatingBody(In):
    criterion_id: Key
    level: Level | None = Field(default=None, description="null: not rated")
    notes: LongText = ""


class ScorecardBody(In):
    """Replaces all that was on the card."""

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "ratings": [
                        {"criterion_id": "ownership", "level": "yes", "notes": "Named their own mistake."}
                    ],
                    "notes": "Would like to hear more about scale.",
                    "decision": "yes",
                    "submit": True,
                }
            ]
        }
    }

    ratings: list[RatingBody] = Field(default=[], max_length=50)
    notes: LongText = ""
    decision: Level | None = Field(default=None, description="null: no decision")
    submit: bool = Field(default=False, description="Submit it; otherwise it is saved as a draft")
    adopt_template: bool = Field(
        default=False, description="Rate by the interview's present template from now on (`template_changed`)"
    )

    @model_validator(mode="after")
    def _one_rating_each(self) -> Self:
        ids = [rating.criterion_id for rating in self.ratings]
        if len(set(ids)) != len(ids):
            raise ValueError("rate every criterion once")
        return self

    def to_content(self) -> CardContent:
        return CardContent(
            ratings=tuple(Rating(**rating.model_dump()) for rating in self.ratings),
            notes=self.notes,
            decision=self.decision,
        )


class RatingOut(Out):
    criterion_id: str
    level: Level | None
    notes: str


class SubmittedCardOut(Out):
    ratings: list[RatingOut]
    notes: str
    decision: Level | None
    template: TemplateRefOut | None
    submitted_at: datetime


class ScorecardOut(Out):
    interview_id: str
    user_id: str
    user_name: str
    template: TemplateRefOut | None = Field(description="What the card rates by; kept from its first save")
    template_changed: bool = Field(
        default=False, description="The interview has another template or version by now"
    )
    criteria: list[CriterionOut] = Field(default=[], description="Of that template, to rate by")
    status: CardStatus
    ratings: list[RatingOut]
    notes: str
    decision: Level | None
    earlier: list[SubmittedCardOut] = Field(description="What was submitted before, oldest first")
    version: int = Field(description="0: nothing was saved yet")
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None

    @classmethod
    def of(cls, shown: ShownCard) -> ScorecardOut:
        criteria = [CriterionOut.model_validate(criterion) for criterion in shown.criteria]
        return cls.model_validate(shown.card).model_copy(
            update={"template_changed": shown.template_changed, "criteria": criteria}
        )


class ScorecardList(Out):
    items: list[ScorecardOut] = Field(
        description="Yours first, drafts among them; of colleagues, what is submitted"
    )
    hidden: int = Field(description="Submitted cards that you will see after you have submitted yours")
    pending: int = Field(description="Cards of colleagues that are begun and not submitted")

    @classmethod
    def of(cls, visible: VisibleCards, cards: list[ShownCard]) -> ScorecardList:
        return cls(
            items=[ScorecardOut.of(card) for card in cards], hidden=visible.hidden, pending=visible.pending
        )


def etag_of_card(card: Scorecard) -> str:
    return f'"{card.version}"'
