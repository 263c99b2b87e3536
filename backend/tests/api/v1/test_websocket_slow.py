"""A client that does not read is cut, loses nobody else anything, and is told why."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import redis
from pydantic import SecretStr
from websockets.asyncio.client import ClientConnection, connect

from app.services.events import local
from tests.api.v1.test_websocket import bearer, close_code, new_interview
from tests.fixtures.redis_server import RedisServer
from tests.fixtures.scraping import counted
from tests.fixtures.server import RunningServer, SettingsFactory, running

DROPPED = "debrief_events_dropped_total"
MANY = 450
"""What a client may be behind, and what fits into the buffers between."""


async def test_it_is_cut_and_nobody_waits(settings_with: SettingsFactory, redis_server: RedisServer) -> None:
    settings = settings_with(
        worker={"worker_in_process": False}, redis={"redis_url": SecretStr(redis_server.url)}
    )
    async with running(settings) as server:
        api = server.client("ada")
        organisation = (await api.get("/me")).json()["organisations"][0]["id"]
        address = server.websocket("/ws")
        async with (
            connect(address, additional_headers=bearer()) as quick,
            connect(address, additional_headers=bearer(), max_queue=1, compression=None) as slow,
        ):
            with redis_server.client() as elsewhere:
                await _until_heard(quick, elsewhere, organisation)
                for number in range(2, MANY):
                    _tell(elsewhere, organisation, number)
                    while (await _frame(quick))["version"] != number:
                        pass
            assert await close_code(slow) == 4408


async def test_it_is_cut_and_counted_when_news_cannot_be_told_in_time(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = server.client("ada")
    async with connect(server.websocket("/ws"), additional_headers=bearer()) as socket:
        assert (await _frame(socket))["type"] == "snapshot"
        before = counted(DROPPED)
        monkeypatch.setattr(local, "_MOST_UNTOLD", 0)
        await new_interview(api)
        assert await close_code(socket) == 4408
    assert counted(DROPPED) == before + 1


async def _until_heard(quick: ClientConnection, elsewhere: redis.Redis, organisation: str) -> None:
    """The snapshot comes, and then, once Redis is connected, the first event."""
    while True:
        _tell(elsewhere, organisation, 1)
        try:
            async with asyncio.timeout(0.5):
                while (await _frame(quick)).get("version") != 1:
                    pass
            break
        except TimeoutError:
            continue


async def _frame(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(60):
        frame: dict[str, Any] = json.loads(await socket.recv())
        return frame


def _tell(elsewhere: redis.Redis, organisation: str, version: int) -> None:
    event = {
        "kind": "interview.changed",
        "organisation_id": organisation,
        "interview_id": "another",
        "version": version,
        "data": {"padding": "x" * 60_000},
    }
    elsewhere.publish("debrief:hr_interviews:events", json.dumps({"origin": "test", "event": event}))
