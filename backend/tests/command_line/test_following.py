"""Following many interviews with few requests."""

from __future__ import annotations

from anyio import to_thread

from app.command_line.api import Api, Json
from app.command_line.following import Following
from tests.command_line.importing.line import Line, a_line
from tests.fixtures.server import RunningServer, token_for


async def created(server: RunningServer, count: int) -> list[Json]:
    api = server.client()
    return [(await api.post("/interviews", json={"title": f"{n}"})).json() for n in range(count)]


async def asked(line: Line, interviews: list[Json], *, rounds: int) -> list[list[Json]]:
    def ask() -> list[list[Json]]:
        with Api(line.url, token_for("ada")) as api:
            following = Following(api)
            for interview in interviews:
                following.add(interview)
            return [following.ask() for _ in range(rounds)]

    return await to_thread.run_sync(ask)


class TestFollowing:
    async def test_many_are_looked_up_in_one_list(self, server: RunningServer) -> None:
        interviews = await created(server, 30)
        async with a_line(server) as line:
            [found] = await asked(line, interviews, rounds=1)
            assert {one["id"] for one in found} == {one["id"] for one in interviews}
            assert len(line.requests) == 1

    async def test_few_are_asked_for_one_by_one(self, server: RunningServer) -> None:
        interviews = (await created(server, 30))[::15]
        async with a_line(server) as line:
            [found] = await asked(line, interviews, rounds=1)
            assert {one["id"] for one in found} == {one["id"] for one in interviews}
            assert line.requests == [f"GET /api/v1/interviews/{one['id']}" for one in interviews]

    async def test_what_was_deleted_has_come_to_its_end(self, server: RunningServer) -> None:
        interviews = await created(server, 8)
        await server.client().delete(f"/interviews/{interviews[3]['id']}")
        async with a_line(server) as line:
            first, second = await asked(line, interviews, rounds=2)
        assert [one["status"] for one in first if one["id"] == interviews[3]["id"]] == ["deleted"]
        assert interviews[3]["id"] not in {one["id"] for one in second}
        assert len(second) == 7
