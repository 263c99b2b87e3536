"""Reading: a list of 25 and an hour's transcript, against a bare FastAPI route that answers the same bytes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx

from app.core.security import mint_session
from app.models.base import new_id, utc_now
from app.models.interview import Interview, Participant, Status
from app.models.transcript import Engine, EngineKind, Speaker, Transcript, Utterance, Word
from app.repositories.factory import open_repositories
from bench.load import alternating, get_request, requests_per_second
from bench.report import Ratio
from bench.servers import SECRET, serve

_ROUNDS = 5
_SECONDS = 1.5
_WORDS_AN_HOUR = 9_000
_WORDS_AN_UTTERANCE = 15


def measure(folder: Path) -> list[Ratio]:
    token = mint_session({"sub": "bench"}, SECRET, max_age=timedelta(hours=1))
    small, large = folder / "small", folder / "large"
    ids = {
        data_dir: _prepare(data_dir, count, token) for data_dir, count in ((small, 1_000), (large, 10_000))
    }
    listing = "/api/v1/interviews?limit=25"
    transcript = f"/api/v1/interviews/{ids[large]}/transcript"
    page = f"{transcript}/utterances?limit=100"
    with serve("app.main:app", ready="/api/v1/health", data_dir=large) as ours:
        with serve("app.main:app", ready="/api/v1/health", data_dir=small) as fewer:
            many, few = alternating(
                _ROUNDS, _rate(ours.port, listing, token), _rate(fewer.port, listing, token)
            )
        ratios = [Ratio("list of 25 at 10,000 interviews", "at 1,000 interviews", many / few, at_least=0.9)]
        for what, path, goal in (
            ("list of 25 at 10,000 interviews", listing, 0.25),
            ("whole 1 h transcript", transcript, 0.5),
            ("100 utterances of it", page, None),
        ):
            payload = folder / "payload"
            payload.write_bytes(_get(ours.port, path, token))
            with serve("bench.peers:raw", ready="/", data_dir=folder, PEER_PAYLOAD=str(payload)) as bare:
                us, them = alternating(_ROUNDS, _rate(ours.port, path, token), _rate(bare.port, "/", None))
            ratios.append(Ratio(what, "bare FastAPI, same bytes", us / them, at_least=goal))
        ratios.append(_compressed(folder, ours.port, transcript, token))
    return ratios


def _compressed(folder: Path, port: int, path: str, token: str) -> Ratio:
    payload = folder / "payload"
    payload.write_bytes(_get(port, path, token))
    with serve("bench.peers:compressed", ready="/", data_dir=folder, PEER_PAYLOAD=str(payload)) as bare:
        us, them = alternating(
            _ROUNDS, _rate(port, path, token, compressed=True), _rate(bare.port, "/", None, compressed=True)
        )
    return Ratio(
        "whole 1 h transcript, gzip", "bare FastAPI, same bytes and compression", us / them, at_least=0.5
    )


def _rate(port: int, path: str, token: str | None, *, compressed: bool = False) -> Callable[[], float]:
    request = get_request(path, token, compressed=compressed)
    return lambda: asyncio.run(requests_per_second(port, request, seconds=_SECONDS))


def _get(port: int, path: str, token: str) -> bytes:
    answer = httpx.get(
        f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {token}"}, trust_env=False
    )
    return answer.raise_for_status().content


def _prepare(data_dir: Path, count: int, token: str) -> str:
    """A database with `count` interviews, the newest with a transcript of an hour; gives that one's id."""
    data_dir.mkdir()
    with serve("app.main:app", ready="/api/v1/health", data_dir=data_dir) as server:
        me = httpx.get(
            f"http://127.0.0.1:{server.port}/api/v1/me",
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
        ).json()
    return asyncio.run(_fill(data_dir, count, me["organisations"][0]["id"]))


async def _fill(data_dir: Path, count: int, organisation_id: str) -> str:
    async with open_repositories(None, "bench", data_dir) as repositories:
        interviews = repositories.interviews(organisation_id)
        made = ""
        start = utc_now() - timedelta(days=30)
        for number in range(count):
            made = new_id()
            await interviews.insert(
                Interview(
                    id=made,
                    organisation_id=organisation_id,
                    title=f"Backend engineer, round {number % 4}",
                    candidate=Participant(name=f"Candidate {number}", email=f"c{number}@example.com"),
                    position="Backend Engineer",
                    tags=("engineering", f"round-{number % 4}"),
                    created_by="bench",
                    created_at=start + timedelta(seconds=number),
                    updated_at=start + timedelta(seconds=number),
                    idempotency_key=made,
                    status=Status.DONE,
                    transcript_revision=1,
                )
            )
        await repositories.transcripts(organisation_id).put(_transcript(organisation_id, made))
    return made


def _transcript(organisation_id: str, interview_id: str) -> Transcript:
    vocabulary = re.findall(
        r"\w+", "we moved the billing service to events and measured what changed for every customer"
    )
    utterances = []
    for number in range(_WORDS_AN_HOUR // _WORDS_AN_UTTERANCE):
        start = number * 3600 * _WORDS_AN_UTTERANCE / _WORDS_AN_HOUR
        words = tuple(
            Word(
                text=vocabulary[(number + i) % len(vocabulary)],
                start=round(start + i * 0.4, 3),
                end=round(start + i * 0.4 + 0.3, 3),
                confidence=0.97,
            )
            for i in range(_WORDS_AN_UTTERANCE)
        )
        utterances.append(
            Utterance(
                id=f"u{number:04d}",
                speaker=f"s{number % 2}",
                start=words[0].start,
                end=words[-1].end,
                text=" ".join(w.text for w in words),
                words=words,
            )
        )
    return Transcript(
        id=new_id(),
        organisation_id=organisation_id,
        interview_id=interview_id,
        revision=1,
        epoch=1,
        engine=Engine(name="bench", version="1", kind=EngineKind.IMPORTED),
        language="en",
        duration=3600,
        speakers=(Speaker(id="s0", label="Speaker 1"), Speaker(id="s1", label="Speaker 2")),
        utterances=tuple(utterances),
        created_at=utc_now(),
    )
