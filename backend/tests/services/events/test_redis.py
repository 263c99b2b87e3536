"""A Redis that is away, comes back, or carries what is none of ours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import redis
import structlog

from app.models.event import Event, EventKind
from app.services.events.factory import open_bus
from app.services.events.local import LocalEventBus
from app.services.events.providers.redis import RedisEventBus
from tests.fixtures.redis_server import RedisServer
from tests.fixtures.scraping import counted

UNSENT = "debrief_events_unsent_total"
IGNORED = "debrief_redis_messages_ignored_total"


def event(version: int) -> Event:
    return Event(kind=EventKind.INTERVIEW_CHANGED, organisation_id="acme", interview_id="i1", version=version)


async def holds(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)


async def test_a_redis_that_is_not_there_stops_nobody(tmp_path: Path) -> None:
    server = RedisServer(tmp_path)  # not started
    bus, before = RedisEventBus(server.url, "test"), counted(UNSENT)
    with structlog.testing.capture_logs() as logs:
        async with bus.running(), bus.subscribe("acme") as events:
            for version in range(100):
                bus.publish(event(version))
            received = [e.version async for e in _first(events, 100)]
            assert received == list(range(100))
            # Long enough for several attempts: one warning, whatever their number.
            await holds(lambda: bool(logs))
            await asyncio.sleep(1.5)
    assert [entry["event"] for entry in logs if entry["log_level"] == "warning"] == ["redis.lost"]
    assert not bus.hears_others
    assert counted(UNSENT) - before == 100


async def test_killed_and_started_again_it_is_found_again(redis_server: RedisServer) -> None:
    one, two = (RedisEventBus(redis_server.url, "test") for _ in range(2))
    with structlog.testing.capture_logs() as logs:
        async with one.running(), two.running(), two.subscribe("acme") as events:
            await holds(lambda: one.hears_others and two.hears_others)
            one.publish(event(1))
            assert [e.version async for e in _first(events, 1)] == [1]
            redis_server.kill()
            await holds(lambda: not one.hears_others and not two.hears_others)
            before = counted(UNSENT)
            one.publish(event(2))
            two.publish(event(3))
            assert [e.version async for e in _first(events, 1)] == [3], (
                "its own process hears it all the same"
            )
            redis_server.start()
            await holds(lambda: one.hears_others and two.hears_others)
            one.publish(event(4))
            assert [e.version async for e in _first(events, 1)] == [4], "old news is not sent late"
    assert [e["event"] for e in logs if e["log_level"] == "warning"] == ["redis.lost", "redis.lost"]
    assert counted(UNSENT) - before == 2, "one event of each"


async def test_the_password_is_in_no_log(redis_server: RedisServer) -> None:
    bus = RedisEventBus(f"redis://:hunter2@127.0.0.1:{redis_server.port}/0", "test")
    with structlog.testing.capture_logs() as logs:
        async with bus.running():
            await holds(lambda: bool(logs))
    assert "hunter2" not in str(logs)


async def test_what_is_no_event_is_ignored_and_counted(redis_url: str) -> None:
    channel = f"test:{uuid4().hex}"
    one, two = (RedisEventBus(redis_url, channel) for _ in range(2))
    garbage = [
        b"",
        b"\xff\xfe",
        b"{}",
        b"[1, 2]",
        b'{"origin": "x", "event": {"kind": "nonsense", "organisation_id": "acme"}}',
        b'{"origin": "x", "event": {"kind": "interview.changed"}}',
        b'{"origin": "x", "event": null}',
        b'"' + b"x" * 300_000 + b'"',
        b"[" * 10_000,
    ]
    before = counted(IGNORED)
    async with one.running(), two.running(), two.subscribe("acme") as events:
        await holds(lambda: one.hears_others and two.hears_others)
        with redis.Redis.from_url(redis_url) as client:
            for message in garbage:
                client.publish(channel, message)
        await holds(lambda: counted(IGNORED) - before == len(garbage))
        one.publish(event(7))
        assert [e.version async for e in _first(events, 1)] == [7]


async def test_installations_that_share_a_redis_do_not_hear_one_another(redis_url: str) -> None:
    ours, theirs = f"ours-{uuid4().hex}", f"theirs-{uuid4().hex}"
    async with (
        open_bus(redis_url, installation=ours) as one,
        open_bus(redis_url, installation=ours) as two,
        open_bus(redis_url, installation=theirs) as other,
        two.subscribe("acme") as events,
    ):
        await holds(lambda: one.hears_others and two.hears_others and other.hears_others)
        other.publish(event(1))
        one.publish(event(2))
        assert [e.version async for e in _first(events, 1)] == [2]


async def test_without_an_address_the_bus_is_local() -> None:
    async with open_bus(None, installation="x") as bus:
        assert isinstance(bus, LocalEventBus)


async def _first(events, count: int):  # type: ignore[no-untyped-def]
    async with asyncio.timeout(60):
        async for one in events:
            yield one
            count -= 1
            if not count:
                return
