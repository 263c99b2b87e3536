"""A worker dies in the middle of a debrief: the next one goes on, and asks nothing that was answered before."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from app.core.container import open_container
from app.models.analysis import Analysis
from app.models.interview import Interview
from app.services.debriefing.replay import Verdict
from bench.quality.interview import load
from tests.fixtures.debriefing import Office, labelled
from tests.fixtures.openai import RunningOpenAI, running_openai
from tests.fixtures.server import make_settings, running
from tests.jobs import crashing_worker
from tests.jobs.crashing_worker import Plan
from tests.jobs.test_crash import LEASE, environment_of
from tests.standins.openai.analyst import Brain, ChatRequest
from tests.standins.openai.brains import diligent
from tests.standins.openai.journal import Json

pytestmark = [pytest.mark.crash, pytest.mark.slow]

TALK = "product_designer"
SMALL = {"OPENAI_CONTEXT_TOKENS": "8192", "OPENAI_MAX_OUTPUT_TOKENS": "2048"}
"""A model for which the talk has several parts."""


@dataclass
class Pause:
    """Holds the request back that comes after `nth` answers with this schema, until the test lets go."""

    schema: str
    nth: int
    answered: Counter[str] = field(default_factory=Counter)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    def around(self, brains: dict[str, Brain]) -> dict[str, Brain]:
        return {name: self._paused(name, brain) for name, brain in brains.items()}

    def _paused(self, name: str, brain: Brain) -> Brain:
        async def answer(request: ChatRequest) -> Any:
            if name == self.schema and self.answered[name] == self.nth and not self.let_go.is_set():
                self.reached.set()
                await self.let_go.wait()
            self.answered[name] += 1
            return brain(request)

        return answer


@dataclass
class Site:
    """One database, an API, and workers that come and go."""

    desk: Office
    openai: RunningOpenAI
    environment: dict[str, str]
    folder: Path
    context: ForkServerContext
    workers: list[ForkServerProcess]

    def start_worker(self) -> ForkServerProcess:
        plan = Plan(self.folder / "journal.txt")
        process = self.context.Process(
            target=crashing_worker.run, args=(self.environment, plan), daemon=False
        )
        process.start()
        self.workers.append(process)
        return process

    async def until_kept(self, interview: str) -> None:
        """Wait until every answer that was given has been written down."""
        async with asyncio.timeout(20):
            while len(self.answers(interview)) < len(self.answered()):
                await asyncio.sleep(0.02)

    def answers(self, interview: str) -> list[str]:
        return [key for key in self.desk.objects(interview) if "/analyses/1/" in key]

    def answered(self) -> list[str]:
        """Bodies of the requests that got their answer."""
        return [request.text for request in self.openai.requests if request.status == 200]


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
    limits = {"context_tokens": 8192, "output_tokens": 2048}
    async with (
        running_openai(brains=diligent(), **limits) as openai,
        running(settings) as server,
        open_container(settings) as container,
    ):
        environment = environment_of(settings) | {
            **SMALL,
            "OPENAI_BASE_URL": openai.url,
            "OPENAI_API_KEY": openai.key,
            "OPENAI_CONCURRENCY": "1",
            "OPENAI_TIMEOUT_SECONDS": "60",
        }
        api = server.client("ada")
        organisation = str((await api.get("/me")).json()["organisations"][0]["id"])
        desk = Office(server, api, container, organisation)
        site = Site(desk, openai, environment, tmp_path, processes, [])
        try:
            yield site
        finally:
            await openai.openai.close()
            for worker in site.workers:
                await end(worker)
        assert openai.violations == []


async def end(worker: ForkServerProcess) -> None:
    with suppress(ProcessLookupError):
        os.kill(worker.pid or 0, signal.SIGKILL)
    await asyncio.to_thread(worker.join)


async def one_debrief(site: Site, interview: str) -> tuple[Interview, Analysis]:
    """The interview, done, with its only debrief."""
    await site.desk.done(interview)
    stored = await site.desk.interview(interview)
    [analysis] = await site.desk.analyses(interview)
    assert (stored.transcript_revision, stored.analysis_revision) == (1, 1)
    committed = Counter(r.step for r in stored.history if r.outcome == "committed")
    assert set(committed.values()) == {1}, "no step was committed twice"
    return stored, analysis


class TestKilled:
    @pytest.mark.parametrize(
        ("schema", "nth"), [("full_reading", 1), ("judgement", 0), ("judgement", 3)], ids=str
    )
    async def test_the_next_worker_goes_on_where_it_stood(self, site: Site, schema: str, nth: int) -> None:
        pause = Pause(schema, nth)
        site.openai.brains.update(pause.around(diligent()))
        interview = await labelled(site.desk, load(TALK))
        first = site.start_worker()
        async with asyncio.timeout(20):
            await pause.reached.wait()
        await site.until_kept(interview)
        await end(first)
        assert first.exitcode == -signal.SIGKILL
        before = site.answered()
        assert before, "some of the debrief was made"
        pause.let_go.set()
        site.start_worker()
        _, analysis = await one_debrief(site, interview)

        # The request that was under way is asked again; those that had been answered are not.
        asked = Counter(site.answered())
        asked_twice = [text for text, times in asked.items() if times > 1]
        assert set(asked_twice).isdisjoint(before)
        assert len(asked_twice) <= 1
        assert len(analysis.provenance.calls) == len(asked)
        readings = [r for r in site.openai.requests if r.schema == "full_reading"]
        assert len({r.text for r in readings}) > 1, "the talk has several parts"

        # Each answer is counted once, whichever worker it was that asked.
        usage = {r.text: r.answer["usage"] for r in site.openai.requests if isinstance(r.answer, dict)}
        made = analysis.provenance
        assert made.input_tokens == sum(u["prompt_tokens"] for u in usage.values())
        assert made.output_tokens == sum(u["completion_tokens"] for u in usage.values())
        used = await site.desk.container.repositories.usage(site.desk.organisation).list_newest(
            before=None, limit=2
        )
        assert sum(day.tokens for day in used) >= made.input_tokens + made.output_tokens
        replay = await site.desk.container.replays.replay(analysis)
        assert replay.verdict is Verdict.IDENTICAL


class TestStopped:
    async def test_a_worker_that_wakes_when_another_has_finished_changes_nothing(self, site: Site) -> None:
        """The model answers otherwise each time: what the late one hears must not take the place of what was used."""
        times = Counter[str]()
        honest = diligent()["judgement"]

        def differently(request: ChatRequest) -> Json:
            times["judgement"] += 1
            answer = honest(request)
            assert isinstance(answer, dict)
            return answer | {"rationale": f"As was said in answer {times['judgement']}."}

        pause = Pause("judgement", 1)
        site.openai.brains.update(pause.around(diligent() | {"judgement": differently}))
        interview = await labelled(site.desk, load(TALK))
        sleeper = site.start_worker()
        async with asyncio.timeout(20):
            await pause.reached.wait()
        await site.until_kept(interview)
        os.kill(sleeper.pid or 0, signal.SIGSTOP)
        pause.let_go.set()
        site.start_worker()
        _, before = await one_debrief(site, interview)
        answers = {k: await site.desk.container.store.get_bytes(k) for k in site.answers(interview)}

        os.kill(sleeper.pid or 0, signal.SIGCONT)
        journal = site.folder / "journal.txt"
        async with asyncio.timeout(20):
            while f" {sleeper.pid} ended {interview} analysing" not in journal.read_text():
                await asyncio.sleep(0.05)
        await asyncio.sleep(LEASE)
        _, after = await one_debrief(site, interview)
        assert after == before
        assert {k: await site.desk.container.store.get_bytes(k) for k in site.answers(interview)} == answers
        assert (await site.desk.container.replays.replay(after)).verdict is Verdict.IDENTICAL
