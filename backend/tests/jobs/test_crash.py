"""Workers are killed at every boundary and in the middle of every step: nothing is lost, nothing is done twice."""

from __future__ import annotations

import asyncio
import os
import signal
import wave
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from app.core.config import Settings
from app.core.container import Container, open_container
from app.models.interview import Interview, Status
from app.models.notification import Topic
from tests.fixtures.server import SAMPLES, SECRET, RunningServer, make_settings, running
from tests.jobs import crashing_worker
from tests.jobs.crashing_worker import POINTS, Place, Plan

pytestmark = [pytest.mark.crash, pytest.mark.slow]

IN_FLIGHT = 20
RECORDINGS = 4
ROUNDS = int(os.environ.get("CRASH_ROUNDS", "10"))
SHARES = 5
LEASE = 1.5


@dataclass
class Site:
    """One database and data directory with an API in front; workers come and go."""

    server: RunningServer
    container: Container
    environment: dict[str, str]
    folder: Path
    context: ForkServerContext
    workers: list[ForkServerProcess]

    @property
    def journal(self) -> Path:
        return self.folder / "journal.txt"

    def start_worker(self, **plan: Any) -> ForkServerProcess:
        process = self.context.Process(
            target=crashing_worker.run, args=(self.environment, Plan(self.journal, **plan)), daemon=False
        )
        process.start()
        self.workers.append(process)
        return process

    async def interviews(self, ids: list[str]) -> list[Interview]:
        found = [await self.container.repositories.jobs.get(i) for i in ids]
        return [i for i in found if i is not None]

    async def all_done(self, ids: list[str], *, seconds: float) -> list[Interview]:
        async with asyncio.timeout(seconds):
            while True:
                interviews = await self.interviews(ids)
                if all(i.status in (Status.DONE, Status.FAILED) for i in interviews):
                    return interviews
                await asyncio.sleep(0.1)

    async def all_told(self, ids: list[str]) -> None:
        """Wait until nothing is left in the outboxes."""
        async with asyncio.timeout(60):
            while any(interview.outbox for interview in await self.interviews(ids)):
                await asyncio.sleep(0.1)

    def notes(self) -> list[tuple[float, int, str, str, str, str]]:
        """Time, process, what, interview, step and place."""
        lines = [line.split() for line in self.journal.read_text().splitlines()]
        return [(float(time), int(pid), *rest) for time, pid, *rest in lines]


@pytest_asyncio.fixture(params=["sqlite", "mongo"])
async def site(
    request: pytest.FixtureRequest, tmp_path: Path, processes: ForkServerContext
) -> AsyncIterator[Site]:
    database: dict[str, Any] = {}
    if request.param == "mongo":
        database = {
            "database_url": SecretStr(request.getfixturevalue("mongodb_url")),
            "database_name": request.getfixturevalue("mongodb_name"),
        }
    settings = make_settings(tmp_path, database=database, worker={"worker_in_process": False})
    async with running(settings) as server, open_container(settings) as container:
        site = Site(server, container, environment_of(settings), tmp_path, processes, [])
        try:
            yield site
        finally:
            for worker in site.workers:
                if worker.is_alive():
                    with suppress(ProcessLookupError):
                        os.kill(worker.pid or 0, signal.SIGKILL)
                await asyncio.to_thread(worker.join)


def environment_of(settings: Settings) -> dict[str, str]:
    url = settings.database.database_url
    return {
        "DATA_DIR": str(settings.server.data_dir),
        "DATABASE_URL": url.get_secret_value() if url else "",
        "DATABASE_NAME": settings.database.database_name,
        "AUTH_SECRET": SECRET,
        "WORKER_LEASE_SECONDS": str(LEASE),
        "WORKER_POLL_SECONDS": "0.05",
        "WORKER_BACKOFF_SECONDS": "0.1",
        # Each kill costs whatever the worker held one attempt; here they are not the interview's fault.
        "WORKER_MAX_ATTEMPTS": "1000",
        "WORKER_CPU_CONCURRENCY": "1",
    }


def short_recording() -> bytes:
    """Two seconds of the sample: enough for every step to have something to do."""
    with wave.open(str(SAMPLES / "interview-30s.wav"), "rb") as sample:
        parameters, frames = sample.getparams(), sample.readframes(2 * sample.getframerate())
    buffer = BytesIO()
    with wave.open(buffer, "wb") as cut:
        cut.setparams(parameters)
        cut.writeframes(frames)
    return buffer.getvalue()


async def start_interviews(site: Site, count: int = IN_FLIGHT, recordings: int = RECORDINGS) -> list[str]:
    api = site.server.client()
    recording, script = short_recording(), (SAMPLES / "script.json").read_bytes()

    async def one(number: int) -> str:
        # To tell voices apart is not what is tested here, and loading what does it takes longer than all the rest.
        made = await api.post("/interviews", json={"title": f"Interview {number}", "speakers_expected": 1})
        interview = str(made.json()["id"])
        path = f"/interviews/{interview}"
        sent: httpx.Response
        if number < recordings:
            sent = await api.put(f"{path}/recording", content=recording)
        else:
            sent = await api.put(f"{path}/transcript", content=script)
        assert sent.status_code == 202, sent.text
        return interview

    return [await one(number) for number in range(count)]


async def died(worker: ForkServerProcess, *, seconds: float) -> int | None:
    await asyncio.to_thread(worker.join, seconds)
    return worker.exitcode


async def check_finished(site: Site, ids: list[str]) -> None:
    interviews = await site.interviews(ids)
    assert [i.status for i in interviews] == [Status.DONE] * len(ids), [i.failure for i in interviews]
    for interview in interviews:
        committed = [(r.step, r.epoch) for r in interview.history if r.outcome == "committed"]
        assert max(Counter(committed).values()) == 1, "a step was committed twice for one epoch"
        assert max(Counter(step for step, _ in committed).values()) == 1, "a step was committed twice"
        assert (interview.transcript_revision, interview.analysis_revision) == (1, 1)
        transcripts = site.container.repositories.transcripts(interview.organisation_id)
        assert await transcripts.get(interview.id, 1) is not None
        assert await transcripts.get(interview.id, 2) is None, "a duplicate transcript"
        analyses = site.container.repositories.analyses(interview.organisation_id)
        assert len(await analyses.list_newest(interview.id, before=None, limit=10)) == 1


class TestKill:
    async def test_every_interview_ends_done_however_often_its_worker_is_killed(self, site: Site) -> None:
        """Round by round another share of the places is struck, so that ten rounds strike each of them twice."""
        for number in range(ROUNDS):
            ids = await start_interviews(site)
            for position, (status, place) in enumerate(islice(POINTS, number % SHARES, None, SHARES)):
                worker = site.start_worker(status=status, place=place, nth=1 + (number + position) % 2)
                if await died(worker, seconds=30) is None:
                    # The place was passed by all in an earlier run: then it is killed somewhere.
                    os.kill(worker.pid or 0, signal.SIGKILL)
                assert await died(worker, seconds=10) == -signal.SIGKILL
            last = site.start_worker()
            await site.all_done(ids, seconds=120)
            await check_finished(site, ids)
            os.kill(last.pid or 0, signal.SIGKILL)
        if ROUNDS >= SHARES:
            struck = {(note[4], note[5]) for note in site.notes() if note[2] == "struck"}
            assert struck == {(status.value, place.value) for status, place in POINTS}

    async def test_messages_of_a_killed_worker_are_delivered_by_another(self, site: Site) -> None:
        ids = await start_interviews(site, count=1, recordings=0)
        worker = site.start_worker(status=Status.NOTIFYING, place=Place.COMMITTED)
        assert await died(worker, seconds=30) == -signal.SIGKILL
        [interview] = await site.interviews(ids)
        assert interview.status is Status.DONE
        assert Topic.DEBRIEF_READY in [entry.kind for entry in interview.outbox]
        site.start_worker()
        async with asyncio.timeout(60):
            while (await site.interviews(ids))[0].outbox:
                await asyncio.sleep(0.2)


class TestStop:
    @pytest.mark.parametrize("place", [Place.WORKING, Place.WRITTEN])
    async def test_a_worker_that_wakes_after_its_lease_changes_nothing(
        self, site: Site, place: Place
    ) -> None:
        ids = await start_interviews(site, count=1, recordings=0)
        sleeper = site.start_worker(status=Status.ANALYSING, place=place, signal_number=signal.SIGSTOP)
        await noted(site, lambda notes: any(note[2] == "struck" for note in notes))
        site.start_worker()
        await site.all_done(ids, seconds=60)
        await check_finished(site, ids)
        await site.all_told(ids)
        before = await everything(site, ids)
        os.kill(sleeper.pid or 0, signal.SIGCONT)
        ended = sleeper.pid
        await noted(
            site, lambda notes: any(n[1] == ended and n[2:5:2] == ("ended", "analysing") for n in notes)
        )
        await asyncio.sleep(2 * LEASE)
        assert await everything(site, ids) == before


class TestTwoWorkers:
    async def test_they_never_hold_one_interview_at_the_same_time(self, site: Site) -> None:
        ids = await start_interviews(site, count=30, recordings=0)
        # Nobody dies here. A lease that a starved machine lets run out would be another's by right.
        site.environment["WORKER_LEASE_SECONDS"] = "20"
        workers = {site.start_worker(hold=0.4).pid, site.start_worker(hold=0.4).pid}
        await site.all_done(ids, seconds=240)
        await check_finished(site, ids)
        holding: dict[str, int] = {}
        seen: set[int] = set()
        for _, pid, what, interview, _, _ in sorted(site.notes()):
            if what == "began":
                assert interview not in holding, "two workers hold one interview"
                holding[interview] = pid
                seen.add(pid)
            elif what == "ended":
                assert holding.pop(interview) == pid
        assert seen == workers, "both had a share of the work"


async def noted(site: Site, enough: Callable[[list[Any]], bool]) -> None:
    async with asyncio.timeout(60):
        while not (site.journal.exists() and enough(site.notes())):
            await asyncio.sleep(0.05)


async def everything(site: Site, ids: list[str]) -> list[Any]:
    """All that is stored about the interviews."""
    found: list[Any] = []
    for interview in await site.interviews(ids):
        repositories, organisation = site.container.repositories, interview.organisation_id
        found.append(interview)
        found += [await repositories.transcripts(organisation).get(interview.id, n) for n in (1, 2)]
        found += await repositories.analyses(organisation).list_newest(interview.id, before=None, limit=10)
    return found
