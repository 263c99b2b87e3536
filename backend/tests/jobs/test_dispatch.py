"""Ticks: one wakes one worker, none is worth keeping, and nothing waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import anyio
import anyio.lowlevel
import pytest
import redis
import structlog
from pydantic import SecretStr

from app.core.config import Settings
from app.core.container import open_container
from app.jobs import dispatch
from app.jobs.dispatch import Ready, hear_ticks, send_ticks
from app.jobs.dispatch_taskiq import KEPT_SECONDS, MOST_TICKS, TaskiqTicks
from app.jobs.runner import Runner
from app.models.event import Event, EventKind
from app.models.interview import Status
from app.services.events.local import CAPACITY
from tests.fixtures.redis_server import RedisServer
from tests.fixtures.server import SAMPLES, SettingsFactory, running, wait_until


@pytest.fixture
def queue() -> str:
    return f"test:{uuid4().hex}"


@asynccontextmanager
async def hearing(
    url: str, queue: str, wake: Callable[[], None], ready: Ready = anyio.lowlevel.checkpoint
) -> AsyncIterator[None]:
    ticks = TaskiqTicks(url, queue)
    async with anyio.create_task_group() as group:
        group.start_soon(ticks.hear, wake, ready)
        try:
            yield
        finally:
            group.cancel_scope.cancel()
    await ticks.close()


@asynccontextmanager
async def sending(url: str, queue: str) -> AsyncIterator[TaskiqTicks]:
    ticks = TaskiqTicks(url, queue)
    try:
        yield ticks
    finally:
        await ticks.close()


async def holds(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)


async def test_one_tick_wakes_one_worker(redis_url: str, queue: str) -> None:
    woken: list[str] = []
    async with (
        hearing(redis_url, queue, lambda: woken.append("a")),
        hearing(redis_url, queue, lambda: woken.append("b")),
        sending(redis_url, queue) as ticks,
    ):
        for number in range(1, 21):
            await ticks.send("i1")
            await holds(lambda expected=number: len(woken) == expected)  # type: ignore[misc]
    assert set(woken) == {"a", "b"}


async def test_a_worker_that_is_not_ready_leaves_ticks_to_others(redis_url: str, queue: str) -> None:
    woken: list[str] = []
    asked = asyncio.Event()

    async def never() -> None:
        asked.set()
        await anyio.sleep_forever()

    async with (
        hearing(redis_url, queue, lambda: woken.append("full"), never),
        hearing(redis_url, queue, lambda: woken.append("free")),
        sending(redis_url, queue) as ticks,
    ):
        await asyncio.wait_for(asked.wait(), 30)
        for number in range(1, 11):
            await ticks.send("i1")
            await holds(lambda expected=number: len(woken) == expected)  # type: ignore[misc]
    assert set(woken) == {"free"}


async def test_ticks_that_nobody_hears_do_not_pile_up(redis_url: str, queue: str) -> None:
    async with sending(redis_url, queue) as ticks:
        for number in range(0, 4 * MOST_TICKS, 64):
            await asyncio.gather(*(ticks.send(f"i{number + n}") for n in range(64)))
    with redis.Redis.from_url(redis_url) as client:
        assert client.llen(queue) == MOST_TICKS
        assert 0 < client.ttl(queue) <= KEPT_SECONDS
        client.delete(queue)


async def test_redis_away_ticks_are_dropped_and_heard_again_when_it_is_back(
    redis_server: RedisServer, queue: str
) -> None:
    woken: list[None] = []
    with structlog.testing.capture_logs() as logs:
        async with (
            hearing(redis_server.url, queue, lambda: woken.append(None)),
            sending(redis_server.url, queue) as ticks,
        ):
            await ticks.send("i1")
            await holds(lambda: len(woken) == 1)
            redis_server.kill()
            for _ in range(3):
                await ticks.send("i2")  # returns, and raises nothing
            redis_server.start()
            async with asyncio.timeout(60):
                while len(woken) == 1:
                    await ticks.send("i3")
                    await asyncio.sleep(0.05)
    warnings = [entry["event"] for entry in logs if entry["log_level"] == "warning"]
    # Of the one who sends and of the one who listens; in truth they are two processes.
    assert set(warnings) == {"redis.no_ticks"}
    assert len(warnings) == 2


async def test_what_is_no_tick_wakes_nobody_and_stops_nothing(redis_url: str, queue: str) -> None:
    woken: list[None] = []
    with redis.Redis.from_url(redis_url) as client:
        for garbage in (
            b"",
            b"\xff",
            b"{}",
            b'{"task_name": "other", "task_id": "1", "args": []}',
            b"[" * 9999,
        ):
            client.lpush(queue, garbage)
    async with (
        hearing(redis_url, queue, lambda: woken.append(None)),
        sending(redis_url, queue) as ticks,
    ):
        await ticks.send("i1")
        await holds(lambda: bool(woken))
    assert len(woken) == 1


async def test_without_redis_there_are_no_ticks(settings: Settings) -> None:
    async with asyncio.timeout(60), open_container(settings) as container:
        await send_ticks(container)
        await hear_ticks(settings, lambda: None, anyio.lowlevel.checkpoint)


async def test_progress_takes_no_room_of_what_makes_ticks(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    class Recorded:
        async def send(self, interview_id: str) -> None:
            sent.append(interview_id)

    @asynccontextmanager
    async def opened(_: Settings) -> AsyncIterator[Recorded]:
        yield Recorded()

    monkeypatch.setattr(dispatch, "_opened", opened)
    async with open_container(settings) as container, anyio.create_task_group() as group:
        group.start_soon(send_ticks, container)
        await anyio.wait_all_tasks_blocked()
        work = Event(
            kind=EventKind.INTERVIEW_CHANGED,
            organisation_id="o",
            interview_id="i1",
            data={"status": Status.NOTIFYING.value},
        )
        container.bus.publish(work)
        for version in range(2 * CAPACITY):
            container.bus.publish(
                Event(
                    kind=EventKind.INTERVIEW_PROGRESS, organisation_id="o", interview_id="i2", version=version
                )
            )
        container.bus.publish(work)
        await holds(lambda: sent == ["i1", "i1"])
        group.cancel_scope.cancel()


class TestAcrossProcesses:
    """An API whose steps another container's worker runs: nothing but Redis and the database is between them."""

    @pytest.fixture
    def patient(self, settings_with: SettingsFactory, redis_url: str) -> Settings:
        """Settings with which waiting for the next look would end the test."""
        return settings_with(
            redis={"redis_url": SecretStr(redis_url)},
            database={"database_name": f"test_{uuid4().hex[:8]}"},
            worker={"worker_in_process": False, "worker_poll_seconds": 3600.0},
        )

    async def test_a_step_is_claimed_at_once(self, patient: Settings) -> None:
        async with running(patient) as server, working(patient):
            api = server.client()
            for title in ("first", "second"):
                interview = (await api.post("/interviews", json={"title": title})).json()["id"]
                script = (SAMPLES / "script.json").read_bytes()
                assert (
                    await api.put(f"/interviews/{interview}/transcript", content=script)
                ).status_code == 202
                await wait_until(api, interview, Status.DONE)

    async def test_messages_to_carry_wake_too(self, patient: Settings) -> None:
        woken: list[None] = []
        async with open_container(patient) as container, anyio.create_task_group() as group:
            group.start_soon(send_ticks, container)
            group.start_soon(hear_ticks, patient, lambda: woken.append(None), anyio.lowlevel.checkpoint)
            while not woken:
                container.bus.publish(Event(kind=EventKind.NOTIFICATION, organisation_id="o", user_id="u"))
                await asyncio.sleep(0.05)
            group.cancel_scope.cancel()


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[None]:
    stop = anyio.Event()
    async with open_container(settings) as container, anyio.create_task_group() as group:
        group.start_soon(send_ticks, container)
        group.start_soon(Runner(container).run, stop)
        try:
            yield
        finally:
            stop.set()
            group.cancel_scope.cancel()
