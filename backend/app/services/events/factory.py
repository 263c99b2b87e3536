"""Which bus: one process needs none but its own, several are joined by Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.services.events.base import EventBus
from app.services.events.local import LocalEventBus


@asynccontextmanager
async def open_bus(redis_url: str | None, *, installation: str) -> AsyncIterator[EventBus]:
    """`installation` keeps apart those that share a Redis: channels know no database numbers."""
    if redis_url is None:
        yield LocalEventBus()
        return
    # Imported here: the client is needed by those who have a Redis.
    from app.services.events.providers.redis import RedisEventBus  # noqa: PLC0415

    bus = RedisEventBus(redis_url, f"debrief:{installation}:events")
    async with bus.running():
        yield bus
