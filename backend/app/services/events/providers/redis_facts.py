"""What can be said of a Redis by asking it, for the check of an installation."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import Final
from uuid import uuid4

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError, ResponseError

RIGHTS: Final = "resetchannels ~debrief:* &debrief:* +ping +publish +subscribe +lpush +ltrim +expire +brpop"
"""What a user of Redis needs for events and ticks, as `ACL SETUSER` takes it."""
_SECONDS: Final = 5.0
_PINGS: Final = 5


class RedisUnusable(Exception):
    """Redis cannot be asked. `refused`: it is there, and does not let us in."""

    def __init__(self, *, refused: bool) -> None:
        super().__init__()
        self.refused = refused


@dataclass(frozen=True, slots=True)
class RedisFacts:
    version: str
    milliseconds: float
    """The median of a few pings."""


class RightsMissing(Exception):
    """Redis is there, and its user has fewer than the `RIGHTS`."""


async def redis_facts(url: str) -> RedisFacts:
    """Raises `RedisUnusable`, and `RightsMissing` when the user may not do what Debrief does."""
    try:
        client = Redis.from_url(
            url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS, retry=Retry(NoBackoff(), 0)
        )
        async with client as redis:
            seconds = []
            for _ in range(_PINGS):
                began = time.perf_counter()
                await redis.ping()
                seconds.append(time.perf_counter() - began)
            await _use(redis)
            return RedisFacts(await _version(redis), 1000 * median(seconds))
    except NoPermissionError:
        raise RightsMissing from None
    except AuthenticationError:
        raise RedisUnusable(refused=True) from None
    except ResponseError as error:
        raise RedisUnusable(refused="NOAUTH" in str(error)) from None
    except (RedisError, OSError, ValueError):
        raise RedisUnusable(refused=False) from None


async def _version(redis: Redis) -> str:
    try:
        return str((await redis.info("server"))["redis_version"])
    except (NoPermissionError, KeyError):
        return "of unknown version"


async def _use(redis: Redis) -> None:
    """Everything that events and ticks are carried with, as they are."""
    name = f"debrief:doctor:{uuid4().hex}"
    async with redis.pipeline(transaction=False) as pipeline:
        pipeline.publish(name, "")
        pipeline.lpush(name, "")
        pipeline.ltrim(name, 0, 0)
        pipeline.expire(name, 60)
        pipeline.brpop([name], timeout=1)
        await pipeline.execute()
    async with redis.pubsub() as pubsub:
        await pubsub.subscribe(name)
        await pubsub.get_message(timeout=_SECONDS)
