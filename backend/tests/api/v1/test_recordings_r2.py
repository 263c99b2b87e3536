"""Recordings over HTTP when objects are kept on S3: the bytes go past this server, in both directions."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.fixtures.s3 import S3Bucket, anonymous, failing
from tests.fixtures.server import SAMPLES, RunningServer, SettingsFactory, running, wait_until

SAMPLE = SAMPLES / "interview-30s.wav"
PART = 400_000


@pytest.fixture
async def server(settings_with: SettingsFactory, s3_bucket: S3Bucket) -> AsyncIterator[RunningServer]:
    settings = settings_with(storage=s3_bucket.fields(), worker={"worker_in_process": False})
    async with running(settings) as shown:
        yield shown


async def new_interview(api: httpx.AsyncClient) -> str:
    return str((await api.post("/interviews", json={"title": "x"})).json()["id"])


async def begin(api: httpx.AsyncClient, interview: str) -> str:
    """An upload in parts; gives its path in the API."""
    body = {"filename": "réunion.wav", "type": "audio/wav", "size": SAMPLE.stat().st_size}
    begun = await api.post(f"/interviews/{interview}/uploads", json=body)
    assert begun.status_code == 201, begun.text
    assert begun.json()["key"].startswith("orgs/")
    return f"/interviews/{interview}/uploads/{begun.json()['uploadId']}"


async def send(api: httpx.AsyncClient, path: str, number: int, data: bytes) -> dict[str, Any]:
    """As Uppy sends a part: ask for an address, put the bytes there, keep the ETag header as it comes."""
    signed = (await api.get(f"{path}/{number}")).json()
    async with anonymous() as browser:
        sent = await browser.request(signed["method"], signed["url"], content=data, headers=signed["headers"])
    assert sent.status_code == 200, sent.text
    return {"PartNumber": number, "ETag": sent.headers["etag"]}


async def send_all(api: httpx.AsyncClient, path: str, data: bytes, size: int = PART) -> list[dict[str, Any]]:
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return [await send(api, path, number, piece) for number, piece in enumerate(pieces, 1)]


class TestMultipart:
    async def test_a_browser_uploads_in_parts_plays_and_deletes(
        self, server: RunningServer, s3_bucket: S3Bucket
    ) -> None:
        api, data = server.client(), SAMPLE.read_bytes()
        interview = await new_interview(api)
        path = await begin(api, interview)
        parts = await send_all(api, path, data)
        listed = (await api.get(path)).json()
        assert [(p["PartNumber"], f'"{p["ETag"]}"') for p in listed] == [
            (p["PartNumber"], p["ETag"]) for p in parts
        ]
        done = await api.post(f"{path}/complete", json={"parts": parts})
        assert done.status_code == 200, done.text
        assert done.json()["interview"]["recording"]["duration"] == pytest.approx(30.0, abs=0.1)
        assert (await api.post(f"{path}/complete", json={"parts": parts})).status_code == 200

        sent_to = await api.get(f"/interviews/{interview}/recording")
        assert sent_to.status_code == 307
        address = sent_to.headers["location"]
        assert address.startswith(f"{s3_bucket.server.url}/{s3_bucket.name}/orgs/")
        async with anonymous() as browser:
            whole = await browser.get(address)
            some = await browser.get(address, headers={"Range": "bytes=44-143"})
        assert hashlib.sha256(whole.content).digest() == hashlib.sha256(data).digest()
        assert whole.headers["content-type"] == "audio/wav"
        assert "r%C3%A9union.wav" in whole.headers["content-disposition"]
        assert (some.status_code, some.content) == (206, data[44:144])

        receipt = (await api.delete(f"/interviews/{interview}")).json()
        assert receipt["objects"] == 1
        assert s3_bucket.objects() == []
        async with anonymous() as browser:
            assert (await browser.get(address)).is_client_error

    async def test_the_parts_never_pass_through_this_server(self, server: RunningServer) -> None:
        api = server.client()
        signed = (await api.get(f"{await begin(api, await new_interview(api))}/1")).json()
        assert urlsplit(signed["url"]).netloc != urlsplit(server.url).netloc

    async def test_parts_of_unequal_size_are_refused_and_can_be_sent_again(
        self, server: RunningServer
    ) -> None:
        api, data = server.client(), SAMPLE.read_bytes()
        path = await begin(api, await new_interview(api))
        parts = await send_all(api, path, data)
        short = await send(api, path, 2, data[PART : 2 * PART - 1])
        refused = await api.post(f"{path}/complete", json={"parts": [parts[0], short, *parts[2:]]})
        assert (refused.status_code, refused.json()["code"]) == (422, "parts_invalid")
        assert refused.json()["part_number"] == 2
        again = await send(api, path, 2, data[PART : 2 * PART])
        done = await api.post(f"{path}/complete", json={"parts": [parts[0], again, *parts[2:]]})
        assert done.status_code == 200

    async def test_deleting_the_interview_ends_an_unfinished_upload(
        self, server: RunningServer, s3_bucket: S3Bucket
    ) -> None:
        api = server.client()
        interview = await new_interview(api)
        await send(api, await begin(api, interview), 1, b"x" * 1000)
        assert len(s3_bucket.uploads()) == 1
        await api.delete(f"/interviews/{interview}")
        assert s3_bucket.uploads() == []

    async def test_what_is_not_media_leaves_nothing(self, server: RunningServer, s3_bucket: S3Bucket) -> None:
        api = server.client()
        path = await begin(api, await new_interview(api))
        part = await send(api, path, 1, b"%PDF-1.7 " * 500)
        answer = await api.post(f"{path}/complete", json={"parts": [part]})
        assert (answer.status_code, answer.json()["code"]) == (415, "not_media")
        assert s3_bucket.objects() == []


class TestPut:
    async def test_a_stream_goes_through_this_server_into_the_bucket(
        self, server: RunningServer, s3_bucket: S3Bucket
    ) -> None:
        api, data = server.client(), SAMPLE.read_bytes()
        interview = await new_interview(api)

        async def chunks() -> AsyncIterator[bytes]:
            for at in range(0, len(data), 65_536):
                yield data[at : at + 65_536]

        answer = await api.put(f"/interviews/{interview}/recording", content=chunks())
        assert answer.status_code == 202, answer.text
        assert answer.json()["recording"]["size"] == len(data)
        back = await api.get(f"/interviews/{interview}/recording", follow_redirects=True)
        assert back.content == data
        assert len(s3_bucket.objects()) == 1

    @pytest.mark.parametrize(
        ("fault", "status", "code"),
        [((403, "AccessDenied"), 502, "storage_rejected"), ((503, "SlowDown"), 503, "storage_unavailable")],
    )
    async def test_a_store_that_fails_is_named_without_its_keys(
        self, server: RunningServer, s3_bucket: S3Bucket, fault: tuple[int, str], status: int, code: str
    ) -> None:
        api = server.client()
        interview = await new_interview(api)
        s3_bucket.server.fault = failing(*fault)
        answer = await api.put(f"/interviews/{interview}/recording", content=SAMPLE.read_bytes())
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert "test-" not in answer.text
        s3_bucket.server.fault = None
        again = await api.put(f"/interviews/{interview}/recording", content=SAMPLE.read_bytes())
        assert again.status_code == 202

    async def test_a_store_that_is_silent_after_the_upload_does_not_cost_the_recording(
        self, server: RunningServer, s3_bucket: S3Bucket
    ) -> None:
        """The parts are joined, then the store fails: the client repeats the call and nothing was lost."""
        api, data = server.client(), SAMPLE.read_bytes()
        path = await begin(api, await new_interview(api))
        parts = await send_all(api, path, data)
        s3_bucket.server.fault = lambda seen: (503, "SlowDown") if seen.method in ("HEAD", "DELETE") else None
        failed = await api.post(f"{path}/complete", json={"parts": parts})
        assert failed.status_code == 503
        s3_bucket.server.fault = None
        assert (await api.post(f"{path}/complete", json={"parts": parts})).status_code == 200


class TestPipeline:
    async def test_the_worker_prepares_a_recording_from_the_bucket(
        self, settings_with: SettingsFactory, s3_bucket: S3Bucket
    ) -> None:
        async with running(settings_with(storage=s3_bucket.fields())) as server:
            api = server.client()
            interview = await new_interview(api)
            await api.put(f"/interviews/{interview}/recording", content=SAMPLE.read_bytes())
            await wait_until(api, interview, "transcribing", "ingesting", "analysing", "done", "failed")
            peaks = (await api.get(f"/interviews/{interview}/recording/peaks")).json()
            assert peaks["version"] == 2
            assert any(key.endswith("peaks.json") for key in s3_bucket.objects())
            await api.delete(f"/interviews/{interview}")
            assert s3_bucket.objects() == []
