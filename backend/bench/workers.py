"""Workers: three against one on interviews that wait for vendors, and how soon a new one is taken up.

The vendors are the tests' stand-ins, each answer of which takes its time. What is compared is the time from the first
finished step to the last interview done, so that starting the processes counts for nothing.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final

import httpx

from app.core.security import mint_session
from app.models.base import new_id, utc_now
from app.models.interview import Interview, Recording, Status
from app.repositories.base import Repositories
from app.repositories.factory import open_repositories
from bench.report import Ratio, show
from bench.servers import SECRET, redis, serve
from tests.standins.deepgram.server import KEY as DEEPGRAM_KEY
from tests.standins.openai.server import KEY as OPENAI_KEY

_BACKEND: Final = Path(__file__).resolve().parents[1]
_SAMPLES: Final = _BACKEND.parent / "samples"
_INTERVIEWS: Final = 300
_ANSWER_SECONDS: Final = "1.5"
_AT_ONCE: Final = "6"
"""Steps of one kind in one worker."""
_LATENCIES: Final = 15
_PATIENCE: Final = 300.0


def measure(folder: Path) -> list[Ratio]:
    for name in ("three", "one", "told", "looking"):
        (folder / name).mkdir(parents=True)
    with _vendors() as vendors:
        three = asyncio.run(_finish(folder / "three", vendors, workers=3))
        one = asyncio.run(_finish(folder / "one", vendors, workers=1))
    found = [
        Ratio(f"{_INTERVIEWS} interviews by 3 workers", "by 1 worker", one / three, at_least=2.2, unit="×"),
        Ratio(f"{_INTERVIEWS} interviews by 3 workers", "for the record", _INTERVIEWS / three, unit="/s"),
    ]
    if shutil.which("redis-server") is None:
        print("how soon work is taken up with Redis: left out, there is no redis-server here")
        return found
    with redis(folder) as url:
        told = asyncio.run(_taken_up(folder / "told", {"REDIS_URL": url}))
    looking = asyncio.run(_taken_up(folder / "looking", {}))
    return [
        *found,
        Ratio("until a step is taken up elsewhere, with Redis", "without", told / looking),
        Ratio("until a step is taken up elsewhere, with Redis", "for the record", told * 1000, unit="ms"),
        Ratio("until a step is taken up elsewhere, without", "for the record", looking * 1000, unit="ms"),
    ]


@contextmanager
def _vendors() -> Iterator[dict[str, str]]:
    """Stand-ins for Deepgram and OpenAI; gives the settings that lead to them."""
    deepgram, openai = _free_port(), _free_port()
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with ExitStack() as stack:
        for name, port, more in (("deepgram", deepgram, []), ("openai", openai, ["--mind", "silent"])):
            command = [sys.executable, "-m", f"tests.standins.{name}", "--port", str(port)]
            process = subprocess.Popen([*command, "--delay", _ANSWER_SECONDS, *more], cwd=_BACKEND, **silent)
            stack.callback(process.wait, 10)
            stack.callback(process.terminate)
        for port in (deepgram, openai):
            _until_open(port)
        yield {
            "DEEPGRAM_API_KEY": DEEPGRAM_KEY,
            "DEEPGRAM_BASE_URL": f"http://127.0.0.1:{deepgram}",
            "DEEPGRAM_DELIVERY": "wait",
            "DEEPGRAM_INTELLIGENCE": "",
            "DEEPGRAM_CONCURRENCY": _AT_ONCE,
            "OPENAI_API_KEY": OPENAI_KEY,
            "OPENAI_BASE_URL": f"http://127.0.0.1:{openai}/v1",
            "OPENAI_CONCURRENCY": _AT_ONCE,
            "WORKER_IO_CONCURRENCY": _AT_ONCE,
        }


@contextmanager
def _workers(folder: Path, count: int, environment: dict[str, str]) -> Iterator[None]:
    env = {**os.environ, "DATA_DIR": str(folder), "AUTH_SECRET": SECRET, "LOG_LEVEL": "ERROR", **environment}
    with ExitStack() as stack:
        for _ in range(count):
            process = subprocess.Popen([sys.executable, "-m", "app.worker"], cwd=_BACKEND, env=env)
            stack.callback(process.wait, 30)
            stack.callback(process.terminate)
        yield


async def _finish(folder: Path, vendors: dict[str, str], *, workers: int) -> float:
    """Seconds in which so many workers finish the interviews."""
    key = "bench/recording.wav"
    recording = (_SAMPLES / "interview-30s.wav").read_bytes()
    async with open_repositories(None, "bench", folder) as repositories:
        await _store(folder, key, recording)
        ids = [await _waiting(repositories, key, len(recording)) for _ in range(_INTERVIEWS)]
        with _workers(folder, workers, vendors):
            async with asyncio.timeout(_PATIENCE):
                await _all_done(repositories, ids)
        done = [await repositories.jobs.get(interview) for interview in ids]
    moments: list[datetime] = []
    for interview in done:
        assert interview is not None
        assert interview.status is Status.DONE, interview.failure
        moments += [record.finished_at for record in interview.history]
    return (max(moments) - min(moments)).total_seconds()


async def _store(folder: Path, key: str, content: bytes) -> None:
    from app.core.config import load_settings  # noqa: PLC0415 - reads the environment
    from app.core.security import Signer  # noqa: PLC0415
    from app.services.storage.factory import build_store  # noqa: PLC0415

    store = build_store(
        load_settings(env_file=Path("/dev/null")).storage,
        root=folder / "objects",
        base_url="http://bench",
        signer=Signer(SECRET),
    )
    await store.put_bytes(key, content, "audio/wav")


async def _waiting(repositories: Repositories, key: str, size: int) -> str:
    """An interview whose recording is to be sent to the vendor."""
    now = utc_now()
    interview_id = new_id()
    await repositories.interviews("bench").insert(
        Interview(
            id=interview_id,
            organisation_id="bench",
            title="bench",
            created_by="bench",
            created_at=now,
            updated_at=now,
            idempotency_key=interview_id,
            status=Status.SUBMITTING,
            due_at=now,
            recording=Recording(
                key=key,
                upload_id=None,
                filename="x.wav",
                content_type="audio/wav",
                size=size,
                etag="x",
                container="wav",
                duration=30.0,
                channels=1,
                sample_rate=16_000,
                has_video=False,
                peaks_key="x",
                uploaded_at=now,
            ),
        )
    )
    return interview_id


async def _all_done(repositories: Repositories, ids: list[str]) -> None:
    left = list(ids)
    while left:
        found = await repositories.jobs.get(left[-1])
        if found is not None and found.status in (Status.DONE, Status.FAILED):
            left.pop()
        else:
            await asyncio.sleep(0.25)


async def _taken_up(folder: Path, environment: dict[str, str]) -> float:
    """The median of the seconds from an API's answer to the end of the first, short step in a worker elsewhere."""
    token = mint_session({"sub": "bench"}, SECRET, max_age=timedelta(hours=1))
    script = (_SAMPLES / "script.json").read_bytes()
    with (
        serve("app.main:app", ready="/api/v1/health", data_dir=folder, **environment) as server,
        _workers(folder, 1, environment),
    ):
        api = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{server.port}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
            timeout=60,
        )
        async with api, open_repositories(None, "bench", folder) as repositories:
            seconds = []
            for number in range(_LATENCIES + 2):
                made = (await api.post("/interviews", json={"title": "bench"})).raise_for_status()
                interview = made.json()["id"]
                path = f"/interviews/{interview}/transcript"
                (await api.put(path, content=script)).raise_for_status()
                answered = utc_now()
                await _all_done(repositories, [interview])
                found = await repositories.jobs.get(interview)
                assert found is not None
                if number >= 2:
                    # The first ones load what the steps need.
                    seconds.append((found.history[0].finished_at - answered).total_seconds())
                # The worker has looked by itself just now: begin at some other moment between its looks.
                await asyncio.sleep(0.137 * (number % 7))
    return median(seconds)


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def _until_open(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("a stand-in did not start")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="debrief-bench-") as folder:
        show(measure(Path(folder)))


if __name__ == "__main__":
    main()
