"""The bus of a single process."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from app.core.metrics import count_dropped_event, count_event
from app.models.event import Event
from app.services.events.base import SlowSubscriber, Subscription

CAPACITY: Final = 256
"""Events that a subscriber may be behind."""
_AT_ONCE: Final = 100
_Listener = Callable[[Event], None]


class Mailbox:
    """A bounded queue with one reader. A thousand of them are filled by one event, so each does as little as it can."""

    __slots__ = ("_capacity", "_events", "_overflowed", "_waiting")

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._events: deque[Event] = deque()
        self._overflowed = False
        self._waiting: asyncio.Future[None] | None = None

    def put(self, event: Event) -> None:
        if len(self._events) >= self._capacity:
            self._overflowed = True
            count_dropped_event()
            return
        self._events.append(event)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def __aiter__(self) -> Mailbox:
        return self

    async def __anext__(self) -> Event:
        while not self._events:
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        if self._overflowed:
            raise SlowSubscriber
        return self._events.popleft()


class LocalEventBus:
    """Hands events to the subscribers of this process through bounded mailboxes."""

    hears_others = False

    def __init__(self, *, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._mailboxes: dict[str | None, set[Mailbox]] = defaultdict(set)
        self._listeners: dict[str, dict[object, _Listener]] = defaultdict(dict)
        self._untold: deque[tuple[_Listener, Event]] = deque()

    def publish(self, event: Event) -> None:
        count_event(event.kind.value)
        self._put(None, event)
        self.hand_out(event)

    def hand_out(self, event: Event) -> None:
        self._put(event.organisation_id, event)
        listeners = self._listeners.get(event.organisation_id)
        if listeners:
            if not self._untold:
                asyncio.get_running_loop().call_soon(self._tell_some)
            self._untold.extend((listener, event) for listener in listeners.values())

    def _tell_some(self) -> None:
        """A portion, so that whatever else the process does has its turn between them."""
        try:
            for _ in range(min(_AT_ONCE, len(self._untold))):
                listener, event = self._untold.popleft()
                listener(event)
        finally:
            if self._untold:
                asyncio.get_running_loop().call_soon(self._tell_some)

    @contextmanager
    def listen(self, organisation_id: str, listener: _Listener) -> Iterator[None]:
        key = object()
        self._listeners[organisation_id][key] = listener
        try:
            yield
        finally:
            del self._listeners[organisation_id][key]
            if not self._listeners[organisation_id]:
                del self._listeners[organisation_id]

    @asynccontextmanager
    async def subscribe(self, organisation_id: str | None) -> AsyncIterator[Subscription]:
        mailbox = Mailbox(self._capacity)
        self._mailboxes[organisation_id].add(mailbox)
        try:
            yield mailbox
        finally:
            self._mailboxes[organisation_id].discard(mailbox)
            if not self._mailboxes[organisation_id]:
                del self._mailboxes[organisation_id]

    def watched_organisations(self) -> frozenset[str]:
        """Organisations that somebody listens to right now."""
        return frozenset(key for key in self._mailboxes if key is not None) | frozenset(self._listeners)

    def _put(self, key: str | None, event: Event) -> None:
        for mailbox in self._mailboxes.get(key, ()):
            mailbox.put(event)
