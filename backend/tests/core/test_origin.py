"""What set the work in motion stays with it, and with nothing else."""

from __future__ import annotations

import asyncio

import structlog
from anyio import to_thread

from app.core.origin import Origin, begin, begin_span, current_origin, following


def test_nobody_knows_at_first() -> None:
    assert current_origin() == Origin()
    assert current_origin().fields == {}, "what an interview has stored stays"


def test_it_holds_inside_and_not_after() -> None:
    with following("upload-1", "00-a-b-01"):
        assert current_origin().fields == {"correlation_id": "upload-1", "traceparent": "00-a-b-01"}
        assert structlog.contextvars.get_contextvars() == {"correlation_id": "upload-1"}
        with following("upload-2"):
            assert current_origin() == Origin("upload-2")
        assert current_origin().correlation_id == "upload-1"
    assert current_origin() == Origin()
    assert structlog.contextvars.get_contextvars() == {}


def test_work_without_one_changes_nothing() -> None:
    with following("upload-1"), following(None, "00-a-b-01"):
        assert current_origin() == Origin("upload-1")


async def test_it_follows_into_threads_and_tasks_and_not_into_its_neighbours() -> None:
    async def one(name: str) -> tuple[str | None, str | None]:
        with following(name):
            await asyncio.sleep(0)
            inside = await to_thread.run_sync(current_origin)
            task = asyncio.create_task(asyncio.to_thread(current_origin))
            return inside.correlation_id, (await task).correlation_id

    found = await asyncio.gather(*(one(f"request-{number}") for number in range(20)))
    assert found == [(f"request-{n}", f"request-{n}") for n in range(20)]


async def test_a_request_begins_with_nothing_of_another_one() -> None:
    async def request() -> Origin:
        begin("request-1")
        begin_span("00-a-b-01")
        assert structlog.contextvars.get_contextvars() == {
            "request_id": "request-1",
            "correlation_id": "request-1",
        }
        return current_origin()

    with following("upload-1"):
        assert await asyncio.create_task(request()) == Origin("request-1", "00-a-b-01")
        assert current_origin() == Origin("upload-1")
