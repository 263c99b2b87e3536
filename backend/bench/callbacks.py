"""Deepgram's calls: how they are answered when they come all at once, and how soon a transcript can be read.

The peers do only what cannot be left out: one keeps the body, synced to disk, and answers; the other reads it with the
same parser and writes the transcript in one commit.
"""

from __future__ import annotations

import asyncio
import gc
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
from pydantic import SecretStr
from websockets.asyncio.client import ClientConnection, connect

from app.core.config import DeepgramDelivery, Settings, load_settings
from app.core.container import Container, open_container
from app.core.memory import spare_the_collector
from app.core.security import mint_session
from app.models.base import new_id, utc_now
from app.models.interview import Interview, Recording, Status, TranscriptionJob
from app.models.transcript import Transcript, TranscriptDraft
from app.repositories.base import Expect
from app.services.transcription.providers.deepgram.client import SECRET_NAME
from app.services.transcription.providers.deepgram.parse import parse_result
from app.services.transcription.providers.deepgram.secret import split_secret
from bench.report import Ratio
from bench.servers import SECRET, Server, serve

_AT_ONCE = 200
_ROUNDS = 7
_WORDS_AN_HOUR = 9_000
_WORDS_IN_SIX_MEGABYTES = 14_500
_WORDS_AN_UTTERANCE = 15
_WEBHOOK_SECRET = "bench-webhook-0123456789-0123456789-abcdef"
_KEY = "bench-key"


def measure(folder: Path) -> list[Ratio]:
    return [*_pauses(), *_readable(folder / "one"), *_burst(folder / "many")]


def _pauses() -> list[Ratio]:
    """How long others wait for a turn while a large answer is read in a thread, against reading it on the loop."""
    body = _answer(_WORDS_IN_SIX_MEGABYTES, _WEBHOOK_SECRET)
    gc.collect()
    spare_the_collector()  # as a server does when it has started
    try:
        ours = asyncio.run(_longest_pause(body, in_thread=True))
        theirs = asyncio.run(_longest_pause(body, in_thread=False))
    finally:
        gc.unfreeze()
    return [
        Ratio("longest wait while 6 MB are read", "the same on the loop", ours / theirs, at_most=0.2),
        Ratio("longest wait while 6 MB are read", "for the record", ours * 1000, at_most=20.0, unit="ms"),
    ]


def _read_as_callback(body: bytes) -> None:
    _, kept = split_secret(body, SECRET_NAME)
    parse_result(kept)


async def _longest_pause(body: bytes, *, in_thread: bool) -> float:
    """In seconds; the best of a few rounds, because the operating system makes pauses as well."""
    return min([await _longest_pause_once(body, in_thread=in_thread) for _ in range(_ROUNDS)])


async def _longest_pause_once(body: bytes, *, in_thread: bool) -> float:
    longest, ended = 0.0, False

    async def take_turns() -> None:
        nonlocal longest
        before = time.perf_counter()
        while not ended:
            await asyncio.sleep(0)
            now = time.perf_counter()
            longest, before = max(longest, now - before), now

    taking = asyncio.create_task(take_turns())
    await asyncio.sleep(0)
    if in_thread:
        await asyncio.to_thread(_read_as_callback, body)
    else:
        _read_as_callback(body)
    ended = True
    await taking
    return longest


def _readable(folder: Path) -> list[Ratio]:
    """From the call to the first byte of the transcript, against parse + insert + commit."""
    body = hour_of_speech(None)
    with _ours(folder, in_process=True) as server:
        ours = asyncio.run(_until_readable(folder, server))
    bare = asyncio.run(_parse_insert_commit(folder, body))
    return [
        Ratio(
            "callback to readable 1 h transcript",
            "parse + insert + commit",
            ours / bare,
            at_most=2.0,
            unit="×",
        )
    ]


def _burst(folder: Path) -> list[Ratio]:
    """The slowest of a hundred answers while 200 calls come at once, against a server that only keeps the body."""
    with (
        _ours(folder, in_process=False) as server,
        serve("bench.peers:keep", ready="/", data_dir=folder) as bare,
    ):
        ours, lost = asyncio.run(_all_at_once(folder, server, bare.port, to_us=True))
        theirs, _ = asyncio.run(_all_at_once(folder, server, bare.port, to_us=False))
    return [
        Ratio(
            "webhook answers p99, 200 calls at once",
            "bare ASGI, body synced to disk",
            ours / theirs,
            unit="×",
        ),
        Ratio("calls lost of 200 at once", "–", float(lost), at_most=0.0, unit=""),
        Ratio("webhook answers p99, 200 calls at once", "for the record", ours * 1000, unit="ms"),
    ]


def _ours(folder: Path, *, in_process: bool) -> Any:
    return serve(
        "app.main:app",
        ready="/api/v1/health",
        data_dir=folder,
        DEEPGRAM_API_KEY=_KEY,
        DEEPGRAM_WEBHOOK_SECRET=_WEBHOOK_SECRET,
        DEEPGRAM_DELIVERY="callback",
        WORKER_IN_PROCESS=str(in_process).lower(),
    )


@asynccontextmanager
async def _container(folder: Path, server: Server) -> AsyncIterator[Container]:
    """The same installation from this process: it makes the interviews and the addresses."""
    settings = _settings(folder, server.port)
    async with open_container(settings) as opened:
        yield opened


def _settings(folder: Path, port: int) -> Settings:
    loaded = load_settings(env_file=Path("/dev/null"))
    deepgram = loaded.deepgram.model_copy(
        update={
            "deepgram_api_key": SecretStr(_KEY),
            "deepgram_webhook_secret": SecretStr(_WEBHOOK_SECRET),
            "deepgram_delivery": DeepgramDelivery.CALLBACK,
        }
    )
    server = loaded.server.model_copy(update={"data_dir": folder, "public_url": f"http://127.0.0.1:{port}"})
    auth = loaded.auth.model_copy(update={"auth_secret": SecretStr(SECRET)})
    return loaded.model_copy(update={"deepgram": deepgram, "server": server, "auth": auth})


async def _waiting(container: Container, organisation: str) -> tuple[Interview, TranscriptionJob]:
    """An interview whose recording is with the vendor."""
    now = utc_now()
    interview_id = new_id()
    job = TranscriptionJob(id=new_id(), recording_key="x", created_at=now)
    interview = Interview(
        id=interview_id,
        organisation_id=organisation,
        title="bench",
        created_by="bench",
        created_at=now,
        updated_at=now,
        idempotency_key=interview_id,
        status=Status.AWAITING,
        due_at=now + timedelta(hours=1),
        transcription=job,
        recording=Recording(
            key="x",
            upload_id=None,
            filename="x",
            content_type="audio/wav",
            size=1,
            etag="x",
            container="wav",
            duration=3600.0,
            channels=1,
            sample_rate=16_000,
            has_video=False,
            uploaded_at=now,
        ),
    )
    await container.repositories.interviews(organisation).insert(interview)
    return interview, job


async def _until_readable(folder: Path, server: Server) -> float:
    token = mint_session({"sub": "bench"}, SECRET, max_age=timedelta(hours=1))
    base = f"http://127.0.0.1:{server.port}/api/v1"
    async with (
        _container(folder, server) as container,
        httpx.AsyncClient(trust_env=False, timeout=60) as vendor,
        httpx.AsyncClient(
            base_url=base, headers={"Authorization": f"Bearer {token}"}, trust_env=False
        ) as api,
    ):
        organisation = (await api.get("/me")).json()["organisations"][0]["id"]
        seconds = []
        for _ in range(_ROUNDS + 1):
            interview, job = await _waiting(container, organisation)
            callback = container.callbacks.address(interview.id, job)
            body = hour_of_speech(callback.secret)
            async with connect(
                f"ws://127.0.0.1:{server.port}/api/v1/ws?interview_id={interview.id}",
                additional_headers={"Authorization": f"Bearer {token}"},
            ) as events:
                await events.recv()
                started = time.perf_counter()
                (await vendor.post(callback.url, content=body)).raise_for_status()
                await _status(events, "analysing")
                page = await api.get(f"/interviews/{interview.id}/transcript/utterances?limit=1")
                page.raise_for_status()
                seconds.append(time.perf_counter() - started)
                await _status(events, "done")
    return median(seconds[1:])


async def _status(events: ClientConnection, status: str) -> None:
    """Wait until the interview has it: clients are told, they do not ask."""
    async for frame in events:
        if json.loads(frame).get("data", {}).get("status") == status:
            return


async def _parse_insert_commit(folder: Path, body: bytes) -> float:
    settings = _settings(folder / "bare", 1)
    async with open_container(settings) as container:
        seconds = []
        for _ in range(_ROUNDS + 1):
            started = time.perf_counter()
            draft = parse_result(body)
            transcript = Transcript(
                id=new_id(),
                organisation_id="bench",
                interview_id=new_id(),
                revision=1,
                epoch=1,
                created_at=utc_now(),
                **{name: getattr(draft, name) for name in TranscriptDraft.model_fields},
            )
            await container.repositories.transcripts("bench").put(transcript)
            seconds.append(time.perf_counter() - started)
    return median(seconds[1:])


async def _all_at_once(folder: Path, server: Server, bare: int, *, to_us: bool) -> tuple[float, int]:
    """The 99th percentile of the answers' seconds, and how many calls did not arrive."""
    async with _container(folder, server) as container:
        targets = []
        for _ in range(_AT_ONCE):
            interview, job = await _waiting(container, "bench")
            callback = container.callbacks.address(interview.id, job)
            url = callback.url if to_us else f"http://127.0.0.1:{bare}/"
            targets.append((interview.id, url, short_answer(callback.secret)))
        limits = httpx.Limits(max_connections=_AT_ONCE)
        async with httpx.AsyncClient(trust_env=False, timeout=60, limits=limits) as vendor:

            async def call(url: str, body: bytes) -> float:
                started = time.perf_counter()
                (await vendor.post(url, content=body)).raise_for_status()
                return time.perf_counter() - started

            seconds = await asyncio.gather(*(call(url, body) for _, url, body in targets))
        found = [await container.repositories.jobs.get(interview_id) for interview_id, _, _ in targets]
        lost = sum(1 for i in found if i is None or i.status is not Status.INGESTING) if to_us else 0
        for interview in found:
            # So that the next measure does not count these.
            if interview is not None:
                await container.repositories.jobs.compare_and_set(
                    interview.id, Expect(), {"status": Status.CREATED}
                )
    return quantiles(seconds, n=100)[98], lost


def hour_of_speech(secret: str | None) -> bytes:
    return _answer(_WORDS_AN_HOUR, secret)


def short_answer(secret: str) -> bytes:
    return _answer(600, secret)


def _answer(words: int, secret: str | None) -> bytes:
    """An answer in Deepgram's form, with every word both in its channel and in its utterance, as Deepgram has it."""
    heard = [
        {
            "word": f"word{n % 977}",
            "start": round(n * 0.4, 3),
            "end": round(n * 0.4 + 0.35, 3),
            "confidence": 0.98765,
            "speaker": n // _WORDS_AN_UTTERANCE % 2,
            "speaker_confidence": 0.87654,
            "punctuated_word": f"Word{n % 977}",
            "sentiment": "neutral",
            "sentiment_score": 0.0123,
        }
        for n in range(words)
    ]
    stretches = [heard[n : n + _WORDS_AN_UTTERANCE] for n in range(0, words, _WORDS_AN_UTTERANCE)]
    utterances = [
        {
            "start": part[0]["start"],
            "end": part[-1]["end"],
            "confidence": 0.98,
            "channel": 0,
            "speaker": part[0]["speaker"],
            "transcript": " ".join(str(word["punctuated_word"]) for word in part),
            "words": part,
            "id": f"{n:032x}",
        }
        for n, part in enumerate(stretches)
    ]
    extra = {"extra": {"callback_secret": secret}} if secret else {}
    return json.dumps(
        {
            "metadata": {"request_id": "x", "duration": words * 0.4, "channels": 1, **extra},
            "results": {
                "channels": [{"alternatives": [{"transcript": "…", "confidence": 1, "words": heard}]}],
                "utterances": utterances,
            },
        }
    ).encode()
