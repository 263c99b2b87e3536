"""When a worker has use for a tick, and that it outlives what it cannot read."""

from __future__ import annotations

import asyncio
from typing import Any, NoReturn

import anyio
import pytest

from app.core.config import Settings
from app.core.container import Container, open_container
from app.jobs import runner as module
from app.jobs.runner import Runner
from app.models.base import utc_now
from app.models.interview import Interview, Status
from app.repositories.base import Expect
from app.services.interviews import InterviewDraft
from tests.fixtures.server import SettingsFactory


@pytest.fixture
def one_at_a_time(settings_with: SettingsFactory) -> Settings:
    return settings_with(
        worker={"worker_io_concurrency": 1, "worker_cpu_concurrency": 1, "worker_poll_seconds": 3600.0}
    )


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """One step is all that there is, and it lasts until the event is set."""
    may_end = asyncio.Event()

    class Attempt:
        def __init__(self, container: Container, interview: Interview, _: object) -> None:
            self._jobs, self._id = container.repositories.jobs, interview.id

        async def run(self) -> None:
            await may_end.wait()
            await self._jobs.compare_and_set(self._id, Expect(), {"status": Status.DONE})

    monkeypatch.setattr(module, "STEPS", (Status.NOTIFYING,))
    monkeypatch.setattr(module, "Attempt", Attempt)
    return may_end


async def due(container: Container) -> str:
    draft = InterviewDraft(title="x")
    interview = await container.interviews.create("acme", draft, created_by="ann", idempotency_key=None)
    change = {"status": Status.NOTIFYING, "due_at": utc_now()}
    assert await container.repositories.jobs.compare_and_set(interview.id, Expect(), change)
    return interview.id


async def test_only_a_worker_that_found_nothing_and_has_room_takes_ticks(
    one_at_a_time: Settings, steps: asyncio.Event
) -> None:
    async with open_container(one_at_a_time) as container, anyio.create_task_group() as group:
        runner, stop = Runner(container), anyio.Event()
        group.start_soon(runner.run, stop)
        await asyncio.wait_for(runner._until_hungry(), 30)
        await due(container)
        runner.wake()
        assert not runner._hungry.is_set(), "the tick that woke it is the only one that it takes"
        async with asyncio.timeout(30):
            while not runner._running[Status.NOTIFYING]:
                await asyncio.sleep(0.01)
        for _ in range(5):
            await asyncio.sleep(0)
        assert not runner._hungry.is_set(), "it is full"
        steps.set()
        await asyncio.wait_for(runner._until_hungry(), 30)
        stop.set()


async def test_a_claim_that_cannot_be_read_ends_no_worker(
    one_at_a_time: Settings, steps: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps.set()
    async with open_container(one_at_a_time) as container, anyio.create_task_group() as group:
        jobs = type(container.repositories.jobs)
        claim_due, crashed = jobs.claim_due, asyncio.Event()

        async def unreadable(*_: Any, **__: Any) -> NoReturn:
            crashed.set()
            raise ValueError("of a newer release")

        monkeypatch.setattr(jobs, "claim_due", unreadable)
        runner, stop = Runner(container), anyio.Event()
        group.start_soon(runner.run, stop)
        await asyncio.wait_for(crashed.wait(), 30)
        monkeypatch.setattr(jobs, "claim_due", claim_due)
        interview_id = await due(container)
        async with asyncio.timeout(30):
            while True:
                runner.wake()
                found = await container.repositories.jobs.get(interview_id)
                if found is not None and found.status is Status.DONE:
                    break
                await asyncio.sleep(0.01)
        stop.set()
