"""Search over HTTP: from a transcript that the pipeline reads to its marked words."""

from __future__ import annotations

from typing import Final

import httpx

from tests.fixtures.server import SAMPLES, SettingsFactory, running, wait_until


async def with_script(api: httpx.AsyncClient, title: str) -> str:
    created = await api.post("/interviews", json={"title": title, "candidate": {"name": "Daniel Reyes"}})
    interview = str(created.json()["id"])
    script = (SAMPLES / "script.json").read_bytes()
    assert (await api.put(f"/interviews/{interview}/transcript", content=script)).status_code == 202
    await wait_until(api, interview, "analysing", "notifying", "done", seconds=240)
    return interview


async def test_what_the_pipeline_has_read_is_found(settings_with: SettingsFactory) -> None:
    async with running(settings_with()) as server:
        api = server.client()
        interview = await with_script(api, "First round")
        asked = {"q": '"token bucket" redis', "role": "candidate", "candidate": "dani"}
        (hit,) = (await api.get("/search", params=asked)).json()["items"]
        assert hit["interview"]["id"] == interview
        assert hit["interview"]["title"] == "First round"
        assert hit["interview"]["candidate"] == "Daniel Reyes"
        assert hit["speaker"] == {"name": "Daniel", "role": "candidate"}
        text = hit["snippet"]["text"]
        marked = [text[one["start"] : one["end"]] for one in hit["snippet"]["ranges"]]
        assert marked == ["token bucket", "Redis"]
        page = {"cursor": f"{hit['revision']}.{hit['number']}", "limit": 1}
        said = (await api.get(f"/interviews/{interview}/transcript/utterances", params=page)).json()
        assert (said["items"][0]["id"], said["items"][0]["start"]) == (hit["utterance_id"], hit["start"])

        first = (await api.get("/search", params={"q": "tests", "limit": 1, "by": "relevance"})).json()
        assert first["next_cursor"]
        assert (await server.client("eve").get("/search", params={"q": "redis"})).json() == {
            "items": [],
            "next_cursor": None,
        }
        assert (await api.delete(f"/interviews/{interview}")).status_code == 200
        assert (await api.get("/search", params={"q": "redis"})).json()["items"] == []


BAD: Final[list[tuple[dict[str, str], int, str]]] = [
    ({}, 422, "invalid_input"),
    ({"q": ""}, 422, "search_empty"),
    ({"q": "👍 !"}, 422, "search_empty"),
    ({"q": "x" * 301}, 422, "search_too_long"),
    ({"q": " ".join(f"w{n}" for n in range(40))}, 422, "search_too_long"),
    ({"q": "x", "cursor": "???"}, 400, "cursor_invalid"),
    ({"q": "x", "by": "oldest"}, 422, "invalid_input"),
    ({"q": "x", "limit": "0"}, 422, "invalid_input"),
    ({"q": "x", "from": "yesterday"}, 422, "invalid_input"),
    ({"q": "x", "roel": "candidate"}, 422, "invalid_input"),
]


async def test_bad_questions_are_refused_in_words(api: httpx.AsyncClient) -> None:
    for asked, status, code in BAD:
        answer = await api.get("/search", params=asked)
        assert (answer.status_code, answer.json()["code"]) == (status, code), asked
