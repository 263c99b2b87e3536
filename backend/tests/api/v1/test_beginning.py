"""A coroutine that is begun without a task: done at once, finished in one, or failed there."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from app.api.v1.beginning import begin


async def test_what_waits_for_nothing_is_done_at_once() -> None:
    done: list[int] = []

    async def inner() -> None:
        done.append(1)

    async def outer() -> None:
        await inner()
        done.append(2)

    assert begin(outer()) is None
    assert done == [1, 2]


async def test_what_waits_is_finished_by_whoever_awaits_it() -> None:
    first, second = asyncio.Event(), asyncio.Event()
    done: list[str] = []

    async def work() -> None:
        done.append("begun")
        await first.wait()
        done.append("between")
        await second.wait()
        done.append("finished")

    begun = begin(work())
    assert done == ["begun"]
    assert begun is not None

    async def finish() -> None:
        await begun

    task = asyncio.create_task(finish())
    first.set()
    while done[-1] != "between":
        await asyncio.sleep(0)
    second.set()
    await task
    assert done == ["begun", "between", "finished"]


@pytest.mark.parametrize("waits", [False, True])
async def test_a_failure_is_raised_where_it_is_awaited(waits: bool) -> None:
    async def work() -> None:
        if waits:
            await asyncio.sleep(0)
        raise ValueError("no")

    begun = begin(work())
    assert begun is not None
    with pytest.raises(ValueError, match="no"):
        await begun


async def test_a_cancellation_reaches_the_coroutine() -> None:
    seen: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            seen.append("cleaned up")

    begun = begin(work())
    assert begun is not None

    async def finish() -> None:
        await begun

    task = asyncio.create_task(finish())
    await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert task.cancelled()
    assert seen == ["cleaned up"]
