"""Several pieces of work at once, and the first failure as itself instead of inside a group."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar, cast

import anyio

T = TypeVar("T")


async def concurrently(work: Sequence[Callable[[], Awaitable[T]]]) -> list[T]:
    """The results in the order of the work. When one fails the others are cancelled and its error is raised."""
    results: dict[int, T] = {}

    async def one(number: int) -> None:
        results[number] = await work[number]()

    try:
        async with anyio.create_task_group() as group:
            for number in range(len(work)):
                group.start_soon(one, number)
    except BaseExceptionGroup as failures:
        raise first_of(failures) from None
    return [results[number] for number in range(len(work))]


def first_of(group: BaseExceptionGroup[BaseException]) -> BaseException:
    inner = group.exceptions[0]
    return (
        first_of(cast("BaseExceptionGroup[BaseException]", inner))
        if isinstance(inner, BaseExceptionGroup)
        else inner
    )
