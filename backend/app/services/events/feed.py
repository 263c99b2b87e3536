"""Events for what other processes change: the database is asked now and then, for as long as somebody watches."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

import anyio
import structlog

from app.core.errors import AppError
from app.models.base import utc_now
from app.models.event import interview_changed, notified
from app.models.interview import Interview
from app.models.notification import InboxItem
from app.repositories.base import Repositories
from app.services.events.base import EventBus

log = structlog.get_logger(__name__)

_INTERVAL: Final = 1.0
_CALM_INTERVAL: Final = 3.0
"""While a bus brings what others change. It promises nothing, so that looking never ends."""
_OVERLAP: Final = timedelta(seconds=2)
"""Changes are stamped by the process that makes them: looking back a little absorbs the time a write takes."""
_BATCH: Final = 200

Found = TypeVar("Found", Interview, InboxItem)


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
            await _look(watch, now)


async def _look(watch: _Watch, now: datetime) -> None:
    try:
        await watch.look(now)
    except AppError as error:
        log.warning("feed.failed", code=error.code)
    except Exception:
        # What a newer release has written and this one cannot read must not end the feed of this organisation and of
        # all others. It is left behind, or every look would end at it.
        log.exception("feed.crashed")
        watch.leave_behind(now)


class _Watch:
    """One organisation, and how far it has been followed."""

    def __init__(
        self, repositories: Repositories, bus: EventBus, organisation_id: str, since: datetime
    ) -> None:
        self._interviews = repositories.interviews(organisation_id)
        self._inbox = repositories.inbox(organisation_id)
        self._bus = bus
        self._organisation_id = organisation_id
        self._changed_until = since
        self._told_until = since
        self._told: frozenset[str] = frozenset()
        """Items of the last look: those that the overlap shows again need no second count."""

    async def look(self, now: datetime) -> None:
        """Hand out everything since the last look, however much it is. The next one goes back to this one's beginning:
        what is written while it takes place is stamped later than that, but for the overlap."""
        await self._look_for_changes()
        self._changed_until = now
        self._told = await self._look_into_inboxes()
        self._told_until = now

    def leave_behind(self, now: datetime) -> None:
        self._changed_until = self._told_until = now

    async def _look_for_changes(self) -> None:
        def rows(since: datetime, after_id: str) -> Awaitable[Sequence[Interview]]:
            return self._interviews.list_changed(since, after_id=after_id, limit=_BATCH)

        async for page in _pages(rows, self._changed_until - _OVERLAP, lambda last: last.updated_at):
            for interview in page:
                self._bus.hand_out(interview_changed(interview))
            await self._bus.handed_out(self._organisation_id)

    async def _look_into_inboxes(self) -> frozenset[str]:
        """Ids of what is there now."""

        def rows(since: datetime, after_id: str) -> Awaitable[Sequence[InboxItem]]:
            return self._inbox.list_since(since, after_id=after_id, limit=_BATCH)

        seen: set[str] = set()
        unread: dict[str, int] = {}
        async for page in _pages(rows, self._told_until - _OVERLAP, lambda last: last.created_at):
            seen.update(item.id for item in page)
            for item in page:
                if item.id in self._told or item.read_at is not None:
                    continue
                if item.user_id not in unread:
                    unread[item.user_id] = await self._inbox.count_unread(item.user_id)
                self._bus.hand_out(notified(item, unread[item.user_id]))
            await self._bus.handed_out(self._organisation_id)
        return frozenset(seen)


async def _pages(
    rows: Callable[[datetime, str], Awaitable[Sequence[Found]]],
    since: datetime,
    moment: Callable[[Found], datetime],
) -> AsyncIterator[Sequence[Found]]:
    """All rows, a bounded number at a time; each page begins after the last row of the one before."""
    after_id = ""
    while True:
        page = await rows(since, after_id)
        yield page
        if len(page) < _BATCH:
            return
        since, after_id = moment(page[-1]), page[-1].id
