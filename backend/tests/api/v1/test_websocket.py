"""The websocket: who gets in, what comes first, what follows, how it ends."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.core.security import mint_session
from tests.fixtures.server import ORIGIN, SECRET, RunningServer, token_for

COOKIE = "authjs.session-token"


def bearer(name: str = "ada") -> dict[str, str]:
    return {"Authorization": f"Bearer {token_for(name)}"}


async def receive(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(60):
        return json.loads(await socket.recv())


async def close_code(socket: ClientConnection) -> int | None:
    try:
        async with asyncio.timeout(60):
            while True:
                await socket.recv()
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


async def new_interview(api: httpx.AsyncClient) -> str:
    return str((await api.post("/interviews", json={"title": "x"})).json()["id"])


class TestWhoGetsIn:
    async def test_a_bearer_token(self, server: RunningServer) -> None:
        async with connect(server.websocket("/ws"), additional_headers=bearer()) as socket:
            assert (await receive(socket))["type"] == "snapshot"

    async def test_a_cookie_from_an_allowed_origin_only(self, server: RunningServer) -> None:
        token = mint_session({"sub": "ada"}, SECRET, salt=COOKIE, max_age=timedelta(hours=1))
        headers = {"Cookie": f"{COOKIE}={token}"}
        async with connect(server.websocket("/ws"), additional_headers=headers, origin=ORIGIN) as socket:
            assert (await receive(socket))["type"] == "snapshot"
        async with connect(
            server.websocket("/ws"), additional_headers=headers, origin="https://evil.test"
        ) as socket:
            assert await close_code(socket) == 4403
        async with connect(server.websocket("/ws"), additional_headers=headers) as socket:
            assert await close_code(socket) == 4403

    async def test_a_ticket_serves_once(self, server: RunningServer) -> None:
        ticket = (await server.client("ada").post("/ws/ticket")).json()
        address = server.websocket(ticket["url"].removeprefix("/api/v1"))
        async with connect(address) as socket:
            assert (await receive(socket))["type"] == "snapshot"
        async with connect(address) as socket:
            assert await close_code(socket) == 4401

    @pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}])
    async def test_nobody_else(self, server: RunningServer, headers: dict[str, str]) -> None:
        async with connect(server.websocket("/ws"), additional_headers=headers) as socket:
            assert await close_code(socket) == 4401

    async def test_a_foreign_interview_is_4404(self, server: RunningServer) -> None:
        mine = await new_interview(server.client("ada"))
        address = server.websocket(f"/ws?interview_id={mine}")
        async with connect(address, additional_headers=bearer("eve")) as socket:
            assert await close_code(socket) == 4404

    async def test_a_foreign_organisation_is_4403(self, server: RunningServer) -> None:
        organisation = (await server.client("ada").get("/me")).json()["organisations"][0]["id"]
        address = server.websocket(f"/ws?organization={organisation}")
        async with connect(address, additional_headers=bearer("eve")) as socket:
            assert await close_code(socket) == 4403

    async def test_it_ends_with_the_session(self, server: RunningServer) -> None:
        # Fifteen seconds of clock difference are forgiven, so this token is valid for one more.
        token = token_for("ada", lifetime=timedelta(seconds=1))
        headers = {"Authorization": f"Bearer {token}"}
        async with connect(server.websocket("/ws"), additional_headers=headers) as socket:
            assert (await receive(socket))["type"] == "snapshot"
            assert await close_code(socket) == 4401


class TestWhatComes:
    async def test_the_snapshot_then_changes_with_rising_versions(self, server: RunningServer) -> None:
        api = server.client("ada")
        interview = await new_interview(api)
        async with connect(server.websocket("/ws"), additional_headers=bearer()) as socket:
            snapshot = await receive(socket)
            assert [i["id"] for i in snapshot["data"]["interviews"]] == [interview]
            for title in ("a", "b"):
                await api.patch(f"/interviews/{interview}", json={"title": title})
            events = [await receive(socket), await receive(socket)]
            assert [(e["kind"], e["version"]) for e in events] == [
                ("interview.changed", 2),
                ("interview.changed", 3),
            ]

    async def test_one_interview_hears_nothing_of_another(self, server: RunningServer) -> None:
        api = server.client("ada")
        watched, other = await new_interview(api), await new_interview(api)
        address = server.websocket(f"/ws?interview_id={watched}")
        async with connect(address, additional_headers=bearer()) as socket:
            snapshot = await receive(socket)
            assert snapshot["data"]["interview"]["id"] == watched
            await api.patch(f"/interviews/{other}", json={"title": "a"})
            await api.patch(f"/interviews/{watched}", json={"title": "b"})
            assert (await receive(socket))["interview_id"] == watched

    async def test_another_organisation_hears_nothing(self, server: RunningServer) -> None:
        async with connect(server.websocket("/ws"), additional_headers=bearer("eve")) as socket:
            await receive(socket)
            await new_interview(server.client("ada"))
            mine = await new_interview(server.client("eve"))
            assert (await receive(socket))["interview_id"] == mine

    async def test_a_deleted_interview_closes_its_socket(self, server: RunningServer) -> None:
        api = server.client("ada")
        interview = await new_interview(api)
        address = server.websocket(f"/ws?interview_id={interview}")
        async with connect(address, additional_headers=bearer()) as socket:
            await receive(socket)
            await api.delete(f"/interviews/{interview}")
            assert await close_code(socket) == 4404
