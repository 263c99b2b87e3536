"""Two APIs on one database: who watches through one hears what is done through the other."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest_asyncio
from pydantic import SecretStr
from websockets.asyncio.client import ClientConnection, connect

from tests.fixtures.redis_server import RedisServer
from tests.fixtures.server import RunningServer, make_settings, running, token_for


@dataclass
class Pair:
    one: RunningServer
    other: RunningServer


@pytest_asyncio.fixture
async def pair(tmp_path: Path, redis_server: RedisServer) -> AsyncIterator[Pair]:
    settings = make_settings(
        tmp_path,
        worker={"worker_in_process": False},
        redis={"redis_url": SecretStr(redis_server.url)},
    )
    async with running(settings) as one, running(settings) as other:
        yield Pair(one, other)


async def heard(socket: ClientConnection, kind: str, **wanted: Any) -> dict[str, Any]:
    """The first frame of this kind that has what is wanted."""
    async with asyncio.timeout(60):
        async for text in socket:
            frame: dict[str, Any] = json.loads(text)
            if frame.get("kind") == kind and wanted.items() <= frame.items():
                return frame
    raise AssertionError("the socket was closed")


def watching(server: RunningServer) -> connect:
    return connect(
        server.websocket("/ws"), additional_headers={"Authorization": f"Bearer {token_for('ada')}"}
    )


async def joined(socket: ClientConnection, pair: Pair) -> None:
    """Until Redis brings what the other does: of a deletion the database tells nobody."""
    api = pair.other.client()
    async with asyncio.timeout(60):
        while True:
            interview = (await api.post("/interviews", json={"title": "x"})).json()["id"]
            await api.delete(f"/interviews/{interview}")
            try:
                async with asyncio.timeout(1):
                    await heard(socket, "interview.deleted", interview_id=interview)
                return  # noqa: TRY300
            except TimeoutError:
                continue


async def test_a_change_elsewhere_is_heard_with_redis_and_without(
    pair: Pair, redis_server: RedisServer
) -> None:
    api = pair.other.client()
    async with watching(pair.one) as socket:
        await joined(socket, pair)
        interview = (await api.post("/interviews", json={"title": "a"})).json()["id"]
        await heard(socket, "interview.changed", interview_id=interview, version=1)
        redis_server.kill()
        await api.patch(f"/interviews/{interview}", json={"title": "b"})
        await heard(socket, "interview.changed", interview_id=interview, version=2)
        redis_server.start()
        await joined(socket, pair)
