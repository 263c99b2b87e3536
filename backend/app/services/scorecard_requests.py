"""Scorecards that somebody was asked for. A request is open until the card is submitted or it is withdrawn.

A request is its own outbox: `notify_at` says when there is something to tell, and it is moved on after the telling. The
request is told at once, and when it is overdue once more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.core.errors import AppError, Conflict, InvalidInput, NotFound
from app.models.base import FAR_FUTURE, utc_now
from app.models.notification import Notice, ScorecardRequest, Topic, request_id
from app.models.organisation import Membership, NotificationRule, Role
from app.repositories.base import Repositories
from app.services.accounts import Actor
from app.services.lifecycle import Lifecycle
from app.services.notification.service import NotificationService

log = structlog.get_logger(__name__)

_TRIES: Final = 8
"""At writing, while the sweep or somebody else changes the request."""
_SWEEP_AFTER: Final = timedelta(seconds=10)
_MOST_OWN: Final = 200
_LONGEST: Final = timedelta(days=366)
_SHORT_NAMES: Final = {Topic.SCORECARD_REQUESTED: "requested", Topic.SCORECARD_OVERDUE: "overdue"}


class RequestNotFound(NotFound):
    code = "request_not_found"


class CannotBeAsked(InvalidInput):
    """Not a member, or one who cannot submit a scorecard."""

    code = "cannot_be_asked"


class DueTimeInvalid(InvalidInput):
    code = "due_time_invalid"


@dataclass(frozen=True, slots=True)
class OpenRequest:
    request: ScorecardRequest
    name: str | None
    """Of the person who was asked; None once they are no member."""

    @property
    def is_overdue(self) -> bool:
        return self.request.due_at <= utc_now()


@dataclass(frozen=True, slots=True)
class Asked:
    requests: tuple[OpenRequest, ...]
    already_submitted: tuple[str, ...]
    """Ids of those who were not asked, because their card is there."""


class ScorecardRequestService:
    def __init__(
        self, repositories: Repositories, lifecycle: Lifecycle, notifications: NotificationService
    ) -> None:
        self._repositories = repositories
        self._lifecycle = lifecycle
        self._notifications = notifications

    async def ask(
        self, actor: Actor, interview_id: str, user_ids: Iterable[str], *, due_at: datetime | None
    ) -> Asked:
        """Ask for these people's cards; who was asked before is asked anew, with the new time.

        Raises `CannotBeAsked` and `DueTimeInvalid`; then nobody is asked.
        """
        await self._lifecycle.get(actor.organisation_id, interview_id)
        now = utc_now()
        due_at = due_at or now + timedelta(hours=(await self._rule(actor.organisation_id)).scorecard_hours)
        if not now < due_at <= now + _LONGEST:
            raise DueTimeInvalid("`due_at` must be in the future, and within a year.")
        asked = [
            await self._who_can_be_asked(actor.organisation_id, user_id)
            for user_id in dict.fromkeys(user_ids)
        ]
        requests, submitted = [], []
        for membership in asked:
            if await self._has_submitted(actor.organisation_id, interview_id, membership.user_id):
                submitted.append(membership.user_id)
                continue
            request = await self._put(actor, interview_id, membership.user_id, due_at)
            await self._tell_now(request)
            requests.append(OpenRequest(request, membership.name))
        return Asked(tuple(requests), tuple(submitted))

    async def list_open(self, actor: Actor, interview_id: str) -> list[OpenRequest]:
        """Oldest first."""
        await self._lifecycle.get(actor.organisation_id, interview_id)
        repository = self._repositories.scorecard_requests(actor.organisation_id)
        requests = await repository.list_for(interview_id)
        cards = await self._repositories.scorecards(actor.organisation_id).list_for([interview_id])
        done = {card.user_id for card in cards if card.last_submitted is not None}
        return [
            OpenRequest(request, membership.name if membership else None)
            for request in requests
            if request.user_id not in done
            for membership in [await self._membership(request.organisation_id, request.user_id)]
        ]

    async def list_own(self, actor: Actor) -> list[OpenRequest]:
        """What the caller is asked for and has not submitted, oldest first."""
        requests = await self._repositories.scorecard_requests(actor.organisation_id).list_of(
            actor.user.id, limit=_MOST_OWN
        )
        if not requests:
            return []
        cards = await self._repositories.scorecards(actor.organisation_id).list_for(
            [request.interview_id for request in requests]
        )
        done = {c.interview_id for c in cards if c.user_id == actor.user.id and c.last_submitted is not None}
        return [OpenRequest(r, actor.name) for r in requests if r.interview_id not in done]

    async def withdraw(self, actor: Actor, interview_id: str, user_id: str) -> None:
        """Raises `RequestNotFound`."""
        await self._lifecycle.get(actor.organisation_id, interview_id)
        if not await self._repositories.scorecard_requests(actor.organisation_id).delete(
            interview_id, user_id
        ):
            raise RequestNotFound("This person is not asked for a scorecard of this interview.")

    async def tell_due(self, request: ScorecardRequest) -> None:
        """Tell what is due, then move the request on; whoever dies in between tells the same once more."""
        repository = self._repositories.scorecard_requests(request.organisation_id)
        if await self._is_settled(request):
            await repository.delete(request.interview_id, request.user_id)
            return
        first = Topic.SCORECARD_REQUESTED not in request.told
        topic = Topic.SCORECARD_REQUESTED if first else Topic.SCORECARD_OVERDUE
        await self._notifications.tell(_notice(request, topic))
        moved_on = request.model_copy(
            update={
                "told": (*request.told, topic),
                "notify_at": request.due_at if first else FAR_FUTURE,
                "version": request.version + 1,
            }
        )
        await repository.save(moved_on, expected_version=request.version)

    async def _tell_now(self, request: ScorecardRequest) -> None:
        """What fails is left to the sweep."""
        try:
            await self.tell_due(request)
        except AppError as error:
            log.warning("request.not_told", interview_id=request.interview_id, code=error.code)

    async def _put(self, actor: Actor, interview_id: str, user_id: str, due_at: datetime) -> ScorecardRequest:
        repository = self._repositories.scorecard_requests(actor.organisation_id)
        for _ in range(_TRIES):
            found = await repository.get(interview_id, user_id)
            now, version = utc_now(), found.version if found else 0
            request = ScorecardRequest(
                id=request_id(interview_id, user_id),
                organisation_id=actor.organisation_id,
                interview_id=interview_id,
                user_id=user_id,
                requested_by=actor.user.id,
                created_at=now,
                due_at=due_at,
                notify_at=now + _SWEEP_AFTER,
                version=version + 1,
            )
            if await repository.save(request, expected_version=version):
                return request
        raise Conflict("Too many changes at once; try again.")

    async def _is_settled(self, request: ScorecardRequest) -> bool:
        """There is nothing to tell any more: the card is there, or the person or the interview is gone."""
        organisation_id = request.organisation_id
        interview = await self._repositories.interviews(organisation_id).get(request.interview_id)
        if interview is None or await self._membership(organisation_id, request.user_id) is None:
            return True
        return await self._has_submitted(organisation_id, request.interview_id, request.user_id)

    async def _has_submitted(self, organisation_id: str, interview_id: str, user_id: str) -> bool:
        card = await self._repositories.scorecards(organisation_id).get(interview_id, user_id)
        return card is not None and card.last_submitted is not None

    async def _who_can_be_asked(self, organisation_id: str, user_id: str) -> Membership:
        membership = await self._membership(organisation_id, user_id)
        if membership is None:
            raise CannotBeAsked("This person is no member of the organisation.", user_id=user_id)
        if membership.role is Role.VIEWER:
            raise CannotBeAsked(
                "Viewers cannot submit a scorecard; give them the role interviewer first.", user_id=user_id
            )
        return membership

    async def _membership(self, organisation_id: str, user_id: str) -> Membership | None:
        memberships = await self._repositories.people.memberships_of(user_id)
        return next((m for m in memberships if m.organisation_id == organisation_id), None)

    async def _rule(self, organisation_id: str) -> NotificationRule:
        organisation = await self._repositories.people.get_organisation(organisation_id)
        return organisation.notifications if organisation else NotificationRule()


def _notice(request: ScorecardRequest, topic: Topic) -> Notice:
    """The time of asking is in its id: who is asked again later is told again."""
    asked = f"{request.created_at:%Y%m%dT%H%M%S%f}"
    return Notice(
        id=f"{request.id}.{asked}.{_SHORT_NAMES[topic]}",
        organisation_id=request.organisation_id,
        topic=topic,
        interview_id=request.interview_id,
        payload={
            "user_id": request.user_id,
            "requested_by": request.requested_by,
            "due_at": request.due_at.isoformat(),
        },
        created_at=utc_now(),
    )
