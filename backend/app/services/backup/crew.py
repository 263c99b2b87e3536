"""Some objects at a time: most are small, and a store on the network answers each after a while."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Final, TypeVar

import anyio

T = TypeVar("T")

_HANDS: Final = 8


async def for_each(items: AsyncIterator[T] | Iterable[T], work: Callable[[T], Awaitable[None]]) -> None:
    """Work on all items, some at once; the first error ends it and is raised as it is."""
    send, receive = anyio.create_memory_object_stream[T](0)
    failed: list[Exception] = []
    """Raised at the end, so that callers see the error and no group around it."""

    async def hand() -> None:
        async for item in receive:
            try:
                await work(item)
            except Exception as error:
                failed.append(error)
                group.cancel_scope.cancel()

    async with receive, anyio.create_task_group() as group:
        for _ in range(_HANDS):
            group.start_soon(hand)
        async with send:
            try:
                async for item in _each(items):
                    await send.send(item)
            except Exception as error:
                failed.append(error)
                group.cancel_scope.cancel()
    if failed:
        raise failed[0]


async def _each(items: AsyncIterator[T] | Iterable[T]) -> AsyncIterator[T]:
    if isinstance(items, AsyncIterator):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item
