"""API and worker are killed at every point of submit and callback: each recording gets its transcript, once."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from app.core.container import Container, open_container
from app.models.interview import Interview, Status
from tests.fixtures.deepgram import RunningDeepgram, running_deepgram
from tests.fixtures.server import make_settings, token_for
from tests.jobs import crashing_vendor
from tests.jobs.crashing_vendor import Plan, Point
from tests.jobs.test_crash import environment_of, short_recording

pytestmark = [pytest.mark.crash, pytest.mark.slow]

IN_FLIGHT = 5
DEADLINE = 8.0
WEBHOOK_SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"


@dataclass
class Site:
    """One database, one vendor, and one API and one worker that come and go."""

    container: Container
    deepgram: RunningDeepgram
    environment: dict[str, str]
    folder: Path
    context: ForkServerContext
    listening: socket.socket
    started: list[ForkServerProcess]

    @property
    def marks(self) -> Path:
        return self.folder / "marks.txt"

    def start_api(self, point: Point | None = None, nth: int = 1) -> ForkServerProcess:
        plan = Plan(self.marks, point, nth)
        return self._start(crashing_vendor.run_api, self.environment, plan, self.listening)

    def start_worker(self, point: Point | None = None, nth: int = 1) -> ForkServerProcess:
        return self._start(crashing_vendor.run_worker, self.environment, Plan(self.marks, point, nth))

    def _start(self, body: Any, *args: Any) -> ForkServerProcess:
        process = self.context.Process(target=body, args=args, daemon=False)
        process.start()
        self.started.append(process)
        return process

    async def interviews(self, ids: list[str]) -> list[Interview]:
        found = [await self.container.repositories.jobs.get(i) for i in ids]
        return [i for i in found if i is not None]

    async def finished(self, ids: list[str]) -> list[Interview]:
        async with asyncio.timeout(90):
            while True:
                interviews = await self.interviews(ids)
                if all(i.status in (Status.DONE, Status.FAILED) for i in interviews):
                    return interviews
                await asyncio.sleep(0.05)


async def end(process: ForkServerProcess) -> None:
    with suppress(ProcessLookupError):
        os.kill(process.pid or 0, signal.SIGKILL)
    await asyncio.to_thread(process.join)


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
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1024)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with running_deepgram(any_callback_port=True, retry_interval=0.3) as deepgram:
            settings = make_settings(
                tmp_path,
                database=database,
                server={"public_url": url},
                worker={"worker_in_process": False},
                deepgram={"deepgram_api_key": SecretStr(deepgram.key)},
            )
            environment = environment_of(settings) | {
                "PUBLIC_URL": url,
                "WORKER_IN_PROCESS": "false",
                "DEEPGRAM_API_KEY": deepgram.key,
                "DEEPGRAM_BASE_URL": deepgram.url,
                "DEEPGRAM_DELIVERY": "callback",
                "DEEPGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
                "DEEPGRAM_DEADLINE_SECONDS": str(DEADLINE),
            }
            async with open_container(settings) as container:
                site = Site(container, deepgram, environment, tmp_path, processes, listening, [])
                try:
                    yield site
                finally:
                    for process in site.started:
                        await end(process)


async def start_interviews(site: Site) -> list[str]:
    recording = short_recording()
    url = f"{site.environment['PUBLIC_URL']}/api/v1"
    headers = {"Authorization": f"Bearer {token_for('ada')}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30, trust_env=False) as api:

        async def one(number: int) -> str:
            created = await api.post("/interviews", json={"title": f"Interview {number}"})
            interview = str(created.json()["id"])
            sent = await api.put(f"/interviews/{interview}/recording", content=recording)
            assert sent.status_code == 202, sent.text
            return interview

        return [await one(number) for number in range(IN_FLIGHT)]


async def check_once(site: Site, ids: list[str]) -> None:
    interviews = await site.interviews(ids)
    assert [i.status for i in interviews] == [Status.DONE] * len(ids), [i.failure for i in interviews]
    for interview in interviews:
        committed = [(r.step, r.epoch) for r in interview.history if r.outcome == "committed"]
        assert max(Counter(committed).values()) == 1, "a step was committed twice for one epoch"
        steps = Counter(step for step, _ in committed)
        # An answer that only reports a failure is read, too, before the recording is sent again.
        assert steps[Status.PREPARING] == steps[Status.ANALYSING] == 1
        assert (interview.transcript_revision, interview.analysis_revision) == (1, 1)
        transcripts = site.container.repositories.transcripts(interview.organisation_id)
        first = await transcripts.get(interview.id, 1)
        assert first is not None
        assert first.engine.name == "deepgram"
        assert await transcripts.get(interview.id, 2) is None, "a duplicate transcript"
        analyses = site.container.repositories.analyses(interview.organisation_id)
        assert len(await analyses.list_newest(interview.id, before=None, limit=10)) == 1


@pytest.mark.parametrize("point", Point, ids=lambda point: str(point).replace(" ", "-"))
async def test_killed_at(site: Site, point: Point) -> None:
    site.deepgram.switches.lose_callbacks = IN_FLIGHT if "awaiting" in point else 0
    is_api = point.startswith("api")
    api = site.start_api(None)
    ids = await start_interviews(site)
    victim = api
    if is_api:
        await end(api)
        victim = site.start_api(point, nth=2)
    worker = site.start_worker(None if is_api else point, nth=2)
    if not is_api:
        victim = worker
    await asyncio.to_thread(victim.join, 40)
    assert victim.exitcode == -signal.SIGKILL
    assert site.marks.read_text() == point, "it ended where it was to end"
    if is_api:
        site.start_api()
    else:
        site.start_worker()
    await site.finished(ids)
    await check_once(site, ids)
    assert not site.deepgram.violations
