"""The acts of a review: override, dismiss, confirm, and taking each of them back.

Pure: a review goes in and the next one comes out. What is in force stands in the review's own fields; its history keeps
every act, those that were taken back among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.core.errors import Conflict, NotFound
from app.models.analysis import Analysis, Claim
from app.models.scorecard import Confirmation, Dismissal, LevelOverride, Review, ReviewEvent, review_id
from app.models.template import Level


class NothingToTakeBack(NotFound):
    code = "nothing_to_take_back"


class DraftDismissed(Conflict):
    code = "draft_dismissed"


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, and when."""

    id: str
    name: str
    at: datetime


def blank_review(analysis: Analysis) -> Review:
    """The review of an analysis that nobody said anything of: version 0."""
    return Review(
        id=review_id(analysis.interview_id, analysis.revision),
        organisation_id=analysis.organisation_id,
        interview_id=analysis.interview_id,
        revision=analysis.revision,
        version=0,
    )


def claim_ids(analysis: Analysis) -> frozenset[str]:
    """The ids of all that can be dismissed."""
    claims: tuple[Claim, ...] = (
        *analysis.summary,
        *analysis.strengths,
        *analysis.red_flags,
        *analysis.facts,
        *analysis.interviewing,
    )
    pairs = (pair.id for pair in analysis.question_answers)
    return frozenset((*(claim.id for claim in claims), *pairs))


def overridden(
    review: Review, criterion_id: str, level: Level | None, *, original: Level | None, reason: str, by: By
) -> Review:
    """A person's level in force. `original` is the machine's, however often the level is changed."""
    others = tuple(o for o in review.overrides if o.criterion_id != criterion_id)
    override = LevelOverride(
        criterion_id=criterion_id,
        level=level,
        original=original,
        reason=reason,
        by=by.id,
        by_name=by.name,
        at=by.at,
    )
    return _with(review, ReviewEvent(override=override, by=by.id, at=by.at), overrides=(*others, override))


def override_taken_back(review: Review, criterion_id: str, *, by: By) -> Review:
    standing = next((o for o in review.overrides if o.criterion_id == criterion_id), None)
    if standing is None:
        raise NothingToTakeBack("Nobody changed the level of this criterion.")
    return _with(
        review,
        ReviewEvent(override=standing, withdrawn=True, by=by.id, at=by.at),
        overrides=tuple(o for o in review.overrides if o is not standing),
    )


def dismissed(review: Review, claim_id: str | None, *, reason: str, by: By) -> Review:
    """Without a claim, the whole draft: then a confirmation of its suggestion falls as well."""
    if claim_id is None and review.confirmation is not None:
        review = confirmation_taken_back(review, by=by)
    dismissal = Dismissal(claim_id=claim_id, reason=reason, by=by.id, by_name=by.name, at=by.at)
    others = tuple(d for d in review.dismissals if d.claim_id != claim_id)
    event = ReviewEvent(dismissal=dismissal, by=by.id, at=by.at)
    return _with(review, event, dismissals=(*others, dismissal))


def dismissal_taken_back(review: Review, claim_id: str | None, *, by: By) -> Review:
    standing = next((d for d in review.dismissals if d.claim_id == claim_id), None)
    if standing is None:
        raise NothingToTakeBack("Nobody dismissed this.")
    return _with(
        review,
        ReviewEvent(dismissal=standing, withdrawn=True, by=by.id, at=by.at),
        dismissals=tuple(d for d in review.dismissals if d is not standing),
    )


def confirmed(review: Review, level: Level | None, *, original: Level | None, reason: str, by: By) -> Review:
    if any(d.claim_id is None for d in review.dismissals):
        raise DraftDismissed("This draft is dismissed: take that back first, or analyse again.")
    confirmation = Confirmation(
        level=level, original=original, reason=reason, by=by.id, by_name=by.name, at=by.at
    )
    event = ReviewEvent(confirmation=confirmation, by=by.id, at=by.at)
    return _with(review, event, confirmation=confirmation)


def confirmation_taken_back(review: Review, *, by: By) -> Review:
    standing = review.confirmation
    if standing is None:
        raise NothingToTakeBack("Nobody confirmed this suggestion.")
    event = ReviewEvent(confirmation=standing, withdrawn=True, by=by.id, at=by.at)
    return _with(review, event, confirmation=None)


def _with(review: Review, event: ReviewEvent, **changes: object) -> Review:
    return review.model_copy(update={**changes, "history": (*review.history, event)})
