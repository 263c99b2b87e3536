"""The rights that are advised for a user of Redis are enough for events and ticks, and none is too many."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest

from app.jobs.dispatch_taskiq import TaskiqTicks
from app.models.event import Event, EventKind
from app.services.events.providers import redis as provider
from app.services.events.providers.redis import RedisEventBus
from app.services.events.providers.redis_facts import RIGHTS
from tests.fixtures.redis_server import RedisServer

_DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "many-machines.md"


@pytest.fixture
def restricted_url(redis_server: RedisServer) -> str:
    with redis_server.client() as client:
        client.execute_command("ACL", "SETUSER", "debrief", "on", ">pw", *RIGHTS.split())
        client.execute_command("CONFIG", "RESETSTAT")
    return redis_server.url.replace("//", "//debrief:pw@")


async def test_dispatch_and_events_run_with_exactly_these_rights(
    redis_server: RedisServer, restricted_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "_SECONDS", 0.5)  # the line is asked for a sign of life that often
    one, two = (RedisEventBus(restricted_url, "debrief:x:events") for _ in range(2))
    async with one.running(), two.running():
        await _holds(lambda: one.hears_others and two.hears_others)
        await _an_event_travels(one, two)
        await _a_tick_travels(restricted_url)
        await _holds(lambda: _calls(redis_server, "ping") > 0)
        await _an_event_travels(two, one)
    used = {right.removeprefix("+") for right in RIGHTS.split() if right.startswith("+")}
    assert {command for command in used if not _calls(redis_server, command)} == set()
    with redis_server.client() as client:
        # The client introduces itself, and does without when it may not.
        refused = {entry["object"] for entry in client.acl_log()} - {"client|setinfo"}
    assert refused == set()


def test_the_document_names_them() -> None:
    assert f"ACL SETUSER debrief on >PASSWORD {RIGHTS}\n" in _DOCUMENT.read_text()


async def _an_event_travels(here: RedisEventBus, there: RedisEventBus) -> None:
    heard: list[Event] = []
    with there.listen("acme", heard.append):
        async with asyncio.timeout(30):
            while not heard:
                here.publish(Event(kind=EventKind.INTERVIEW_CHANGED, organisation_id="acme"))
                await asyncio.sleep(0.02)


async def _a_tick_travels(url: str) -> None:
    heard, sent = (TaskiqTicks(url, "debrief:x:ticks") for _ in range(2))
    woken: list[None] = []
    async with anyio.create_task_group() as group:
        group.start_soon(heard.hear, lambda: woken.append(None), anyio.lowlevel.checkpoint)
        await sent.send("i1")
        await _holds(lambda: bool(woken))
        group.cancel_scope.cancel()
    await heard.close()
    await sent.close()


def _calls(server: RedisServer, command: str) -> int:
    """Of this command that were carried out."""
    with server.client() as client:
        told = client.info("commandstats").get(f"cmdstat_{command}", {"calls": 0})
    return int(told["calls"])


async def _holds(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.02)
