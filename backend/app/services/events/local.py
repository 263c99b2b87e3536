"""The bus of a single process."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from app.core.metrics import count_event
from app.models.event import Event
from app.services.events.base import SlowSubscriber, Subscription, Wanted, everything, nothing

CAPACITY: Final = 256
"""Events that a subscriber may be behind."""
_AT_ONCE: Final = 100
_MOST_UNTOLD: Final = 256
"""Events that may wait for the listeners of one organisation."""


class Mailbox:
    """A bounded queue with one reader. A thousand of them are filled by one event, so each does as little as it can."""

    __slots__ = ("_capacity", "_events", "_overflowed", "_waiting")

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._events: deque[Event] = deque()
        self._overflowed = False
        self._waiting: asyncio.Future[None] | None = None

    def put(self, event: Event) -> bool:
        """False: it is full, the event is lost, and whoever reads is told so."""
        if len(self._events) >= self._capacity:
            self.overflow()
            return False
        self._events.append(event)
        self._wake()
        return True

    def overflow(self) -> None:
        """Something was lost on the way here: whoever reads is to leave."""
        self._overflowed = True
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def __aiter__(self) -> Mailbox:
        return self

    async def __anext__(self) -> Event:
        while not self._events and not self._overflowed:
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        if self._overflowed:
            raise SlowSubscriber
        return self._events.popleft()


class _Listener:
    """Who is told by a call. Once `left`, it is told no more, not even of what waits for it."""

    __slots__ = ("hear", "left", "lose")

    def __init__(self, hear: Callable[[Event], None], lose: Callable[[], None]) -> None:
        self.hear = hear
        self.lose = lose
        self.left = False


class LocalEventBus:
    """Hands events to the subscribers of this process through bounded mailboxes, and calls its listeners."""

    hears_others = False

    def __init__(self, *, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._mailboxes: dict[str | None, dict[Mailbox, Wanted]] = defaultdict(dict)
        self._listeners: dict[str, tuple[_Listener, ...]] = {}
        """Tuples, so that an event which waits for a thousand listeners is one reference to them."""
        self._untold: deque[tuple[Event, Iterator[_Listener]]] = deque()
        self._waiting: Counter[str] = Counter()
        """Of `_untold`, by organisation."""

    def publish(self, event: Event) -> None:
        count_event(event.kind.value)
        self._put(None, event)
        self.hand_out(event)

    def hand_out(self, event: Event) -> None:
        organisation_id = event.organisation_id
        self._put(organisation_id, event)
        listeners = self._listeners.get(organisation_id)
        if listeners is None:
            return
        if self._waiting[organisation_id] >= _MOST_UNTOLD:
            self._lose(organisation_id, listeners)
            return
        if not self._untold:
            asyncio.get_running_loop().call_soon(self._tell_some)
        self._untold.append((event, iter(listeners)))
        self._waiting[organisation_id] += 1

    async def handed_out(self, organisation_id: str) -> None:
        while self._waiting[organisation_id]:  # noqa: ASYNC110 - a portion of them is told at each turn of the loop
            await asyncio.sleep(0)

    def _lose(self, organisation_id: str, listeners: tuple[_Listener, ...]) -> None:
        """What happens faster than it can be told would pile up without end: everybody is to begin anew."""
        del self._listeners[organisation_id]
        for listener in listeners:
            listener.left = True
            listener.lose()

    def _tell_some(self) -> None:
        """A portion, so that whatever else the process does has its turn between them."""
        try:
            for _ in range(_AT_ONCE):
                if not self._untold:
                    break
                event, listeners = self._untold[0]
                listener = next(listeners, None)
                if listener is None:
                    self._untold.popleft()
                    self._told(event.organisation_id)
                elif not listener.left:
                    listener.hear(event)
        finally:
            if self._untold:
                asyncio.get_running_loop().call_soon(self._tell_some)

    def _told(self, organisation_id: str) -> None:
        self._waiting[organisation_id] -= 1
        if not self._waiting[organisation_id]:
            del self._waiting[organisation_id]

    @contextmanager
    def listen(
        self, organisation_id: str, hear: Callable[[Event], None], lose: Callable[[], None] = nothing
    ) -> Iterator[None]:
        listener = _Listener(hear, lose)
        self._listeners[organisation_id] = (*self._listeners.get(organisation_id, ()), listener)
        try:
            yield
        finally:
            listener.left = True
            rest = tuple(other for other in self._listeners.pop(organisation_id, ()) if other is not listener)
            if rest:
                self._listeners[organisation_id] = rest

    @asynccontextmanager
    async def subscribe(
        self, organisation_id: str | None, wanted: Wanted = everything
    ) -> AsyncIterator[Subscription]:
        mailbox = Mailbox(self._capacity)
        self._mailboxes[organisation_id][mailbox] = wanted
        try:
            yield mailbox
        finally:
            del self._mailboxes[organisation_id][mailbox]
            if not self._mailboxes[organisation_id]:
                del self._mailboxes[organisation_id]

    def watched_organisations(self) -> frozenset[str]:
        """Organisations that somebody listens to right now."""
        return frozenset(key for key in self._mailboxes if key is not None) | frozenset(self._listeners)

    def _put(self, key: str | None, event: Event) -> None:
        for mailbox, wanted in self._mailboxes.get(key, {}).items():
            if wanted(event):
                mailbox.put(event)
