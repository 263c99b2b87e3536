"""Who wakes workers: a tick through Redis, so that a step is claimed at once and not at the next look.

A tick is a hint and nothing else. Work lies in the database, where the claim decides who gets it; a tick that is lost
costs one poll interval, one too many costs one look. So nothing waits for Redis, and nothing is kept in it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, Protocol

import anyio

from app.core.config import Settings
from app.core.container import Container
from app.models.event import Event, EventKind
from app.models.interview import STEPS
from app.services.events.base import SlowSubscriber

_QUIET_SECONDS: Final = 0.2
_STEPS: Final = frozenset(status.value for status in STEPS)


Ready = Callable[[], Awaitable[None]]
"""Returns when a worker has room and nothing to do: a tick that a busy one took would wake nobody."""


class Ticks(Protocol):
    async def send(self, interview_id: str) -> None:
        """Wake one worker, whichever waits longest; the id is for people who look at the queue.

        Takes its time, and drops the tick, when Redis is away."""

    async def hear(self, wake: Callable[[], None], ready: Ready) -> None:
        """Call `wake` for each tick that comes to this worker; take none before it is `ready` for one. For ever."""

    async def close(self) -> None:
        """End the connections."""


def is_work(event: Event) -> bool:
    """Whether there is something to claim now."""
    return event.kind is EventKind.INTERVIEW_CHANGED and event.data.get("status") in _STEPS


def is_message(event: Event) -> bool:
    """Whether somebody was told something, so that there may be messages to carry."""
    return event.kind is EventKind.NOTIFICATION


def _makes_ticks(event: Event) -> bool:
    return is_work(event) or is_message(event)


async def send_ticks(container: Container) -> None:
    """Tell the workers of other processes of the steps that are entered in this one, and of messages to carry. Without
    Redis they look for themselves, and this ends at once."""
    told_of_messages = 0.0
    async with _opened(container.settings) as ticks:
        while ticks is not None:
            try:
                async with container.bus.subscribe(None, _makes_ticks) as events:
                    async for event in events:
                        if is_message(event):
                            # One for each person who is told; whoever carries for one looks for all.
                            now = anyio.current_time()
                            if now - told_of_messages <= _QUIET_SECONDS:
                                continue
                            told_of_messages = now
                        await ticks.send(event.interview_id or "messages")
            except SlowSubscriber:
                # Redis is away or slow: what piled up is found by looking.
                continue


async def hear_ticks(settings: Settings, wake: Callable[[], None], ready: Ready) -> None:
    """Be woken by other processes whenever `ready`, for ever."""
    async with _opened(settings) as ticks:
        if ticks is not None:
            await ticks.hear(wake, ready)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Ticks | None]:
    url = settings.redis.redis_url
    if url is None:
        yield None
        return
    # Imported here: the start of those without Redis does not pay for it.
    from app.jobs.dispatch_taskiq import TaskiqTicks  # noqa: PLC0415

    ticks = TaskiqTicks(url.get_secret_value(), f"debrief:{settings.database.database_name}:ticks")
    try:
        yield ticks
    finally:
        with anyio.CancelScope(shield=True):
            await ticks.close()
