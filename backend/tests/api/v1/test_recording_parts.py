"""Further files of an interrupted recording: taken, refused, and taken away again."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.v1.test_recordings import new_interview, stored_objects, tone
from tests.fixtures.server import RunningServer, SettingsFactory, running


async def recorded(api: httpx.AsyncClient, seconds: float = 2) -> str:
    """An interview with a recording; gives its path."""
    path = f"/interviews/{await new_interview(api)}"
    answer = await api.put(f"{path}/recording", content=tone(seconds), headers={"X-Filename": "first.wav"})
    assert answer.status_code == 202
    return path


async def add(api: httpx.AsyncClient, path: str, seconds: float, **params: Any) -> httpx.Response:
    name = f"{seconds:g}s.wav"
    return await api.post(
        f"{path}/recording/parts", content=tone(seconds), params=params, headers={"X-Filename": name}
    )


def names(interview: dict[str, Any]) -> list[str]:
    return [part["filename"] for part in interview["parts"]]


async def test_a_part_comes_after_what_is_there_and_all_are_joined(api: httpx.AsyncClient) -> None:
    path = await recorded(api)
    answer = await add(api, path, 3, gap_seconds=4.5)
    assert answer.status_code == 202, answer.text
    body = answer.json()
    assert body["status"] == "joining"
    assert names(body) == ["first.wav", "3s.wav"]
    assert [(p["gap"], p["start"]) for p in body["parts"]] == [(0.0, 0.0), (4.5, None)]
    assert body["recording"]["filename"] == "first.wav", "until they are joined"


async def test_further_ones_may_come_at_once_and_in_any_order(api: httpx.AsyncClient) -> None:
    path = await recorded(api)
    await add(api, path, 3)
    await add(api, path, 4, position=1)
    assert names((await add(api, path, 5, position=3)).json()) == ["4s.wav", "first.wav", "5s.wav", "3s.wav"]
    beyond = await add(api, path, 6, position=6)
    assert (beyond.status_code, beyond.json()["code"]) == (422, "position_invalid")


async def test_what_is_no_part_leaves_no_trace(server: RunningServer) -> None:
    api = server.client()
    path = await recorded(api)
    before = await stored_objects(server)
    url = f"{path}/recording/parts"
    assert (await api.post(url, content=b"just some words. " * 99)).json()["code"] == "not_media"
    assert (await api.post(url, content=b"")).json()["code"] == "recording_empty"
    assert (await add(api, path, 2)).json()["code"] == "part_exists", "the same file, sent twice"
    assert await stored_objects(server) == before
    shown = (await api.get(path)).json()
    assert (shown["status"], shown["parts"]) == ("preparing", [])


async def test_the_first_file_is_no_part(api: httpx.AsyncClient) -> None:
    path = f"/interviews/{await new_interview(api)}"
    answer = await add(api, path, 2)
    assert (answer.status_code, answer.json()["code"]) == (404, "recording_missing")


async def test_together_they_keep_to_the_limit(settings_with: SettingsFactory) -> None:
    settings = settings_with(limits={"max_recording_seconds": 10}, worker={"worker_in_process": False})
    async with running(settings) as server:
        api = server.client()
        path = await recorded(api, 4)
        assert (await add(api, path, 3)).status_code == 202
        answer = await add(api, path, 2, gap_seconds=2)
        assert (answer.status_code, answer.json()["code"]) == (413, "recording_too_long")


async def test_no_transcript_is_taken_while_a_part_is_missing(api: httpx.AsyncClient) -> None:
    path = await recorded(api)
    await add(api, path, 3)
    answer = await api.put(f"{path}/transcript", content="Ann: Hello there, how are you?\nBob: Fine.\n")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


async def test_a_wrong_part_is_taken_away_with_its_file(server: RunningServer) -> None:
    api = server.client()
    path = await recorded(api)
    before = await stored_objects(server)
    part = (await add(api, path, 3)).json()["parts"][1]["id"]
    left = await api.delete(f"{path}/recording/parts/{part}")
    assert left.status_code == 202, left.text
    assert (left.json()["status"], left.json()["parts"]) == ("preparing", [])
    assert left.json()["recording"]["filename"] == "first.wav"
    assert await stored_objects(server) == before
    again = await api.delete(f"{path}/recording/parts/{part}")
    assert (again.status_code, again.json()["code"]) == (404, "part_missing")


async def test_a_part_in_the_wrong_place_is_sent_again_where_it_belongs(api: httpx.AsyncClient) -> None:
    path = await recorded(api)
    sent = (await add(api, path, 3)).json()["parts"]
    assert (await api.delete(f"{path}/recording/parts/{sent[1]['id']}")).status_code == 202
    moved = await add(api, path, 3, position=1, gap_seconds=2)
    assert moved.status_code == 202, moved.text
    assert names(moved.json()) == ["3s.wav", "first.wav"]
    assert [part["gap"] for part in moved.json()["parts"]] == [2.0, 0.0]


async def test_a_gap_is_a_number_of_seconds(api: httpx.AsyncClient) -> None:
    path = await recorded(api)
    for gap in ("-1", "inf", "nan", "1e9"):
        assert (await add(api, path, 3, gap_seconds=gap)).status_code == 422, gap
