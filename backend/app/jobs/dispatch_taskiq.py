"""Ticks by taskiq, on a list in Redis: one tick wakes one worker.

Of taskiq's brokers the list suits best: nothing is acknowledged, claimed back or kept, because a tick may be lost. What
it lacks is added here: a bound, and patience with a Redis that is away.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from taskiq import SendTaskError
from taskiq.kicker import AsyncKicker
from taskiq.message import BrokerMessage
from taskiq.receiver import Receiver
from taskiq_redis import ListQueueBroker

from app.services.events.providers.absence import Absence
from app.services.events.providers.redis import is_being_cancelled

# Every tick is a line of its own at INFO, and what is no tick a traceback at WARNING: neither is news.
logging.getLogger("taskiq").setLevel(logging.ERROR)

MOST_TICKS: Final = 256
"""When so many wait, every worker is busy, and looks for more when it has done what it has."""
KEPT_SECONDS: Final = 60
"""How long ticks wait for a worker: one that starts later looks for itself."""
_TASK: Final = "tick"
_SECONDS: Final = 5.0
_BLOCK_SECONDS: Final = 2


class TaskiqTicks:
    def __init__(self, url: str, queue: str) -> None:
        self._broker = _Broker(
            url,
            queue_name=queue,
            socket_timeout=_SECONDS,
            socket_connect_timeout=_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._absence = _absence()

    async def send(self, interview_id: str) -> None:
        kicker = AsyncKicker[[str], None](_TASK, self._broker, labels={})
        try:
            await kicker.kiq(interview_id)
        except SendTaskError as error:
            await self._absence.endure(error.__cause__ or error)
        else:
            self._absence.end()

    async def hear(self, wake: Callable[[], None], ready: Callable[[], Awaitable[None]]) -> None:
        async def tick(interview_id: str) -> None:  # noqa: ARG001 - whatever is due is claimed, be it this one or not
            wake()

        self._broker.register_task(tick, task_name=_TASK)
        self._broker.is_worker_process = True
        self._broker.ready = ready
        # One at a time, and none before the last has woken: a second tick is left for another worker.
        receiver = Receiver(self._broker, max_async_tasks=1, run_startup=False)
        await receiver.listen(asyncio.Event())

    async def close(self) -> None:
        await self._broker.shutdown()


class _Broker(ListQueueBroker):
    ready: Callable[[], Awaitable[None]]

    async def kick(self, message: BrokerMessage) -> None:
        async with (
            Redis(connection_pool=self.connection_pool) as redis,
            # No transaction: what is cut off in the middle is trimmed with the next tick.
            redis.pipeline(transaction=False) as pipeline,
        ):
            pipeline.lpush(self.queue_name, message.message)
            pipeline.ltrim(self.queue_name, 0, MOST_TICKS - 1)
            pipeline.expire(self.queue_name, KEPT_SECONDS)
            await pipeline.execute()

    async def listen(self) -> AsyncGenerator[bytes, None]:
        absence = _absence()
        while not is_being_cancelled():
            await self.ready()
            try:
                async with Redis(connection_pool=self.connection_pool) as redis:
                    popped = await redis.brpop([self.queue_name], timeout=_BLOCK_SECONDS)
            except (RedisError, OSError) as error:
                await absence.endure(error)
                continue
            absence.end()
            if popped is not None:
                yield popped[1] if isinstance(popped[1], bytes) else popped[1].encode()


def _absence() -> Absence:
    return Absence("redis.no_ticks", instead="workers look for work")
