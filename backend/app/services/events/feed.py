"""Events for what other processes change: the database is asked now and then, for as long as somebody watches."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import anyio
import structlog

from app.core.errors import AppError
from app.models.base import utc_now
from app.models.event import interview_changed, notified
from app.repositories.base import Repositories
from app.services.events.base import EventBus

log = structlog.get_logger(__name__)

_INTERVAL: Final = 1.0
_CALM_INTERVAL: Final = 3.0
"""While a bus brings what others change. It promises nothing, so that looking never ends."""
_OVERLAP: Final = timedelta(seconds=2)
"""Changes are stamped by the process that makes them: looking back a little absorbs the time a write takes."""
_BATCH: Final = 200


async def follow_changes(repositories: Repositories, bus: EventBus) -> None:
    """Publish what changed in watched organisations, and came into their inboxes, elsewhere.

    Repeats are dropped by who receives them: changes by their version, inbox items by their id.
    """
    watched: dict[str, _Watch] = {}
    while True:
        interval = _CALM_INTERVAL if bus.hears_others else _INTERVAL
        await anyio.sleep(interval)
        now = utc_now()
        watched = {
            organisation_id: watched.get(organisation_id)
            or _Watch(repositories, bus, organisation_id, now - timedelta(seconds=interval))
            for organisation_id in bus.watched_organisations()
        }
        for watch in watched.values():
            try:
                await watch.look(now)
            except AppError as error:
                log.warning("feed.failed", code=error.code)


class _Watch:
    """One organisation, and how far it has been followed."""

    def __init__(
        self, repositories: Repositories, bus: EventBus, organisation_id: str, since: datetime
    ) -> None:
        self._interviews = repositories.interviews(organisation_id)
        self._inbox = repositories.inbox(organisation_id)
        self._bus = bus
        self._changed_until = since
        self._told_until = since
        self._told: frozenset[str] = frozenset()
        """Items of the last look: those that the overlap shows again need no second count."""

    async def look(self, now: datetime) -> None:
        changed = await self._interviews.list_changed(self._changed_until - _OVERLAP, limit=_BATCH)
        for interview in changed:
            self._bus.hand_out(interview_changed(interview))
        self._changed_until = changed[-1].updated_at if len(changed) == _BATCH else now

        items = await self._inbox.list_since(self._told_until - _OVERLAP, limit=_BATCH)
        for item in items:
            if item.id not in self._told and item.read_at is None:
                self._bus.hand_out(notified(item, await self._inbox.count_unread(item.user_id)))
        self._told = frozenset(item.id for item in items)
        self._told_until = items[-1].created_at if len(items) == _BATCH else now
