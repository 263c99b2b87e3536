"""The stand-in's live socket hears what it is sent, and only that; it speaks and fails as documented."""

from __future__ import annotations

import asyncio
import json
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from deepgram.core.api_error import ApiError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.fixtures.deepgram import RunningDeepgram
from tests.fixtures.server import SAMPLES
from tests.standins.callers import client_of
from tests.standins.deepgram.hearing import Hearing, Truth
from tests.standins.deepgram.journal import Json
from tests.standins.deepgram.specification import specification
from tests.standins.deepgram.speech import script_lines

RATE = 16_000
SECOND = 2 * RATE
CHUNK = SECOND // 10
QUERY = {
    "model": "nova-3",
    "encoding": "linear16",
    "sample_rate": str(RATE),
    "interim_results": "true",
    "utterance_end_ms": "1000",
    "vad_events": "true",
    "punctuate": "true",
    "diarize_model": "latest",
}


def sample() -> bytes:
    with wave.open(str(SAMPLES / "interview-30s.wav"), "rb") as file:
        return file.readframes(file.getnframes())


SOUND = sample()
WORDS: list[Json] = [
    {"punctuated_word": w.text, "start": w.start, "end": w.end, "speaker": w.speaker}
    for line in script_lines()
    for w in line.words
    if w.end <= 30.0
]
TEXTS = [word["punctuated_word"] for word in WORDS]


@pytest.fixture
def knowing(deepgram: RunningDeepgram) -> RunningDeepgram:
    deepgram.know(SOUND, WORDS)
    return deepgram


class Session:
    """A live connection that keeps what it is told."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.messages: list[Json] = []
        self.close_code: int | None = None
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        try:
            async for text in self.socket:
                self.messages.append(json.loads(text))
        except ConnectionClosed:
            pass
        self.close_code = self.socket.close_code

    async def play(self, sound: bytes) -> None:
        for at in range(0, len(sound), CHUNK):
            await self.socket.send(sound[at : at + CHUNK])

    async def say(self, kind: str) -> None:
        await self.socket.send(json.dumps({"type": kind}))

    async def end(self) -> None:
        await self.say("CloseStream")
        await self.closed()

    async def closed(self) -> None:
        async with asyncio.timeout(60):
            await self._reading

    async def told(self, kind: str) -> Json:
        async with asyncio.timeout(60):
            while not (found := self.of(kind)):
                await asyncio.sleep(0.005)
        return found[-1]

    def of(self, kind: str) -> list[Json]:
        return [m for m in self.messages if m["type"] == kind]

    def finals(self) -> list[Json]:
        return [m for m in self.of("Results") if m["is_final"]]

    def words(self) -> list[Json]:
        return [word for final in self.finals() for word in words_of(final)]

    def texts(self) -> list[str]:
        return [word["punctuated_word"] for word in self.words()]


def words_of(result: Json) -> list[Json]:
    words: list[Json] = result["channel"]["alternatives"][0]["words"]
    return words


@asynccontextmanager
async def session(deepgram: RunningDeepgram, **changes: str) -> AsyncIterator[Session]:
    query = "&".join(f"{name}={value}" for name, value in ({**QUERY, **changes}).items())
    url = f"{deepgram.websocket_url}/v1/listen?{query}"
    headers = {"Authorization": f"Token {deepgram.key}"}
    async with connect(url, additional_headers=headers, proxy=None) as socket:
        shown = Session(socket)
        yield shown
    await shown.closed()


class TestHearing:
    async def test_every_word_is_heard_once_at_its_time(self, knowing: RunningDeepgram) -> None:
        async with session(knowing) as live:
            await live.play(SOUND)
            await live.end()
        assert live.texts() == TEXTS
        times = [(w["start"], w["end"], w["speaker"]) for w in live.words()]
        assert times == [(w["start"], w["end"], w["speaker"]) for w in WORDS]
        assert live.messages[-1]["type"] == "Metadata"
        assert (live.messages[-1]["duration"], live.close_code) == (30.0, 1000)
        assert knowing.violations == []

    async def test_times_count_from_the_beginning_of_the_connection(self, knowing: RunningDeepgram) -> None:
        begin = 3.5
        async with session(knowing) as live:
            await live.play(SOUND[int(begin * SECOND) :])
            await live.end()
        expected = [(w["punctuated_word"], round(w["start"] - begin, 3)) for w in WORDS if w["start"] > begin]
        assert [(w["punctuated_word"], w["start"]) for w in live.words()] == expected

    async def test_words_whose_sound_was_lost_on_the_way_are_not_heard(
        self, knowing: RunningDeepgram
    ) -> None:
        gap = (8.0, 12.0)
        async with session(knowing) as live:
            await live.play(SOUND[: int(gap[0] * SECOND)] + SOUND[int(gap[1] * SECOND) :])
            await live.end()
        whole = [
            w["punctuated_word"] for w in WORDS if w["end"] <= gap[0] + 0.02 or w["start"] >= gap[1] - 0.02
        ]
        assert live.texts() == whole
        assert len(whole) < len(TEXTS)

    async def test_other_sound_has_no_words(self, knowing: RunningDeepgram) -> None:
        async with session(knowing) as live:
            await live.play(bytes(reversed(SOUND[: 3 * SECOND])))
            await live.end()
        assert live.words() == []

    async def test_without_a_known_sound_the_sample_interview_is_heard(
        self, deepgram: RunningDeepgram
    ) -> None:
        async with session(deepgram) as live:
            await live.play(bytes(30 * SECOND))
            await live.end()
        assert live.texts() == TEXTS

    async def test_channels_are_heard_apart(self, deepgram: RunningDeepgram) -> None:
        samples = [SOUND[at : at + 2] for at in range(0, len(SOUND), 2)]
        stereo = b"".join(sample * 2 for sample in samples)
        deepgram.know(stereo, [word | {"channel": word["speaker"]} for word in WORDS])
        async with session(deepgram, channels="2", multichannel="true") as live:
            await live.play(stereo)
            await live.end()
        for channel in (0, 1):
            heard = [w for f in live.finals() if f["channel_index"] == [channel, 2] for w in words_of(f)]
            said = [w["punctuated_word"] for w in WORDS if w["speaker"] == channel]
            assert [w["punctuated_word"] for w in heard] == said

    @pytest.mark.parametrize("chunk", [1, 333, 640, 7_777])
    def test_it_does_not_matter_how_the_sound_is_cut(self, chunk: int) -> None:
        hearing = Hearing(Truth.of(SOUND, WORDS, RATE, 1))
        sound, heard = SOUND[1234 * 2 : 3 * SECOND], []
        for at in range(0, len(sound), chunk):
            heard += hearing.take(sound[at : at + chunk])
        assert [word.text for word, _ in heard] == [w["punctuated_word"] for w in WORDS if w["end"] <= 3.02]
        assert {offset for _, offset in heard} == {1234 / RATE}


class TestResults:
    async def test_finals_are_whole_sentences_one_after_the_other(self, knowing: RunningDeepgram) -> None:
        async with session(knowing) as live:
            await live.play(SOUND)
            await live.end()
        spoken = [f for f in live.finals() if words_of(f)]
        assert all(f["channel"]["alternatives"][0]["transcript"][-1] in ".?!" for f in spoken[:-1])
        ends = [f["start"] + f["duration"] for f in live.finals()]
        starts = [f["start"] for f in live.finals()]
        assert all(end <= start + 0.001 for end, start in zip(ends, starts[1:], strict=False))
        assert all(
            f["start"] <= w["start"] and w["end"] <= f["start"] + f["duration"] + 0.001
            for f in spoken
            for w in words_of(f)
        )

    async def test_interim_results_grow_until_the_final_one(self, knowing: RunningDeepgram) -> None:
        async with session(knowing) as live:
            await live.play(SOUND[: 5 * SECOND])
            await live.end()
        results = live.of("Results")
        first_final = next(n for n, result in enumerate(results) if result["is_final"])
        counts = [len(words_of(result)) for result in results[: first_final + 1]]
        assert first_final >= 2
        assert counts == sorted(counts)

    async def test_without_interim_results_there_are_finals_only(self, knowing: RunningDeepgram) -> None:
        query = {name: value for name, value in QUERY.items() if name != "utterance_end_ms"}
        url = f"{knowing.websocket_url}/v1/listen?" + "&".join(f"{n}={v}" for n, v in query.items())
        headers = {"Authorization": f"Token {knowing.key}"}
        url = url.replace("interim_results=true", "interim_results=false")
        async with connect(url, additional_headers=headers, proxy=None) as socket:
            live = Session(socket)
            await live.play(SOUND[: 5 * SECOND])
            await live.end()
        assert live.finals() == live.of("Results") != []
        assert live.of("UtteranceEnd") == []

    async def test_finalize_gives_what_was_heard_at_once(self, knowing: RunningDeepgram) -> None:
        async with session(knowing) as live:
            await live.play(SOUND[: 2 * SECOND])
            await live.say("Finalize")
            async with asyncio.timeout(60):
                while not live.finals():
                    await asyncio.sleep(0.005)
            [final] = live.finals()
            assert final["from_finalize"] is True
            assert [w["punctuated_word"] for w in words_of(final)] == TEXTS[: len(words_of(final))] != []
            await live.play(SOUND[2 * SECOND :])
            await live.end()
        assert live.texts() == TEXTS, "a word that was cut there is heard when it is whole"

    async def test_speech_and_utterances_are_announced(self, knowing: RunningDeepgram) -> None:
        async with session(knowing) as live:
            await live.play(SOUND[: 4 * SECOND] + bytes(2 * SECOND))
            await live.told("UtteranceEnd")
            await live.end()
        assert live.of("SpeechStarted")[0]["timestamp"] == WORDS[0]["start"]
        first_sentence = next(w for w in WORDS if w["punctuated_word"].endswith("."))
        assert live.of("UtteranceEnd")[0]["last_word_end"] >= first_sentence["end"]

    async def test_every_message_is_as_specified(self, knowing: RunningDeepgram) -> None:
        async with session(knowing) as live:
            await live.play(SOUND)
            await live.say("Finalize")
            await live.end()
        assert {m["type"] for m in live.messages} == {"Results", "Metadata", "SpeechStarted", "UtteranceEnd"}
        assert [p for m in live.messages for p in specification().of_live_message(m)] == []
        assert live.messages == knowing.deepgram.live_sent


class TestFailures:
    async def test_a_connection_breaks_off_after_so_much_sound_and_nothing_is_lost_when_it_is_sent_again(
        self, knowing: RunningDeepgram
    ) -> None:
        knowing.switches.live_drops = [9.0, 21.0]
        heard: list[str] = []
        begin = 0.0
        codes = []
        while True:
            async with session(knowing) as live:
                try:
                    await live.play(SOUND[round(begin * RATE) * 2 :])
                    await live.end()
                except ConnectionClosed:
                    await live.closed()
            heard += live.texts()
            codes.append(live.close_code)
            if live.close_code == 1000:
                break
            begin += max((f["start"] + f["duration"] for f in live.finals()), default=0.0)
        assert codes == [1011, 1011, 1000]
        assert heard == TEXTS

    async def test_the_next_connections_are_refused(self, knowing: RunningDeepgram) -> None:
        knowing.switches.live_refusals = 1
        listen = client_of(knowing).listen.v1
        with pytest.raises(ApiError) as refused:
            async with listen.connect(model="nova-3"):
                pass
        assert refused.value.status_code == 503
        async with listen.connect(model="nova-3"):
            pass
        assert [(r.method, r.status) for r in knowing.requests] == [("WEBSOCKET", 503), ("WEBSOCKET", 101)]

    async def test_finals_may_be_late(self, knowing: RunningDeepgram) -> None:
        knowing.switches.live_mute = 12.0
        async with session(knowing) as live:
            await live.play(SOUND)
            await live.end()
        first = live.finals()[0]
        assert first["start"] + first["duration"] > 10.0
        assert live.texts() == TEXTS

    async def test_without_sound_or_a_sign_of_life_the_connection_is_closed(
        self, knowing: RunningDeepgram
    ) -> None:
        knowing.switches.live_idle_timeout = 0.15
        async with session(knowing) as live:
            for _ in range(4):
                await asyncio.sleep(0.08)
                await live.say("KeepAlive")
            assert live.close_code is None
            await live.closed()
        assert live.close_code == 1011
        assert str(live.socket.close_reason).startswith("NET-0001")


class TestWrongRequests:
    async def test_a_wrong_key_is_refused(self, deepgram: RunningDeepgram) -> None:
        with pytest.raises(ApiError) as refused:
            async with client_of(deepgram, key="wrong").listen.v1.connect(model="nova-3"):
                pass
        assert refused.value.status_code == 401

    @pytest.mark.parametrize(
        ("changes", "named"),
        [
            ({"smart_formatting": "true"}, "unknown parameter smart_formatting"),
            ({"diarize_model": "v2"}, "diarize_model"),
            ({"encoding": "mp3"}, "encoding"),
            ({"model": "whisper-9"}, "model"),
            ({"sample_rate": ""}, "sample_rate"),
            ({"utterance_end_ms": "500"}, "utterance_end_ms"),
            ({"interim_results": "false"}, "utterance_end_ms needs interim_results"),
            ({"summarize": "v2"}, "unknown parameter summarize"),
        ],
    )
    async def test_a_parameter_against_the_specification_is_refused_and_written_down(
        self, deepgram: RunningDeepgram, changes: dict[str, Any], named: str
    ) -> None:
        with pytest.raises(Exception, match="400"):
            async with session(deepgram, **changes):
                pass
        assert [named in violation for violation in deepgram.violations] == [True]

    @pytest.mark.parametrize("frame", ['{"type": "Stop"}', "no JSON", b'{"type": "KeepAlive"}', b""])
    async def test_a_frame_that_means_nothing_is_written_down(
        self, knowing: RunningDeepgram, frame: str | bytes
    ) -> None:
        async with session(knowing) as live:
            await live.socket.send(frame)
            await live.play(SOUND[: 4 * SECOND])
            await live.end()
        assert len(knowing.violations) == 1
        assert len(live.of("Error")) == isinstance(frame, str)
        assert live.texts()


class TestTheRealSdk:
    async def test_it_talks_to_the_socket_without_a_violation(self, knowing: RunningDeepgram) -> None:
        parameters: dict[str, Any] = {
            "model": "nova-3",
            "encoding": "linear16",
            "sample_rate": RATE,
            "interim_results": True,
            "utterance_end_ms": 1000,
            "vad_events": True,
            "punctuate": True,
            "keyterm": ["Kafka", "Postgres"],
            "tag": ["interviews", "env:test"],
            "mip_opt_out": True,
        }
        heard: list[str] = []
        async with client_of(knowing).listen.v1.connect(**parameters) as socket:
            for at in range(0, len(SOUND), CHUNK):
                await socket.send_media(SOUND[at : at + CHUNK])
            await socket.send_keep_alive()
            await socket.send_finalize()
            await socket.send_close_stream()
            async for message in socket:
                if getattr(message, "is_final", False):
                    heard += [word.punctuated_word for word in message.channel.alternatives[0].words]
        assert heard == TEXTS
        assert knowing.violations == []
