"""Transcripts as files over HTTP."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import unquote

import docx
import httpx

from tests.api.v1.test_recordings import new_interview
from tests.fixtures.server import SettingsFactory, running, wait_until

TALK = (
    "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Zoë Lind>What did you build?\n\n"
    "00:05.000 --> 00:09.000\n<v Daniel>A queue &lt;for&gt; שלום.\n"
).encode()
TYPES = {
    "txt": "text/plain; charset=utf-8",
    "srt": "application/x-subrip; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "json": "application/json",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


async def transcribed(api: httpx.AsyncClient, data: bytes) -> str:
    interview = await new_interview(api)
    await api.patch(f"/interviews/{interview}", json={"title": 'Zoë/"first"\u202e'})
    await bring(api, interview, data)
    return interview


async def bring(api: httpx.AsyncClient, interview: str, data: bytes) -> None:
    answer = await api.put(f"/interviews/{interview}/transcript", content=data)
    assert answer.status_code == 202, answer.text
    await wait_until(api, interview, "done")


async def test_a_transcript_is_handed_out_in_every_format_and_read_again(
    settings_with: SettingsFactory,
) -> None:
    async with running(settings_with()) as server:
        api = server.client()
        interview = await transcribed(api, TALK)
        path = f"/interviews/{interview}/transcript"
        files = {}
        for format, media_type in TYPES.items():
            answer = await api.get(f"{path}/export", params={"format": format})
            assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
            assert answer.headers["cache-control"] == "private, no-store"
            assert answer.headers["x-content-type-options"] == "nosniff"
            disposition = answer.headers["content-disposition"]
            assert unquote(disposition.partition("UTF-8''")[2]) == f"Transcript - Zoë first.{format}"
            assert disposition.startswith('attachment; filename="Transcript - Zoe first.')
            files[format] = answer.content
        paragraphs = [p.text for p in docx.Document(BytesIO(files["docx"])).paragraphs]
        assert any("Daniel" in text and "A queue <for> שלום." in text for text in paragraphs)

        before = (await api.get(path)).json()
        for format in ("txt", "srt", "vtt", "json"):
            await bring(api, interview, files[format])
            after = (await api.get(path)).json()
            assert after["revision"] > before["revision"]
            assert [u["text"] for u in after["utterances"]] == [u["text"] for u in before["utterances"]]
            assert [s["name"] for s in after["speakers"]] == [s["name"] for s in before["speakers"]]
            exact = [(u["start"], u["end"]) for u in after["utterances"]]
            assert format == "txt" or exact == [(u["start"], u["end"]) for u in before["utterances"]]

        first = await api.get(f"{path}/export", params={"format": "vtt", "revision": 1})
        assert first.content == files["vtt"]
        assert (await api.get(f"{path}/export", params={"revision": 99})).status_code == 404
        assert (await api.get(f"{path}/export", params={"format": "exe"})).status_code == 422


async def test_without_a_transcript_there_is_no_file(api: httpx.AsyncClient) -> None:
    interview = await new_interview(api)
    answer = await api.get(f"/interviews/{interview}/transcript/export")
    assert (answer.status_code, answer.json()["code"]) == (404, "transcript_missing")
