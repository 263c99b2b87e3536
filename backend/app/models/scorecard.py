"""What people say: scorecards of interviewers, and their review of the machine's draft. Never written by a machine."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from app.models.base import Stored
from app.models.interview import TemplateRef
from app.models.template import Level


class CardStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"


class Rating(Stored):
    """`level` None: not rated."""

    criterion_id: str
    level: Level | None = None
    notes: str = ""


class SubmittedCard(Stored):
    """A card as it stood when it was submitted; a later change keeps it."""

    ratings: tuple[Rating, ...]
    notes: str
    decision: Level | None
    submitted_at: datetime
    template: TemplateRef | None = None


class Scorecard(Stored):
    """One person's card for one interview. `decision` None: no decision."""

    id: str
    """`<interview_id>:<user_id>`."""
    organisation_id: str
    interview_id: str
    user_id: str
    user_name: str
    """Of the person when the card was last saved, so that a card outlives a membership."""
    template: TemplateRef | None = None
    status: CardStatus = CardStatus.DRAFT
    ratings: tuple[Rating, ...] = ()
    notes: str = ""
    decision: Level | None = None
    earlier: tuple[SubmittedCard, ...] = ()
    """What was submitted before, oldest first."""
    version: int = 1
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None = None

    @property
    def says_something(self) -> bool:
        """A rating, a note or a decision stands on it."""
        rated = any(rating.level is not None or rating.notes for rating in self.ratings)
        return rated or bool(self.notes) or self.decision is not None

    @property
    def is_blank(self) -> bool:
        """Nothing on it, and nothing submitted before: as good as no card."""
        return not self.says_something and self.last_submitted is None

    @property
    def last_submitted(self) -> SubmittedCard | None:
        """What colleagues may go by: the card itself, or, while it is being changed, what it was before."""
        if self.status is CardStatus.SUBMITTED and self.submitted_at is not None:
            return SubmittedCard(
                ratings=self.ratings,
                notes=self.notes,
                decision=self.decision,
                submitted_at=self.submitted_at,
                template=self.template,
            )
        return self.earlier[-1] if self.earlier else None


class LevelOverride(Stored):
    """A person's level in place of the machine's; `original` keeps what that said."""

    criterion_id: str
    level: Level | None
    original: Level | None
    reason: str
    by: str
    by_name: str
    at: datetime


class Dismissal(Stored):
    """A claim that a person took out, or with `claim_id` None the whole draft."""

    claim_id: str | None
    reason: str
    by: str
    by_name: str
    at: datetime


class Confirmation(Stored):
    """A named person's word on the suggestion: taken over, or changed."""

    level: Level | None
    original: Level | None
    reason: str = ""
    by: str
    by_name: str
    at: datetime


class ReviewEvent(Stored):
    """One act of a review, kept for ever; `withdrawn` tells that it took an earlier one back."""

    override: LevelOverride | None = None
    dismissal: Dismissal | None = None
    confirmation: Confirmation | None = None
    withdrawn: bool = False
    by: str
    at: datetime


class Review(Stored):
    """What people said of one analysis. The analysis itself is never changed."""

    id: str
    """`<interview_id>:<revision>`."""
    organisation_id: str
    interview_id: str
    revision: int
    overrides: tuple[LevelOverride, ...] = ()
    """The ones in force, at most one for a criterion."""
    dismissals: tuple[Dismissal, ...] = ()
    confirmation: Confirmation | None = None
    history: tuple[ReviewEvent, ...] = ()
    version: int = 1


def card_id(interview_id: str, user_id: str) -> str:
    return f"{interview_id}:{user_id}"


def review_id(interview_id: str, revision: int) -> str:
    return f"{interview_id}:{revision}"
