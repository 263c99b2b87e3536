"""The inbox over HTTP and on the websocket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from app.models.base import utc_now
from app.models.notification import Topic
from app.repositories.base import Repositories
from app.repositories.factory import open_repositories
from tests.fixtures.documents import an_inbox_item
from tests.fixtures.panel import Team, a_team
from tests.fixtures.server import RunningServer, token_for
from tests.fixtures.telling import ask_ivo, id_of


async def filled(team: Team, count: int) -> list[str]:
    """So many items in Ivo's inbox; gives their ids, newest first."""
    interview = await team.interview()
    for _ in range(count):
        assert (await ask_ivo(team, interview)).status_code == 201
    return [item["id"] for item in (await team.ivo.get("/inbox")).json()["items"]]


class TestInbox:
    async def test_what_one_was_told_newest_first_page_by_page(self, team: Team) -> None:
        ids = await filled(team, 3)
        first = (await team.ivo.get("/inbox", params={"limit": 2})).json()
        rest = (await team.ivo.get("/inbox", params={"cursor": first["next_cursor"]})).json()
        assert [item["id"] for item in (*first["items"], *rest["items"])] == ids
        assert len(ids) == 3
        assert rest["next_cursor"] is None
        shown = first["items"][0]
        assert (shown["topic"], shown["subject"], shown["read_at"]) == (
            "scorecard.requested",
            "First round",
            None,
        )

    async def test_it_is_ones_own(self, team: Team) -> None:
        [item] = await filled(team, 1)
        assert (await team.ina.get("/inbox")).json()["items"] == []
        assert (await team.ina.post("/inbox/read", json={"ids": [item]})).json() == {"unread": 0}
        assert (await team.ivo.get("/inbox/unread")).json() == {"unread": 1}

    async def test_some_are_read_and_then_all(self, team: Team) -> None:
        ids = await filled(team, 3)
        assert (await team.ivo.post("/inbox/read", json={"ids": ids[:1]})).json() == {"unread": 2}
        unread = (await team.ivo.get("/inbox", params={"unread": True})).json()["items"]
        assert [item["id"] for item in unread] == ids[1:]
        assert (await team.ivo.post("/inbox/read", json={"all": True})).json() == {"unread": 0}
        assert all(item["read_at"] for item in (await team.ivo.get("/inbox")).json()["items"])

    @pytest.mark.parametrize(
        "body", [{}, {"all": False}, {"ids": []}, {"ids": ["x"], "all": True}, {"ids": ["x"] * 201}]
    )
    async def test_one_says_which(self, api: httpx.AsyncClient, body: dict[str, Any]) -> None:
        assert (await api.post("/inbox/read", json=body)).status_code == 422

    async def test_it_goes_with_the_interview(self, team: Team) -> None:
        interview = await team.interview()
        await ask_ivo(team, interview)
        assert (await team.rex.delete(f"/interviews/{interview}")).status_code == 200
        assert (await team.ivo.get("/inbox")).json()["items"] == []


@asynccontextmanager
async def listening(team: Team, name: str, query: str = "") -> AsyncIterator[ClientConnection]:
    headers = {"Authorization": f"Bearer {token_for(name)}", "X-Organization": team.organisation}
    async with connect(team.server.websocket(f"/ws{query}"), additional_headers=headers) as socket:
        yield socket


async def receive(socket: ClientConnection, *kinds: str) -> dict[str, Any]:
    """The next frame, or the next event of one of these kinds."""
    async with asyncio.timeout(60):
        while True:
            frame: dict[str, Any] = json.loads(await socket.recv())
            if not kinds or frame.get("kind") in kinds:
                return frame


class TestWebsocket:
    @pytest.fixture
    async def stored(self, server: RunningServer) -> AsyncIterator[Repositories]:
        """As another process has it open."""
        data = server.settings.server.data_dir
        async with open_repositories(None, "unused", data) as opened:
            yield opened

    @pytest.fixture
    async def team(self, server: RunningServer, stored: Repositories) -> Team:
        return await a_team(server, stored)

    async def test_the_snapshot_says_how_much_is_unread(self, team: Team) -> None:
        await filled(team, 2)
        async with listening(team, "ivo") as socket:
            assert (await receive(socket))["data"]["unread"] == 2

    async def test_what_is_told_to_one_is_not_heard_by_another(self, team: Team) -> None:
        interview = await team.interview()
        async with listening(team, "ivo") as mine, listening(team, "ina") as hers:
            await receive(mine)
            await receive(hers)
            await ask_ivo(team, interview)
            event = await receive(mine, "notification")
            assert event["data"]["topic"] == "scorecard.requested"
            assert event["data"]["unread"] == 1
            assert event["interview_id"] == interview
            # Whatever Ina hears next, it is not Ivo's.
            await team.ada.patch(f"/interviews/{interview}", json={"title": "Renamed"})
            assert (await receive(hers))["kind"] == "interview.changed"

    async def test_a_page_of_one_interview_hears_what_is_about_it(self, team: Team) -> None:
        other, interview = await team.interview(), await team.interview()
        async with listening(team, "ivo", f"?interview_id={interview}") as socket:
            assert (await receive(socket))["data"]["unread"] == 0
            await ask_ivo(team, other)
            await ask_ivo(team, interview)
            event = await receive(socket, "notification")
            assert (event["interview_id"], event["data"]["unread"]) == (interview, 2)

    async def test_reading_is_seen_on_the_other_pages(self, team: Team) -> None:
        interview = await team.interview()
        await ask_ivo(team, interview)
        async with listening(team, "ivo") as one, listening(team, "ivo", f"?interview_id={interview}") as two:
            for socket in (one, two):
                await receive(socket)
            await team.ivo.post("/inbox/read", json={"all": True})
            for socket in (one, two):
                assert (await receive(socket, "inbox.read"))["data"] == {"ids": None, "unread": 0}

    async def test_what_another_process_tells_arrives_too_and_once(
        self, team: Team, stored: Repositories
    ) -> None:
        ivo = await id_of(team.ivo)
        inbox = stored.inbox(team.organisation)
        async with listening(team, "ivo") as socket:
            await receive(socket)
            for number in (1, 2):
                item = an_inbox_item(
                    ivo,
                    team.organisation,
                    id=f"n{number}.{ivo}",
                    topic=Topic.MENTION,
                    created_at=utc_now(),
                )
                await inbox.put(item)
                event = await receive(socket, "notification")
                assert (event["data"]["id"], event["data"]["unread"]) == (item.id, number)
