"""Recording an interview over a websocket: who may, what is kept, going on after a loss, how it ends."""

from __future__ import annotations

import asyncio
import io
import json
import wave
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from websockets.asyncio.client import connect

from app.api.v1 import live
from tests.fixtures.live import RATE, SECOND, close_code, dialled, microphone, noise, webm
from tests.fixtures.server import RunningServer, SettingsFactory, running, token_for


async def new_interview(api: httpx.AsyncClient) -> str:
    return str((await api.post("/interviews", json={"title": "x"})).json()["id"])


async def recording(api: httpx.AsyncClient, interview: str) -> bytes:
    return (await api.get(f"/interviews/{interview}/recording")).content


def samples_of(wav: bytes) -> bytes:
    with wave.open(io.BytesIO(wav), "rb") as file:
        return file.readframes(file.getnframes())


def spool(server: RunningServer) -> Path:
    return server.settings.server.data_dir / "live"


def start(**fields: Any) -> str:
    return json.dumps({"type": "start", "encoding": "linear16", **fields})


class TestWhoMayRecord:
    async def test_an_interviewer_with_a_ticket(self, server: RunningServer, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        ticket = (await api.post("/ws/ticket")).json()["ticket"]
        async with dialled(server, interview, query=f"?ticket={ticket}") as socket:
            await socket.send(start())
            assert json.loads(await socket.recv())["type"] == "ready"

    async def test_not_without_a_token(self, server: RunningServer, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        async with connect(server.websocket(f"/ws/interviews/{interview}/live")) as socket:
            assert await close_code(socket) == 4401

    async def test_not_a_viewer(self, server: RunningServer, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        invited = await api.post(
            "/organisation/invitations", json={"email": "vic@example.com", "role": "viewer"}
        )
        await server.client("vic").post(f"/me/invitations/{invited.json()['id']}/accept")
        organisation = (await api.get("/me")).json()["organisations"][0]["id"]
        address = server.websocket(f"/ws/interviews/{interview}/live?organization={organisation}")
        headers = {"Authorization": f"Bearer {token_for('vic')}"}
        async with connect(address, additional_headers=headers) as socket:
            assert await close_code(socket) == 4403

    async def test_not_in_a_foreign_interview(self, server: RunningServer, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        async with dialled(server, interview, name="eve") as socket:
            await socket.send(start())
            assert await close_code(socket) == 4404

    async def test_not_where_a_recording_exists(self, server: RunningServer, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        async with microphone(server, interview) as mic:
            await mic.send(noise(1))
            await mic.finish()
        async with dialled(server, interview) as socket:
            await socket.send(start())
            assert await close_code(socket) == 4409


class TestFrames:
    @pytest.mark.parametrize(
        "frame",
        [
            "nonsense",
            b"\0\0",
            start(encoding="mp3"),
            start(sample_rate=1),
            start(channels=3),
            start(resume_from=-1),
            start(more=1),
        ],
    )
    async def test_a_bad_first_frame_is_4400(
        self, server: RunningServer, api: httpx.AsyncClient, frame: str | bytes
    ) -> None:
        async with dialled(server, await new_interview(api)) as socket:
            await socket.send(frame)
            assert await close_code(socket) == 4400

    async def test_who_says_nothing_is_4408(
        self, server: RunningServer, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(live, "_START_SECONDS", 0.1)
        async with dialled(server, await new_interview(api)) as socket:
            assert await close_code(socket) == 4408

    async def test_a_bad_frame_later_is_4400_and_costs_nothing(
        self, server: RunningServer, api: httpx.AsyncClient
    ) -> None:
        interview, sound = await new_interview(api), noise(1)
        async with microphone(server, interview) as mic:
            await mic.send(sound)
            await mic.say("dance")
            assert await mic.close_code() == 4400
        async with microphone(server, interview, resume_from=0) as mic:
            assert mic.ready["received_bytes"] == len(sound)


class TestRecording:
    async def test_samples_become_a_wav_file_and_start_the_pipeline(
        self, server: RunningServer, api: httpx.AsyncClient
    ) -> None:
        interview, sound = await new_interview(api), noise(2.5)
        async with microphone(server, interview) as mic:
            assert mic.ready["received_bytes"] == 0
            assert mic.ready["live_transcript"] is False
            assert "Deepgram" in mic.ready["reason"]
            await mic.send(sound)
            assert await mic.finish() == {"type": "finished", "stored": True, "status": "preparing"}
            assert await mic.close_code() == 1000
        assert samples_of(await recording(api, interview)) == sound
        shown = (await api.get(f"/interviews/{interview}")).json()["recording"]
        assert (shown["duration"], shown["channels"], shown["sample_rate"]) == (2.5, 1, RATE)
        assert list(spool(server).iterdir()) == []

    async def test_half_a_sample_at_the_end_is_left_out(
        self, server: RunningServer, api: httpx.AsyncClient
    ) -> None:
        interview, sound = await new_interview(api), noise(1, channels=2)
        async with microphone(server, interview, channels=2) as mic:
            await mic.send(sound + b"\1\2\3", frame=777)
            await mic.finish()
        assert samples_of(await recording(api, interview)) == sound

    async def test_webm_is_stored_as_it_came(self, server: RunningServer, api: httpx.AsyncClient) -> None:
        interview, file = await new_interview(api), webm(noise(3))
        async with microphone(server, interview, encoding="webm_opus") as mic:
            await mic.send(file, frame=1000)
            assert (await mic.finish())["status"] == "preparing"
        assert await recording(api, interview) == file
        shown = (await api.get(f"/interviews/{interview}")).json()["recording"]
        assert shown["duration"] == pytest.approx(3, abs=0.1)

    async def test_what_is_no_recording_is_refused_and_set_aside(
        self, server: RunningServer, api: httpx.AsyncClient
    ) -> None:
        interview = await new_interview(api)
        async with microphone(server, interview, encoding="webm_opus") as mic:
            await mic.send(b"this is no recording " * 100)
            await mic.say("finish")
            assert await mic.close_code() == 4415
        assert [folder.name for folder in spool(server).iterdir()] == [f"{interview}.refused"]
        assert (await api.get(f"/interviews/{interview}")).json()["status"] == "created"

    async def test_without_any_sound_nothing_is_stored(
        self, server: RunningServer, api: httpx.AsyncClient
    ) -> None:
        interview = await new_interview(api)
        async with microphone(server, interview) as mic:
            assert (await mic.finish())["status"] == "created"
        assert list(spool(server).iterdir()) == []

    async def test_files_on_their_way_are_private(
        self, server: RunningServer, api: httpx.AsyncClient
    ) -> None:
        interview = await new_interview(api)
        async with microphone(server, interview) as mic:
            await mic.send(noise(1))
            await mic.acknowledged(SECOND)
            folder = spool(server) / interview
            assert folder.stat().st_mode & 0o777 == 0o700
            assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}

    async def test_too_long_is_4413_and_kept_up_to_there(self, settings_with: SettingsFactory) -> None:
        settings = settings_with(limits={"max_recording_seconds": 2.0}, worker={"worker_in_process": False})
        async with running(settings) as server:
            api = server.client("ada")
            interview, sound = await new_interview(api), noise(3)
            async with microphone(server, interview) as mic:
                await mic.send(sound)
                assert await mic.close_code() == 4413
            assert samples_of(await recording(api, interview)) == sound[: 2 * SECOND]

    async def test_a_pause_is_told_to_who_watches(
        self, server: RunningServer, api: httpx.AsyncClient
    ) -> None:
        interview = await new_interview(api)
        headers = {"Authorization": f"Bearer {token_for('ada')}"}
        address = server.websocket(f"/ws?interview_id={interview}")
        async with connect(address, additional_headers=headers) as watching:
            await watching.recv()
            async with microphone(server, interview) as mic:
                await mic.say("pause")
                await mic.say("resume")
                await mic.finish()
            states = []
            async with asyncio.timeout(60):
                while "finished" not in states:
                    frame = json.loads(await watching.recv())
                    if frame.get("kind") == "live.state":
                        states.append(frame["data"]["state"])
            assert states == ["recording", "paused", "recording", "finished"]


class TestGoingOn:
    async def test_a_lost_client_sends_what_was_not_acknowledged(
        self, server: RunningServer, api: httpx.AsyncClient
    ) -> None:
        interview, sound = await new_interview(api), noise(4)
        async with microphone(server, interview) as mic:
            await mic.send(sound[: 2 * SECOND])
            await mic.acknowledged(2 * SECOND)
            mic.socket.transport.abort()
        async with microphone(server, interview, resume_from=SECOND) as mic:
            received = mic.ready["received_bytes"]
            assert received == 2 * SECOND
            await mic.send(sound[received:])
            await mic.finish()
        assert samples_of(await recording(api, interview)) == sound

    async def test_a_client_that_is_back_takes_over_from_its_dead_connection(
        self, server: RunningServer, api: httpx.AsyncClient
    ) -> None:
        interview = await new_interview(api)
        async with microphone(server, interview) as old:
            await old.send(noise(1))
            await old.acknowledged(SECOND)
            session = old.ready["session_id"]
            async with microphone(server, interview, resume_from=0, session_id=session) as new:
                assert new.ready["received_bytes"] == SECOND
                assert new.ready["session_id"] == session
                assert await old.close_code() == 4409

    async def test_another_client_is_4409(self, server: RunningServer, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        async with microphone(server, interview):
            for other in (start(), start(resume_from=0, session_id="another")):
                async with dialled(server, interview) as socket:
                    await socket.send(other)
                    assert await close_code(socket) == 4409

    async def test_a_hole_in_the_stream_is_4409(self, server: RunningServer, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        async with microphone(server, interview) as mic:
            await mic.send(noise(1))
            await mic.acknowledged(SECOND)
        async with dialled(server, interview) as socket:
            await socket.send(start(resume_from=SECOND + 1))
            assert await close_code(socket) == 4409

    async def test_another_format_is_4400(self, server: RunningServer, api: httpx.AsyncClient) -> None:
        interview = await new_interview(api)
        async with microphone(server, interview) as mic:
            await mic.send(noise(1))
        async with dialled(server, interview) as socket:
            await socket.send(start(resume_from=0, channels=2))
            assert await close_code(socket) == 4400

    async def test_a_new_stream_of_samples_follows_the_first(
        self, server: RunningServer, api: httpx.AsyncClient
    ) -> None:
        interview, first, second = await new_interview(api), noise(1), noise(2, seed=2)
        async with microphone(server, interview) as mic:
            await mic.send(first)
        async with microphone(server, interview, new_stream=True) as mic:
            assert mic.ready["received_bytes"] == 0
            await mic.send(second)
            await mic.finish()
        assert samples_of(await recording(api, interview)) == first + second

    async def test_a_page_that_was_loaded_again_joins_two_webm_files(
        self, server: RunningServer, api: httpx.AsyncClient
    ) -> None:
        interview = await new_interview(api)
        for seconds, fresh in ((2, False), (3, True)):
            async with microphone(server, interview, encoding="webm_opus", new_stream=fresh) as mic:
                await mic.send(webm(noise(seconds)), frame=1000)
                await mic.acknowledged(1)
        async with microphone(server, interview, channels=2, new_stream=True) as mic:
            await mic.send(noise(1, channels=2))
            await mic.finish()
        shown = (await api.get(f"/interviews/{interview}")).json()["recording"]
        assert shown["duration"] == pytest.approx(6, abs=0.1)
        assert shown["channels"] == 2
        samples = np.frombuffer(samples_of(await recording(api, interview)), np.int16).reshape(-1, 2)
        assert np.array_equal(samples[: 4 * RATE, 0], samples[: 4 * RATE, 1])
        assert samples[-RATE:].tobytes() == noise(1, channels=2)

    async def test_a_restart_of_the_server_loses_nothing_that_was_acknowledged(
        self, settings_with: SettingsFactory
    ) -> None:
        settings = settings_with(worker={"worker_in_process": False})
        sound = noise(3)
        async with running(settings) as server:
            interview = await new_interview(server.client("ada"))
            async with microphone(server, interview) as mic:
                await mic.send(sound[:SECOND])
                await mic.acknowledged(SECOND)
        async with running(settings) as server:
            async with microphone(server, interview, resume_from=SECOND) as mic:
                await mic.send(sound[SECOND:])
                await mic.finish()
            assert samples_of(await recording(server.client("ada"), interview)) == sound


class TestDeletion:
    async def test_ends_the_session_and_leaves_nothing(
        self, server: RunningServer, api: httpx.AsyncClient
    ) -> None:
        interview = await new_interview(api)
        async with microphone(server, interview) as mic:
            await mic.send(noise(1))
            await mic.acknowledged(SECOND)
            await api.delete(f"/interviews/{interview}")
            assert await mic.close_code() == 4404
        assert list(spool(server).iterdir()) == []
