"""Whether a scorecard is still asked for, as a message about it says: one that waited may have been overtaken."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from app.models.delivery import Delivery
from app.models.notification import ScorecardRequest, Topic
from app.repositories.base import Repositories
from app.services.notification.base import TargetGone

_OF_REQUESTS: Final = (Topic.SCORECARD_REQUESTED, Topic.SCORECARD_OVERDUE)


async def standing_request(repositories: Repositories, delivery: Delivery) -> ScorecardRequest | None:
    """The request that this is about; None for what is about none.

    Raises `TargetGone` when it was withdrawn or fulfilled, and when the card was asked for anew with another time:
    that is told by a message of its own.
    """
    asked = delivery.payload.get("user_id", delivery.user_id)
    if delivery.topic not in _OF_REQUESTS or delivery.interview_id is None or not isinstance(asked, str):
        return None
    repository = repositories.scorecard_requests(delivery.organisation_id)
    request = await repository.get(delivery.interview_id, asked)
    if request is None:
        raise TargetGone("The scorecard is not asked for any more.")
    if not _is_due(request, delivery.payload.get("due_at")):
        raise TargetGone("The scorecard was asked for anew, with another time.")
    return request


def _is_due(request: ScorecardRequest, told: object) -> bool:
    """At the time that the message tells, as far as it is kept: to the millisecond."""
    if not isinstance(told, str):
        return True
    due_at = datetime.fromisoformat(told)
    return due_at.replace(microsecond=due_at.microsecond // 1000 * 1000) == request.due_at
