"""Recordings over HTTP: in one piece, in parts, and back."""

from __future__ import annotations

import asyncio
import hashlib
import math
import struct
import wave
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog.testing

from tests.fixtures.loopback import UNUSED_TLS
from tests.fixtures.server import SAMPLES, RunningServer, SettingsFactory, running, token_for, wait_until

SAMPLE = SAMPLES / "interview-30s.wav"


def tone(seconds: float = 1.0, *, rate: int = 8000) -> bytes:
    """A WAV file with a tone."""
    buffer = BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        samples = (int(9000 * math.sin(2 * math.pi * 440 * i / rate)) for i in range(int(seconds * rate)))
        file.writeframes(b"".join(struct.pack("<h", s) for s in samples))
    return buffer.getvalue()


async def new_interview(api: httpx.AsyncClient) -> str:
    return str((await api.post("/interviews", json={"title": "x"})).json()["id"])


async def stored_objects(server: RunningServer) -> list[Path]:
    root = server.settings.server.data_dir / "objects" / "files"
    return await asyncio.to_thread(lambda: [p for p in root.rglob("*") if p.is_file()])


class TestPut:
    async def test_a_recording_starts_the_pipeline(self, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        answer = await api.put(
            f"/interviews/{interview}/recording",
            content=SAMPLE.read_bytes(),
            headers={"X-Filename": "..%2F..%2Fr%C3%A9union.wav", "Content-Type": "audio/mpeg"},
        )
        assert answer.status_code == 202
        body = answer.json()
        assert body["status"] == "preparing"
        recording = body["recording"]
        assert recording["filename"] == "réunion.wav"
        assert recording["content_type"] == "audio/wav", "found by looking, not by the claim"
        assert recording["duration"] == pytest.approx(30.0, abs=0.1)
        assert recording["size"] == SAMPLE.stat().st_size

    @pytest.mark.parametrize(
        ("content", "status", "code"),
        [
            (b"", 422, "recording_empty"),
            (b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n" * 40, 415, "not_media"),
            (b"just some words, not sound. " * 100, 415, "not_media"),
            (b"\x89PNG\r\n\x1a\n" + bytes(500), 415, "not_media"),
        ],
        ids=["zero bytes", "a PDF named .mp3", "text", "a picture"],
    )
    async def test_what_is_not_a_recording_is_refused_and_leaves_nothing(
        self, server: RunningServer, content: bytes, status: int, code: str
    ) -> None:
        api = server.client()
        interview = await new_interview(api)
        answer = await api.put(
            f"/interviews/{interview}/recording", content=content, headers={"X-Filename": "talk.mp3"}
        )
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert (await api.get(f"/interviews/{interview}")).json()["status"] == "created"
        assert await stored_objects(server) == []
        again = await api.put(f"/interviews/{interview}/recording", content=tone())
        assert again.status_code == 202, "a refused file does not use up the interview"

    async def test_a_recording_cut_in_half_is_kept_and_the_cut_is_named(self, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        whole = SAMPLE.read_bytes()
        answer = await api.put(f"/interviews/{interview}/recording", content=whole[: len(whole) // 2])
        assert answer.status_code == 202
        assert [p["code"] for p in answer.json()["recording"]["problems"]] == ["truncated"]

    async def test_an_m4a_that_lost_its_end_is_named(self, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        whole = (SAMPLES / "interview-stereo.m4a").read_bytes()
        answer = await api.put(f"/interviews/{interview}/recording", content=whole[: len(whole) // 2])
        seen = answer.json().get("code") or [p["code"] for p in answer.json()["recording"]["problems"]]
        assert seen in ("recording_truncated", ["truncated"])

    async def test_a_second_recording_is_refused(self, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        await api.put(f"/interviews/{interview}/recording", content=tone())
        answer = await api.put(f"/interviews/{interview}/recording", content=tone())
        assert (answer.status_code, answer.json()["code"]) == (409, "recording_exists")

    async def test_over_the_limit_is_413_declared_or_not(self, settings_with: SettingsFactory) -> None:
        settings = settings_with(limits={"max_upload_bytes": 10_000}, worker={"worker_in_process": False})
        async with running(settings) as server:
            api = server.client()
            interview = await new_interview(api)
            declared = await api.put(f"/interviews/{interview}/recording", content=bytes(10_001))
            assert declared.status_code == 413

            async def chunks():
                for _ in range(11):
                    yield bytes(1000)

            streamed = await api.put(f"/interviews/{interview}/recording", content=chunks())
            assert streamed.status_code == 413
            assert await stored_objects(server) == []

    async def test_an_upload_that_breaks_off_is_no_crash_and_leaves_nothing(
        self, server: RunningServer
    ) -> None:
        interview = await new_interview(server.client())
        host, port = server.url.removeprefix("http://").split(":")
        with structlog.testing.capture_logs() as logs:
            _, writer = await asyncio.open_connection(host, int(port))
            writer.write(
                f"PUT /api/v1/interviews/{interview}/recording HTTP/1.1\r\nHost: {host}\r\n"
                f"Authorization: Bearer {token_for('ada')}\r\nContent-Length: 9000\r\n\r\n".encode()
            )
            writer.write(bytes(1000))
            await writer.drain()
            writer.close()
            await writer.wait_closed()
            async with asyncio.timeout(60):
                while not [log for log in logs if log["event"].startswith("request.")]:
                    await asyncio.sleep(0.01)
        assert "request.crashed" not in {log["event"] for log in logs}
        assert "request.abandoned" in {log["event"] for log in logs}
        assert await stored_objects(server) == []


class TestMultipart:
    async def begin(self, api: httpx.AsyncClient, interview: str) -> dict[str, Any]:
        answer = await api.post(
            f"/interviews/{interview}/uploads", json={"filename": "talk.wav", "type": "audio/wav"}
        )
        assert answer.status_code == 201
        return answer.json()

    async def send(self, api: httpx.AsyncClient, path: str, number: int, data: bytes) -> dict[str, Any]:
        signed = (await api.get(f"{path}/{number}")).json()
        async with httpx.AsyncClient(trust_env=False, verify=UNUSED_TLS) as nobody:
            sent = await nobody.request(
                signed["method"], signed["url"], content=data, headers=signed["headers"]
            )
        assert sent.status_code == 200, sent.text
        return {"PartNumber": number, "ETag": sent.headers["etag"]}

    async def test_the_parts_in_any_order_become_the_recording(self, server: RunningServer) -> None:
        api = server.client()
        interview = await new_interview(api)
        begun = await self.begin(api, interview)
        path = f"/interviews/{interview}/uploads/{begun['uploadId']}"
        data = SAMPLE.read_bytes()
        second = await self.send(api, path, 2, data[400_000:])
        first = await self.send(api, path, 1, data[:400_000])
        listed = (await api.get(path)).json()
        assert [(p["PartNumber"], p["Size"]) for p in listed] == [(1, 400_000), (2, len(data) - 400_000)]
        answer = await api.post(f"{path}/complete", json={"parts": [first, second]})
        assert answer.status_code == 200
        assert answer.json()["interview"]["status"] == "preparing"
        back = await api.get(answer.json()["location"].removeprefix("/api/v1"))
        assert hashlib.sha256(back.content).digest() == hashlib.sha256(data).digest()
        assert (await api.post(f"{path}/complete", json={"parts": [first, second]})).status_code == 200

    async def test_completing_twice_at_once_keeps_the_one_recording(self, server: RunningServer) -> None:
        """A client that lost the answer repeats the call, perhaps while the first is still at work."""
        api = server.client()
        interview = await new_interview(api)
        path = f"/interviews/{interview}/uploads/{(await self.begin(api, interview))['uploadId']}"
        part = await self.send(api, path, 1, SAMPLE.read_bytes())
        answers = await asyncio.gather(
            *(api.post(f"{path}/complete", json={"parts": [part]}) for _ in range(6))
        )
        assert [a.status_code for a in answers] == [200] * 6, [a.text for a in answers]
        back = await api.get(f"/interviews/{interview}/recording", follow_redirects=True)
        assert back.content == SAMPLE.read_bytes()
        assert (await api.get(f"/interviews/{interview}")).json()["status"] == "preparing"

    async def test_wrong_lists_of_parts_are_refused_and_the_upload_stays(
        self, api: httpx.AsyncClient
    ) -> None:
        interview = await new_interview(api)
        path = f"/interviews/{interview}/uploads/{(await self.begin(api, interview))['uploadId']}"
        data = tone(2)
        first = await self.send(api, path, 1, data[:9000])
        second = await self.send(api, path, 2, data[9000:])
        for parts in (
            [second, first],
            [first, {**second, "ETag": "wrong"}],
            [first, second, {"PartNumber": 3, "ETag": "missing"}],
        ):
            answer = await api.post(f"{path}/complete", json={"parts": parts})
            assert (answer.status_code, answer.json()["code"]) == (422, "parts_invalid")
        assert (await api.post(f"{path}/complete", json={"parts": [first, second]})).status_code == 200

    async def test_it_resumes_after_a_restart(self, settings_with: SettingsFactory) -> None:
        settings = settings_with(worker={"worker_in_process": False})
        data = tone(2)
        async with running(settings) as server:
            api = server.client()
            interview = await new_interview(api)
            begun = await self.begin(api, interview)
            path = f"/interviews/{interview}/uploads/{begun['uploadId']}"
            first = await self.send(api, path, 1, data[:9000])
        async with running(settings) as server:
            api = server.client()
            listed = (await api.get(path)).json()
            assert [(p["PartNumber"], f'"{p["ETag"]}"') for p in listed] == [(1, first["ETag"])]
            second = await self.send(api, path, 2, data[9000:])
            assert (await api.post(f"{path}/complete", json={"parts": [first, second]})).status_code == 200

    async def test_an_aborted_upload_is_gone(self, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        path = f"/interviews/{interview}/uploads/{(await self.begin(api, interview))['uploadId']}"
        assert (await api.delete(path)).status_code == 204
        answer = await api.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "upload_not_found")

    async def test_what_is_not_media_is_refused_at_completion(self, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        path = f"/interviews/{interview}/uploads/{(await self.begin(api, interview))['uploadId']}"
        part = await self.send(api, path, 1, b"%PDF-1.7 " * 500)
        answer = await api.post(f"{path}/complete", json={"parts": [part]})
        assert (answer.status_code, answer.json()["code"]) == (415, "not_media")

    async def test_a_changed_address_is_refused(self, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        path = f"/interviews/{interview}/uploads/{(await self.begin(api, interview))['uploadId']}"
        signed = (await api.get(f"{path}/1")).json()
        async with httpx.AsyncClient(trust_env=False, verify=UNUSED_TLS) as nobody:
            other = await nobody.put(signed["url"].replace("/parts/1", "/parts/2"), content=b"x")
        assert (other.status_code, other.json()["code"]) == (403, "signature_invalid")


class TestPlayback:
    async def test_ranges_and_etags(self, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        data = tone()
        await api.put(f"/interviews/{interview}/recording", content=data)
        path = f"/interviews/{interview}/recording"
        whole = await api.get(path)
        assert whole.content == data
        part = await api.get(path, headers={"Range": "bytes=100-199"})
        assert (part.status_code, part.content) == (206, data[100:200])
        assert part.headers["content-range"] == f"bytes 100-199/{len(data)}"
        assert (await api.get(path, headers={"If-None-Match": whole.headers["etag"]})).status_code == 304
        beyond = await api.get(path, headers={"Range": f"bytes={len(data)}-"})
        assert beyond.status_code == 416

    async def test_no_recording_is_404(self, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        answer = await api.get(f"/interviews/{interview}/recording")
        assert (answer.status_code, answer.json()["code"]) == (404, "recording_missing")

    async def test_the_waveform_comes_with_the_first_step(self, settings_with: SettingsFactory) -> None:
        async with running(settings_with()) as server:
            api = server.client()
            interview = await new_interview(api)
            await api.put(f"/interviews/{interview}/recording", content=tone())
            await wait_until(api, interview, "transcribing", "analysing", "done", "failed")
            peaks = (await api.get(f"/interviews/{interview}/recording/peaks")).json()
            assert peaks["version"] == 2
            assert len(peaks["data"]) == peaks["length"] * 2 * peaks["channels"]
            assert max(peaks["data"]) > 20


class TestDeleteWhileProcessing:
    async def test_nothing_stays_behind(self, settings_with: SettingsFactory) -> None:
        async with running(settings_with()) as server:
            api = server.client()
            interview = await new_interview(api)
            await api.put(f"/interviews/{interview}/recording", content=SAMPLE.read_bytes())
            await wait_until(api, interview, "transcribing")
            receipt = (await api.delete(f"/interviews/{interview}")).json()
            assert receipt["objects"] >= 1
            assert (await api.get(f"/interviews/{interview}")).status_code == 404
            assert await stored_objects(server) == []
