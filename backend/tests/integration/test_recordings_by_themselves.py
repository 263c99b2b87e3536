"""Recordings that come by themselves: from a call to a debrief, through a real server and the real pipeline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from pydantic import SecretStr

from app.core.config import Settings
from app.core.container import open_container
from app.models.interview import Interview
from tests.api.v1.test_recordings import stored_objects, tone
from tests.fixtures.connected import PRIVATE, call_signed, connect_programs, connect_zoom, files_of
from tests.fixtures.server import PATIENCE, RunningServer, make_settings, running, wait_until
from tests.standins.zoom.meetings import Meeting, Stretch, sample_transcript
from tests.standins.zoom.server import Zoom

QUICK = {"worker_backoff_seconds": 0.05}
SOFTWARE = {"template": {"id": "builtin-software-engineer"}}


def settings_of(tmp_path: Path, **groups: Any) -> Settings:
    return make_settings(tmp_path, **{"outgoing": PRIVATE, "worker": QUICK, **groups})


@asynccontextmanager
async def site(tmp_path: Path, **groups: Any) -> AsyncIterator[RunningServer]:
    async with running(settings_of(tmp_path, **groups)) as server:
        yield server


@pytest.fixture(params=["sqlite", "mongo"])
async def each_site(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[RunningServer]:
    database: dict[str, Any] = {}
    if request.param == "mongo":
        database = {
            "database_url": SecretStr(request.getfixturevalue("mongodb_url")),
            "database_name": request.getfixturevalue("mongodb_name"),
        }
    async with site(tmp_path, database=database) as server:
        yield server


def a_meeting(**files: bytes) -> Meeting:
    """With the whole conversation in its transcript, and a recording that is quick to look through."""
    content = {"M4A": tone(2), "MP4": tone(1), "TRANSCRIPT": sample_transcript()}
    return Meeting([Stretch(files or content)], host_email="sarah@example.com")


async def told(zoom: Zoom, connection: dict[str, Any], meeting: Meeting, **options: Any) -> str:
    answer = await zoom.tell(connection["webhook_url"], meeting, **options)
    assert answer.status_code == 200, answer.text
    (interview_id,) = answer.json()["interview_ids"]
    return str(interview_id)


async def as_stored(server: RunningServer, interview_id: str) -> Interview:
    async with open_container(server.settings) as container:
        found = await container.repositories.jobs.get(interview_id)
    assert found is not None
    return found


async def failed(api: httpx.AsyncClient, interview_id: str) -> dict[str, Any]:
    interview = await wait_until(api, interview_id, "failed", "done")
    assert interview["status"] == "failed"
    failure: dict[str, Any] = interview["failure"]
    return failure


class TestZoom:
    async def test_a_recorded_meeting_becomes_a_debrief_by_itself(
        self, each_site: RunningServer, zoom: Zoom
    ) -> None:
        api = each_site.client()
        interview = await told(zoom, await connect_zoom(api, defaults=SOFTWARE), a_meeting())
        done = await wait_until(api, interview, "done", "failed")
        assert done["status"] == "done", done["failure"]
        assert [s["step"] for s in done["history"]] == [
            "fetching",
            "preparing",
            "ingesting",
            "analysing",
            "notifying",
        ]
        assert (done["recording"]["duration"], done["imported"]["filename"]) == (2.0, "transcript.vtt")
        transcript = (await api.get(f"/interviews/{interview}/transcript")).json()
        assert transcript["engine"]["kind"] == "imported"
        assert {s["name"] for s in transcript["speakers"]} == {"Sarah", "Daniel"}
        debrief = (await api.get(f"/interviews/{interview}/analysis")).json()
        assert debrief["question_answers"]
        assert (await api.get(f"/interviews/{interview}/recording")).content == tone(2)
        stored = await as_stored(each_site, interview)
        assert stored.source is not None
        assert stored.source.token is None

    async def test_a_transcript_that_comes_later_takes_the_place_of_ours(
        self, tmp_path: Path, zoom: Zoom
    ) -> None:
        async with site(tmp_path) as server:
            api = server.client()
            connection = await connect_zoom(api)
            meeting = a_meeting(M4A=tone(2), TRANSCRIPT=sample_transcript())
            interview = await told(zoom, connection, meeting, without=["TRANSCRIPT"])
            await wait_until(api, interview, "done")
            late = (await zoom.tell_transcript(connection["webhook_url"], meeting)).json()
            assert late == {"outcome": "accepted", "interview_ids": [interview]}
            async with asyncio.timeout(PATIENCE):
                while (await api.get(f"/interviews/{interview}")).json()["imported"] is None:
                    await asyncio.sleep(0.05)
            done = await wait_until(api, interview, "done", "failed")
            assert (done["transcript_revision"], done["analysis_revision"], done["outdated"]) == (2, 2, [])
            transcript = (await api.get(f"/interviews/{interview}/transcript")).json()
            assert transcript["engine"]["kind"] == "imported"
            again = (await zoom.tell_transcript(connection["webhook_url"], meeting)).json()
            assert again["outcome"] == "duplicate"
            # The recording was here already.
            assert len(files_of(zoom)) == 2

    async def test_a_late_transcript_of_no_use_leaves_everything_as_it_was(
        self, tmp_path: Path, zoom: Zoom
    ) -> None:
        async with site(tmp_path) as server:
            api = server.client()
            connection = await connect_zoom(api)
            meeting = a_meeting(M4A=tone(1), TRANSCRIPT=b"%PDF-1.7 \x00")
            interview = await told(zoom, connection, meeting, without=["TRANSCRIPT"])
            before = await wait_until(api, interview, "done")
            await zoom.tell_transcript(connection["webhook_url"], meeting)
            async with asyncio.timeout(PATIENCE):
                while (now := (await api.get(f"/interviews/{interview}")).json())["version"] < before[
                    "version"
                ] + 3:
                    await asyncio.sleep(0.05)
            assert now["status"] == "done"
            assert now["source"]["transcript_problem"]
            assert (now["transcript_revision"], now["analysis_revision"]) == (1, 1)

    async def test_a_transcript_that_cannot_be_used_does_not_hold_the_recording_up(
        self, tmp_path: Path, zoom: Zoom
    ) -> None:
        async with site(tmp_path) as server:
            api = server.client()
            meeting = a_meeting(M4A=tone(1), TRANSCRIPT=b"")
            interview = await told(zoom, await connect_zoom(api), meeting)
            done = await wait_until(api, interview, "done", "failed")
            assert done["status"] == "done", done["failure"]
            assert done["imported"] is None
            assert done["source"]["transcript_problem"]


class TestTokens:
    @pytest.mark.parametrize("hops", [1, 5])
    async def test_the_token_stays_with_zoom_when_downloads_are_redirected(
        self, tmp_path: Path, zoom: Zoom, hops: int
    ) -> None:
        zoom.switches.store = f"http://localhost:{urlsplit(zoom.address).port}"
        zoom.switches.hops = hops
        async with site(tmp_path) as server:
            api = server.client()
            interview = await told(zoom, await connect_zoom(api), a_meeting(M4A=tone(1)))
            await wait_until(api, interview, "preparing", "transcribing", "analysing", "notifying", "done")
        assert zoom.violations == []
        assert [a.authorization is not None for a in zoom.asked] == [True] + [False] * hops

    async def test_more_than_five_redirects_are_refused(self, tmp_path: Path, zoom: Zoom) -> None:
        zoom.switches.store, zoom.switches.hops = zoom.address, 6
        async with site(tmp_path) as server:
            api = server.client()
            failure = await failed(api, await told(zoom, await connect_zoom(api), a_meeting(M4A=tone(1))))
        assert failure["code"] == "source_refused"

    async def test_an_expired_token_is_said_to_be_so_and_the_recording_can_be_brought_by_hand(
        self, tmp_path: Path, zoom: Zoom
    ) -> None:
        zoom.switches.token_expired = True
        async with site(tmp_path) as server:
            api = server.client()
            interview = await told(zoom, await connect_zoom(api), a_meeting(M4A=tone(1)))
            failure = await failed(api, interview)
            assert (failure["code"], failure["step"], failure["attempts"]) == (
                "source_refused",
                "fetching",
                1,
            )
            by_hand = await api.put(f"/interviews/{interview}/recording", content=tone(1))
            assert by_hand.status_code == 202
            await wait_until(api, interview, "done")
            assert (await as_stored(server, interview)).recording is not None


class TestFailures:
    async def test_what_may_pass_is_tried_again(self, tmp_path: Path, zoom: Zoom) -> None:
        zoom.switches.fail_with = [503, 429]
        zoom.switches.truncate = 1
        async with site(tmp_path) as server:
            api = server.client()
            interview = await told(zoom, await connect_zoom(api), a_meeting(M4A=tone(3)))
            done = await wait_until(api, interview, "done", "failed")
            assert done["status"] == "done", done["failure"]
            fetches = [(s["outcome"], s["code"]) for s in done["history"] if s["step"] == "fetching"]
            assert fetches == [("retry", "source_unavailable")] * 3 + [("committed", None)]
            fetched = [o.name for o in await stored_objects(server) if o.parent.name == "fetched"]
            assert [name for name in fetched if not name.startswith(".")] == ["4"]

    async def test_a_person_can_have_it_tried_again(self, tmp_path: Path, zoom: Zoom) -> None:
        zoom.switches.fail_with = [404]
        async with site(tmp_path) as server:
            api = server.client()
            interview = await told(zoom, await connect_zoom(api), a_meeting(M4A=tone(1)))
            assert (await failed(api, interview))["code"] == "source_refused"
            assert (await api.post(f"/interviews/{interview}/retry")).status_code == 202
            await wait_until(api, interview, "done")

    @pytest.mark.parametrize(
        ("content", "code"),
        [(b"%PDF-1.7 not a recording", "not_media"), (b"", "recording_empty")],
        ids=["a PDF", "nothing"],
    )
    async def test_what_is_not_a_recording_leaves_nothing_behind(
        self, tmp_path: Path, zoom: Zoom, content: bytes, code: str
    ) -> None:
        async with site(tmp_path) as server:
            api = server.client()
            meeting = a_meeting(M4A=content, TRANSCRIPT=sample_transcript())
            failure = await failed(api, await told(zoom, await connect_zoom(api), meeting))
            assert (failure["step"], failure["code"], failure["attempts"]) == ("fetching", code, 1)
            assert await stored_objects(server) == []

    async def test_a_page_that_asks_to_sign_in_is_no_recording(self, tmp_path: Path, zoom: Zoom) -> None:
        zoom.switches.sign_in_page = 1
        async with site(tmp_path) as server:
            api = server.client()
            failure = await failed(api, await told(zoom, await connect_zoom(api), a_meeting(M4A=tone(1))))
            assert failure["code"] == "not_media"
            assert "web page" in failure["message"]

    @pytest.mark.parametrize("unannounced", [False, True])
    async def test_more_than_may_be_uploaded_may_not_be_fetched(
        self, tmp_path: Path, zoom: Zoom, unannounced: bool
    ) -> None:
        zoom.switches.unannounced = unannounced
        async with site(tmp_path, limits={"max_upload_bytes": 20_000}) as server:
            api = server.client()
            failure = await failed(api, await told(zoom, await connect_zoom(api), a_meeting(M4A=tone(2))))
            assert failure["code"] == ("object_too_large" if unannounced else "upload_too_large")
            assert failure["attempts"] == 1
            assert await stored_objects(server) == []

    @pytest.mark.parametrize(
        "target", ["http://127.0.0.1:1/x", "http://169.254.169.254/latest", "http://[::1]/"]
    )
    async def test_a_redirect_to_an_address_inside_is_refused(
        self, tmp_path: Path, zoom: Zoom, target: str
    ) -> None:
        """`localhost` is vouched for here, and what it redirects to is not."""
        zoom.switches.redirect_to = target
        url = f"http://localhost:{urlsplit(zoom.address).port}/rec/webhook_download/x"
        async with site(tmp_path, outgoing={"outgoing_private_hosts": ("localhost",)}) as server:
            api = server.client()
            answer = await call_signed(await connect_programs(api), {"url": url, "title": "x"})
            (interview,) = answer.json()["interview_ids"]
            failure = await failed(api, interview)
            assert (failure["code"], failure["attempts"]) == ("unsafe_address", 1)

    async def test_deleting_the_interview_in_the_middle_leaves_nothing(
        self, tmp_path: Path, zoom: Zoom
    ) -> None:
        zoom.switches.hang = 1
        async with site(tmp_path, worker={**QUICK, "worker_lease_seconds": 0.6}) as server:
            api = server.client()
            interview = await told(zoom, await connect_zoom(api), a_meeting(M4A=tone(30)))
            async with asyncio.timeout(PATIENCE):
                while not (await api.get(f"/interviews/{interview}")).json()["progress"]:
                    await asyncio.sleep(0.05)
            assert (await api.delete(f"/interviews/{interview}")).status_code == 200
            async with asyncio.timeout(PATIENCE):
                while await stored_objects(server):
                    await asyncio.sleep(0.05)
            stored = await as_stored(server, interview)
            assert stored.source is None


class TestPrograms:
    async def test_a_recording_and_a_transcript_at_an_address(self, tmp_path: Path, zoom: Zoom) -> None:
        """The stand-in's store is any server with files."""
        meeting = a_meeting()
        async with site(tmp_path) as server:
            api = server.client()
            interview = (await api.post("/interviews", json={"title": "by hand"})).json()["id"]
            zoom.keep(meeting)
            urls = {kind: zoom.open_url(file_id) for _, kind, file_id, _ in meeting.files()}
            connection = await connect_programs(api)
            body = {"url": urls["M4A"], "transcript_url": urls["TRANSCRIPT"], "title": "Told"}
            (called,) = (await call_signed(connection, body)).json()["interview_ids"]
            fetched = await api.post(f"/interviews/{interview}/recording/fetch", json={"url": urls["MP4"]})
            assert fetched.status_code == 202
            done = await wait_until(api, called, "done", "failed")
            assert done["status"] == "done", done["failure"]
            assert done["imported"]
            by_hand = await wait_until(api, interview, "done", "failed")
            assert by_hand["status"] == "done", by_hand["failure"]

    async def test_a_transcript_that_a_person_brings_meanwhile_does_not_lose_the_recording(
        self, tmp_path: Path, zoom: Zoom
    ) -> None:
        zoom.switches.hang = 1
        async with site(tmp_path, worker={**QUICK, "worker_lease_seconds": 0.6}) as server:
            api = server.client()
            interview = await told(zoom, await connect_zoom(api), a_meeting(M4A=tone(30)))
            async with asyncio.timeout(PATIENCE):
                while not (await api.get(f"/interviews/{interview}")).json()["progress"]:
                    await asyncio.sleep(0.05)
            await api.put(f"/interviews/{interview}/transcript", content=sample_transcript())
            done = await wait_until(api, interview, "done", "failed")
            assert done["status"] == "done", done["failure"]
            assert done["recording"]["duration"] == 30.0
            assert done["transcript_revision"] == 1
