"""A container, a runner for it, and interviews that are due, for tests with steps of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio

from app.core.container import Container, open_container
from app.jobs.runner import Runner
from app.models.base import utc_now
from app.models.interview import Interview, Status
from app.repositories.base import Expect
from app.services.interviews import InterviewDraft
from tests.fixtures.server import make_settings

ORGANISATION = "acme"


@asynccontextmanager
async def working(
    folder: Path, deepgram: dict[str, object] | None = None, **worker: object
) -> AsyncIterator[Container]:
    settings = make_settings(
        folder,
        deepgram=deepgram or {},
        worker={
            "worker_poll_seconds": 0.02,
            "worker_backoff_seconds": 0.02,
            "worker_grace_seconds": 0.1,
            **worker,
        },
    )
    async with open_container(settings) as container:
        yield container


@asynccontextmanager
async def a_runner(container: Container) -> AsyncIterator[anyio.Event]:
    stop = anyio.Event()
    async with anyio.create_task_group() as group:
        group.start_soon(Runner(container).run, stop)
        yield stop
        stop.set()


async def begun(container: Container, status: Status = Status.NOTIFYING) -> Interview:
    """An interview that is due for a step."""
    created = await container.interviews.create(
        ORGANISATION, InterviewDraft(title="x"), created_by="ann", idempotency_key=None
    )
    moved = await container.repositories.jobs.compare_and_set(
        created.id, Expect(), {"status": status, "due_at": utc_now()}
    )
    assert moved is not None
    return moved


async def reached(container: Container, interview_id: str, *statuses: Status) -> Interview:
    with anyio.fail_after(60):
        while True:
            found = await container.repositories.jobs.get(interview_id)
            if found is not None and found.status in statuses:
                return found
            await anyio.sleep(0.01)
