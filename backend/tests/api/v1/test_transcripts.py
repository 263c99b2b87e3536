"""Transcripts over HTTP: brought along, read whole and page by page."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from app.api.v1.schemas.interviews import InterviewSummary
from app.api.v1.schemas.transcripts import TranscriptOut, UtterancePage
from app.repositories.values import ROW_FIELDS
from tests.api.v1.test_recordings import new_interview
from tests.fixtures.server import SAMPLES, RunningServer, SettingsFactory, running, wait_until

VTT = b"WEBVTT\n\n00:01.000 --> 00:04.000\n<v Sarah>What did you build?\n\n00:05.000 --> 00:09.000\n<v Daniel>A queue.\n"


async def with_transcript(api: httpx.AsyncClient, data: bytes) -> str:
    interview = await new_interview(api)
    answer = await api.put(f"/interviews/{interview}/transcript", content=data)
    assert answer.status_code == 202, answer.text
    await wait_until(api, interview, "done")
    return interview


class TestImport:
    async def test_the_answer_says_what_was_taken(self, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        answer = await api.put(
            f"/interviews/{interview}/transcript", content=VTT, headers={"X-Filename": "meeting%20one.vtt"}
        )
        assert answer.json()["status"] == "ingesting"
        assert answer.json()["imported"]["filename"] == "meeting one.vtt"
        assert answer.json()["imported"]["size"] == len(VTT)

    async def test_a_second_one_replaces_the_first_and_fences_its_worker(
        self, api: httpx.AsyncClient
    ) -> None:
        interview = await new_interview(api)
        await api.put(f"/interviews/{interview}/transcript", content=VTT)
        again = await api.put(f"/interviews/{interview}/transcript", content=VTT + b"\n")
        assert again.status_code == 202
        assert again.json()["imported"]["size"] == len(VTT) + 1

    async def test_a_later_one_becomes_the_next_revision(self, settings_with: SettingsFactory) -> None:
        async with running(settings_with()) as server:
            api = server.client()
            interview = await with_transcript(api, VTT)
            await api.put(f"/interviews/{interview}/transcript", content=VTT.replace(b"queue", b"database"))
            await wait_until(api, interview, "done")
            path = f"/interviews/{interview}/transcript"
            newest, first = (await api.get(path)).json(), (await api.get(path, params={"revision": 1})).json()
            assert (newest["revision"], first["revision"]) == (2, 1)
            assert newest["utterances"][1]["text"] == "A database."
            assert first["utterances"][1]["text"] == "A queue."
            assert (await api.get(path, params={"revision": 3})).status_code == 404


class TestRead:
    async def test_before_there_is_one_it_is_404_with_the_state(self, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        answer = await api.get(f"/interviews/{interview}/transcript")
        assert (answer.status_code, answer.json()["code"]) == (404, "transcript_missing")
        assert answer.json()["status"] == "created" or "created" in answer.json()["detail"]

    async def test_pages_are_the_whole_in_pieces(self, settings_with: SettingsFactory) -> None:
        async with running(settings_with()) as server:
            api = server.client()
            interview = await with_transcript(api, (SAMPLES / "script.json").read_bytes())
            path = f"/interviews/{interview}/transcript"
            whole = (await api.get(path)).json()
            TranscriptOut.model_validate(whole, strict=False)
            pieces: list[dict[str, Any]] = []
            params: dict[str, Any] = {"limit": 10}
            while True:
                page = (await api.get(f"{path}/utterances", params=params)).json()
                UtterancePage.model_validate(page)
                pieces += page["items"]
                assert page["total"] == len(whole["utterances"])
                assert page["transcript"] == {k: v for k, v in whole.items() if k != "utterances"}
                if page["next_cursor"] is None:
                    break
                params["cursor"] = page["next_cursor"]
            assert pieces == whole["utterances"]

            # A cursor stays with its revision, although a newer one has come.
            await api.put(path, content=VTT)
            await wait_until(api, interview, "done")
            rest = (await api.get(f"{path}/utterances", params={"limit": 500, "cursor": "1.10"})).json()
            assert rest["items"] == whole["utterances"][10:]

    async def test_with_and_without_parameters_it_is_the_same_and_kept_from_the_same_people(
        self, settings_with: SettingsFactory
    ) -> None:
        async with running(settings_with()) as server:
            api = server.client()
            interview = await with_transcript(api, VTT)
            organisation = (await api.get("/me")).json()["organisations"][0]["id"]
            path = f"/interviews/{interview}/transcript"
            for parameters in ({}, {"revision": 1}):
                chosen = {"X-Organization": organisation}
                answer = await api.get(path, params=parameters, headers=chosen)
                assert answer.json()["utterances"][1]["text"] == "A queue."
                assert answer.headers["etag"].removeprefix("W/") == '"1"'
                elsewhere = await api.get(path, params=parameters, headers={"X-Organization": "other"})
                assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "not_a_member")
                assert (await server.client("eve").get(path, params=parameters)).status_code == 404
                assert (await server.client(None).get(path, params=parameters)).status_code == 401

    @pytest.mark.parametrize("cursor", ["x", "1", "1.", "1.-1", "0.1", "1.1.1", "1.٣"])
    async def test_a_cursor_of_nobodys_is_400(self, api: httpx.AsyncClient, cursor: str) -> None:
        interview = await new_interview(api)
        answer = await api.get(f"/interviews/{interview}/transcript/utterances", params={"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (400, "cursor_invalid")

    async def test_another_organisations_is_404(self, server: RunningServer) -> None:
        interview = await new_interview(server.client("ada"))
        bob = server.client("bob")
        for path in ("transcript", "transcript/utterances", "analysis", "analyses"):
            assert (await bob.get(f"/interviews/{interview}/{path}")).status_code == 404
        assert (await bob.put(f"/interviews/{interview}/transcript", content=VTT)).status_code == 404


class TestListedRows:
    async def test_they_are_what_the_schema_promises(self, api: httpx.AsyncClient) -> None:
        """The list is sent as it is stored, so nothing but this keeps it in line with the schema."""
        assert InterviewSummary.model_fields.keys() == ROW_FIELDS
        body = {
            "title": "Zoë “x\u2028y” 👍",
            "candidate": {"name": "D", "email": "d@example.com"},
            "tags": ["a"],
        }
        created = (await api.post("/interviews", json=body)).json()
        [row] = (await api.get("/interviews")).json()["items"]
        assert row == {name: created[name] for name in ROW_FIELDS}
        assert InterviewSummary.model_validate_json(json.dumps(row)).title == body["title"]
