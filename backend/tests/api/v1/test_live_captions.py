"""Words while people talk: through the vendor's SDK and a stand-in for its live socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from websockets.asyncio.client import connect

from app.core.config import Settings
from app.services.live.sound import DecodedSound
from tests.fixtures.deepgram import RunningDeepgram
from tests.fixtures.live import SECOND, Microphone, interview_sound, interview_words, microphone, noise, webm
from tests.fixtures.server import RunningServer, SettingsFactory, running, token_for, wait_until

MINUTES = 180.0
SPEED = 20.0


@dataclass
class Watcher:
    """Somebody who watches an interview's events, and comes back when the connection is cut."""

    snapshot: dict[str, Any] = field(default_factory=dict)
    finals: list[dict[str, Any]] = field(default_factory=list)
    interims: list[dict[str, Any]] = field(default_factory=list)
    states: list[dict[str, Any]] = field(default_factory=list)

    @property
    def words(self) -> list[dict[str, Any]]:
        return [word for final in self.finals for word in final["words"]]

    def take(self, frame: dict[str, Any]) -> None:
        match frame.get("kind"):
            case "live.final":
                self.finals.append(frame["data"])
            case "live.interim":
                self.interims.append(frame["data"])
            case "live.state":
                self.states.append(frame["data"])

    async def sees(self, **fields: str) -> dict[str, Any]:
        """Wait for a state."""
        async with asyncio.timeout(60):
            while True:
                for state in self.states:
                    if fields.items() <= state.items():
                        return state
                await asyncio.sleep(0.02)


@asynccontextmanager
async def watching(server: RunningServer, interview: str) -> AsyncIterator[Watcher]:
    headers = {"Authorization": f"Bearer {token_for('ada')}"}
    address = server.websocket(f"/ws?interview_id={interview}")
    async with connect(address, additional_headers=headers) as socket:
        watcher = Watcher(snapshot=json.loads(await socket.recv())["data"])

        async def listen() -> None:
            async for message in socket:
                watcher.take(json.loads(message))

        listening = asyncio.create_task(listen())
        try:
            yield watcher
        finally:
            listening.cancel()


async def new_interview(api: httpx.AsyncClient, **fields: Any) -> str:
    return str((await api.post("/interviews", json={"title": "x", "language": "en", **fields})).json()["id"])


@pytest.fixture(autouse=True)
def correct_requests(deepgram: RunningDeepgram) -> Iterator[None]:
    """Whatever a test does, it asks nothing that the vendor's specification does not know."""
    yield
    assert deepgram.violations == []


@pytest.fixture
def settings(settings_with: SettingsFactory, deepgram: RunningDeepgram) -> Settings:
    return settings_with(
        deepgram={"deepgram_api_key": SecretStr(deepgram.key), "deepgram_base_url": deepgram.url},
        worker={"worker_in_process": False},
    )


@pytest.fixture
def sound(deepgram: RunningDeepgram, tmp_path: Path) -> bytes:
    """Half a minute of the sample interview; the stand-in knows its words."""
    return told(deepgram, tmp_path, 30.0)


def told(deepgram: RunningDeepgram, folder: Path, seconds: float) -> bytes:
    sound = interview_sound(seconds, folder)
    deepgram.know(sound, interview_words(seconds))
    return sound


async def paced(mic: Microphone, sound: bytes, *, channels: int = 1) -> None:
    """Send sound as a microphone would, only faster."""
    begun, frame = asyncio.get_running_loop().time(), SECOND * channels // 4
    for start in range(0, len(sound), frame):
        await mic.send(sound[start : start + frame])
        due = begun + start / (SECOND * channels) / SPEED
        await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))


async def decoded(file: Path) -> bytes:
    """The samples of a WebM file, as those who listen live get them."""
    sound = DecodedSound(file, file.with_suffix(".decoded"), channels=1)
    await sound.begin()
    sound.end()
    await sound.total()
    return file.with_suffix(".decoded").read_bytes()


def texts(words: list[dict[str, Any]]) -> list[str]:
    return [word.get("punctuated_word") or word["text"] for word in words]


def assert_same_words(heard: list[dict[str, Any]], script: list[dict[str, Any]]) -> None:
    assert texts(heard) == texts(script)
    for word, original in zip(heard, script, strict=True):
        assert word["start"] == pytest.approx(original["start"], abs=0.05)
        assert word["end"] == pytest.approx(original["end"], abs=0.05)


class TestWords:
    async def test_finals_have_speakers_and_times_and_interims_come_before_them(
        self, server: RunningServer, api: httpx.AsyncClient, deepgram: RunningDeepgram, sound: bytes
    ) -> None:
        interview = await new_interview(api)
        async with watching(server, interview) as watcher, microphone(server, interview) as mic:
            assert mic.ready["live_transcript"] is True
            await paced(mic, sound)
            assert (await mic.finish())["status"] == "preparing"
            await watcher.sees(state="finished")
        assert_same_words(watcher.words, deepgram.deepgram.live_script)
        assert [final["id"] for final in watcher.finals] == [
            f"live-{number + 1}" for number in range(len(watcher.finals))
        ]
        assert {final["speaker"] for final in watcher.finals} == {0, 1}
        assert watcher.interims

    async def test_two_channels_are_heard_apart(
        self, server: RunningServer, api: httpx.AsyncClient, deepgram: RunningDeepgram, tmp_path: Path
    ) -> None:
        sound = interview_sound(40.0, tmp_path, "interview-stereo.m4a")
        words = [{**word, "channel": word["speaker"]} for word in interview_words(40.0)]
        deepgram.know(sound, words)
        deepgram.switches.live_drops = [21.0]
        interview = await new_interview(api)
        async with watching(server, interview) as watcher, microphone(server, interview, channels=2) as mic:
            await paced(mic, sound, channels=2)
            await mic.finish()
            await watcher.sees(state="finished")
        for channel in (0, 1):
            heard = [w for final in watcher.finals if final["channel"] == channel for w in final["words"]]
            assert_same_words(heard, [word for word in words if word["channel"] == channel])

    async def test_webm_is_heard_as_well(
        self, server: RunningServer, api: httpx.AsyncClient, deepgram: RunningDeepgram, tmp_path: Path
    ) -> None:
        file = tmp_path / "interview.webm"
        file.write_bytes(webm(interview_sound(20.0, tmp_path)))
        deepgram.know(await decoded(file), interview_words(20.0))
        interview = await new_interview(api)
        async with watching(server, interview) as watcher:
            for half in (0, 1):
                async with microphone(server, interview, encoding="webm_opus", resume_from=0) as mic:
                    whole = file.read_bytes()[mic.ready["received_bytes"] :]
                    await mic.send(whole if half else whole[: len(whole) // 2], frame=2000)
                    await mic.acknowledged(1)
                    if half:
                        await mic.finish()
            await watcher.sees(state="finished")
        assert_same_words(watcher.words, deepgram.deepgram.live_script)

    async def test_who_comes_late_gets_the_finals_so_far(
        self, server: RunningServer, api: httpx.AsyncClient, sound: bytes
    ) -> None:
        interview = await new_interview(api)
        async with watching(server, interview) as early:
            async with microphone(server, interview) as mic:
                await paced(mic, sound)
                async with asyncio.timeout(60):
                    while not early.finals:
                        await asyncio.sleep(0.05)
                async with watching(server, interview) as late:
                    assert late.snapshot["live"]["state"] == "recording"
                    assert late.snapshot["live"]["finals"][0] == early.finals[0]
            await early.sees(state="interrupted")
            async with watching(server, interview) as later:
                assert later.snapshot["live"]["state"] == "interrupted"
                assert later.snapshot["live"]["finals"][0] == early.finals[0]

    async def test_the_recording_goes_through_the_pipeline(
        self, settings_with: SettingsFactory, deepgram: RunningDeepgram, sound: bytes
    ) -> None:
        settings = settings_with(
            deepgram={"deepgram_api_key": SecretStr(deepgram.key), "deepgram_base_url": deepgram.url}
        )
        async with running(settings) as server:
            api = server.client("ada")
            interview = await new_interview(api)
            async with microphone(server, interview) as mic:
                await paced(mic, sound)
                await mic.finish()
            await wait_until(api, interview, "done")
            transcript = (await api.get(f"/interviews/{interview}/transcript")).json()
            assert "Deepgram" in transcript["engine"]["label"] or transcript["engine"]["kind"] == "vendor"

    async def test_nothing_that_was_said_is_in_the_log(
        self,
        server: RunningServer,
        api: httpx.AsyncClient,
        deepgram: RunningDeepgram,
        sound: bytes,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        deepgram.switches.live_drops = [9.0]
        interview = await new_interview(api)
        async with watching(server, interview) as watcher, microphone(server, interview) as mic:
            await paced(mic, sound)
            await mic.finish()
            await watcher.sees(state="finished")
        log = "".join(capfd.readouterr())
        assert "live.captions_lost" in log
        assert [word for word in ("Sarah", "Northwind", "recruitment") if word in log] == []


class TestLosses:
    async def test_two_losses_of_the_vendor_and_one_of_the_client_lose_no_word(
        self, server: RunningServer, api: httpx.AsyncClient, deepgram: RunningDeepgram, tmp_path: Path
    ) -> None:
        sound = told(deepgram, tmp_path, MINUTES)
        deepgram.switches.live_drops = [37.0, 121.0]
        interview = await new_interview(api)
        async with watching(server, interview) as watcher:
            middle = 80 * SECOND
            async with microphone(server, interview) as mic:
                await paced(mic, sound[:middle])
                await mic.acknowledged(middle // 2)
                mic.socket.transport.abort()
            async with microphone(server, interview, resume_from=middle // 2) as mic:
                await paced(mic, sound[mic.ready["received_bytes"] :])
                await mic.finish()
            await watcher.sees(state="finished")
        assert deepgram.switches.live_drops == []
        assert len(deepgram.deepgram.live_script) > 300
        assert_same_words(watcher.words, deepgram.deepgram.live_script)
        assert max(final["stream"] for final in watcher.finals) == 4

    async def test_seconds_without_any_final_are_heard_again(
        self, server: RunningServer, api: httpx.AsyncClient, deepgram: RunningDeepgram, tmp_path: Path
    ) -> None:
        sound = told(deepgram, tmp_path, 40.0)
        deepgram.switches.live_mute = 15.0
        deepgram.switches.live_drops = [12.0, 40.0]
        deepgram.switches.live_refusals = 1
        interview = await new_interview(api)
        async with watching(server, interview) as watcher, microphone(server, interview) as mic:
            await paced(mic, sound)
            await mic.finish()
            await watcher.sees(state="finished")
        assert deepgram.switches.live_drops == []
        assert_same_words(watcher.words, deepgram.deepgram.live_script)

    async def test_a_vendor_that_cannot_be_reached_costs_only_the_captions(
        self, settings_with: SettingsFactory
    ) -> None:
        settings = settings_with(
            deepgram={"deepgram_api_key": SecretStr("k"), "deepgram_base_url": "http://127.0.0.1:9"},
            worker={"worker_in_process": False},
        )
        async with running(settings) as server:
            api = server.client("ada")
            interview = await new_interview(api)
            async with watching(server, interview) as watcher, microphone(server, interview) as mic:
                await mic.send(noise(2))
                state = await watcher.sees(captions="reconnecting")
                assert "Deepgram" in state["reason"]
                assert state["state"] == "recording"
                await mic.acknowledged(2 * SECOND)

    async def test_a_key_that_is_refused_is_not_tried_again(
        self, server: RunningServer, api: httpx.AsyncClient, deepgram: RunningDeepgram
    ) -> None:
        deepgram.deepgram.key = "another"
        interview = await new_interview(api)
        async with watching(server, interview) as watcher, microphone(server, interview) as mic:
            await mic.send(noise(1))
            state = await watcher.sees(captions="off")
            assert "refused" in state["reason"]
            assert (await mic.finish())["status"] == "preparing"

    async def test_an_organisation_that_keeps_its_recordings_here_sends_no_sound(
        self, server: RunningServer, api: httpx.AsyncClient, deepgram: RunningDeepgram
    ) -> None:
        await api.patch("/organisation", json={"transcription": {"transcriber": "offline"}})
        async with microphone(server, await new_interview(api)) as mic:
            assert mic.ready["live_transcript"] is False
            await mic.send(noise(1))
            await mic.finish()
        assert deepgram.requests == []
