"""The bus of a single process."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import chain

from app.core.metrics import count_dropped_event, count_event
from app.models.event import Event
from app.services.events.base import SlowSubscriber, Subscription


class _Mailbox:
    def __init__(self, capacity: int) -> None:
        self._queue: asyncio.Queue[Event] = asyncio.Queue(capacity)
        self._overflowed = False

    def put(self, event: Event) -> None:
        try:
            self._queue.put_nowait(event)
        except asyncio.QueueFull:
            self._overflowed = True
            count_dropped_event()

    async def __aiter__(self) -> AsyncIterator[Event]:
        while not self._overflowed:
            yield await self._queue.get()
        raise SlowSubscriber


class LocalEventBus:
    """Hands events to the subscribers of this process through bounded mailboxes."""

    def __init__(self, *, capacity: int = 256) -> None:
        self._capacity = capacity
        self._mailboxes: dict[str | None, set[_Mailbox]] = defaultdict(set)

    def publish(self, event: Event) -> None:
        count_event(event.kind.value)
        for mailbox in self._receivers(event.organisation_id):
            mailbox.put(event)

    @asynccontextmanager
    async def subscribe(self, organisation_id: str | None) -> AsyncIterator[Subscription]:
        mailbox = _Mailbox(self._capacity)
        self._mailboxes[organisation_id].add(mailbox)
        try:
            yield mailbox
        finally:
            self._mailboxes[organisation_id].discard(mailbox)
            if not self._mailboxes[organisation_id]:
                del self._mailboxes[organisation_id]

    def watched_organisations(self) -> frozenset[str]:
        """Organisations that somebody listens to right now."""
        return frozenset(key for key in self._mailboxes if key is not None)

    def _receivers(self, organisation_id: str) -> Iterator[_Mailbox]:
        return chain(
            tuple(self._mailboxes.get(organisation_id, ())),
            tuple(self._mailboxes.get(None, ())),
        )
