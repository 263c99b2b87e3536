"""The bus of several processes: each keeps its own mailboxes, Redis carries events from one to the others.

Redis is a messenger and nothing else. What it loses is found by the feed, which asks the database: so a Redis that is
away, empty or restarted costs freshness for seconds, and nobody waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager
from typing import Final

import anyio
import structlog
from pydantic import BaseModel, ValidationError
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from app.core.metrics import count_ignored_message, count_unsent_event
from app.models.base import new_id
from app.models.event import Event
from app.services.events.base import Subscription, Wanted, everything, nothing
from app.services.events.local import LocalEventBus
from app.services.events.providers.absence import Absence

log = structlog.get_logger(__name__)

_OUTGOING: Final = 2_000
"""Events that may wait for Redis; what exceeds them is found by the feed."""
_AT_ONCE: Final = 100
_LARGEST: Final = 256 * 1024
_SECONDS: Final = 5.0
"""For one command, and between two signs of life on a quiet line."""


class _Letter(BaseModel):
    """What travels: an event, and which process sent it."""

    origin: str
    event: Event


class RedisEventBus:
    def __init__(self, url: str, channel: str, *, capacity: int = 256) -> None:
        self._url = url
        self._channel = channel
        self._origin = new_id()
        self._local = LocalEventBus(capacity=capacity)
        self._outgoing: asyncio.Queue[Event] = asyncio.Queue(_OUTGOING)
        self._connected = asyncio.Event()
        self._absence = Absence("redis.lost", instead="the database is asked for changes")

    @property
    def hears_others(self) -> bool:
        return self._connected.is_set()

    def publish(self, event: Event) -> None:
        # First to the others: their way is longer, and a thousand sockets here would hold the letter up.
        if not self._connected.is_set() or self._outgoing.full():
            # What waits for a Redis that comes back in minutes would be old news; others find it in the database.
            count_unsent_event()
        else:
            self._outgoing.put_nowait(event)
        self._local.publish(event)

    def hand_out(self, event: Event) -> None:
        self._local.hand_out(event)

    async def handed_out(self, organisation_id: str) -> None:
        await self._local.handed_out(organisation_id)

    def subscribe(
        self, organisation_id: str | None, wanted: Wanted = everything
    ) -> AbstractAsyncContextManager[Subscription]:
        return self._local.subscribe(organisation_id, wanted)

    def listen(
        self, organisation_id: str, hear: Callable[[Event], None], lose: Callable[[], None] = nothing
    ) -> AbstractContextManager[None]:
        return self._local.listen(organisation_id, hear, lose)

    def watched_organisations(self) -> frozenset[str]:
        return self._local.watched_organisations()

    async def wait_connected(self) -> None:
        """Until other processes are heard."""
        await self._connected.wait()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep a connection for as long as the block lasts. Begins at once, whether or not Redis is there."""
        connection = asyncio.create_task(self._stay_connected())
        try:
            yield
        finally:
            while not connection.done():
                # Repeated, for the same reason as below.
                connection.cancel()
                await asyncio.wait([connection], timeout=1)

    async def _stay_connected(self) -> None:
        while True:
            lost: Exception = ConnectionError()
            try:
                await self._exchange()
            except Exception as failure:
                # Whatever the client raises: this task is the only way back to Redis.
                if is_being_cancelled():
                    return
                lost = failure
            finally:
                self._connected.clear()
                self._drop_outgoing()
            await self._absence.endure(lost)

    async def _exchange(self) -> None:
        """Send and receive until the connection is lost. Raises what ended it."""
        # No retries in the client: reconnecting is decided here, and a subscription that is silently made anew would
        # hide that events were missed.
        client = Redis.from_url(
            self._url,
            socket_timeout=_SECONDS,
            socket_connect_timeout=_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        async with client as redis, redis.pubsub() as pubsub:
            await pubsub.subscribe(self._channel)
            # The answer to the subscription: from here on nothing of the channel is missed.
            if await pubsub.get_message(timeout=_SECONDS) is None:
                raise TimeoutError
            self._tell_of_connection()
            # The client may lose a cancellation; anyio's groups repeat it.
            async with anyio.create_task_group() as group:
                group.start_soon(self._receive, pubsub)
                group.start_soon(self._send, redis)

    async def _send(self, redis: Redis) -> None:
        while True:
            try:
                async with asyncio.timeout(_SECONDS):
                    events = [await self._outgoing.get()]
            except TimeoutError:
                # A line that is cut somewhere on the way says nothing by itself.
                await redis.ping()
                continue
            while len(events) < _AT_ONCE and not self._outgoing.empty():
                events.append(self._outgoing.get_nowait())
            pipeline = redis.pipeline(transaction=False)
            for event in events:
                letter = _Letter(origin=self._origin, event=event)
                pipeline.publish(self._channel, letter.model_dump_json(exclude_defaults=True))
            await pipeline.execute()

    async def _receive(self, pubsub: PubSub) -> None:
        while True:
            message = await pubsub.get_message(timeout=_SECONDS)
            # Worker processes have nobody who watches: what comes is not even read there.
            if message is None or message["type"] != "message" or not self.watched_organisations():
                continue
            event = self._read(message["data"])
            if event is not None:
                self._local.hand_out(event)

    def _read(self, data: bytes) -> Event | None:
        """The event of another process; None for one's own and for what is no letter."""
        try:
            if len(data) > _LARGEST:
                raise ValueError("too long")
            letter = _Letter.model_validate_json(data)
        except (ValidationError, ValueError):
            count_ignored_message()
            return None
        return None if letter.origin == self._origin else letter.event

    def _drop_outgoing(self) -> None:
        while not self._outgoing.empty():
            self._outgoing.get_nowait()
            count_unsent_event()

    def _tell_of_connection(self) -> None:
        self._connected.set()
        self._absence.end()
        log.info("Redis connected — events reach the other processes")


def is_being_cancelled() -> bool:
    """Whether the client has lost a cancellation of this task, and the task is to end all the same."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
