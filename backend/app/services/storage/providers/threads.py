"""Blocking work of a store, in threads of its own: the event loop never waits for a disk or a socket."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

import anyio
from anyio import to_thread
from anyio.lowlevel import checkpoint_if_cancelled

from app.services.storage.base import StorageFull

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Threads:
    """At most `limit` calls run at once; the others wait for their turn without holding a thread."""

    def __init__(self, limit: int) -> None:
        self._limiter = anyio.CapacityLimiter(limit)

    def start(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> asyncio.Task[_T]:
        """Begin a call whose end is waited for later, with `outcome`."""
        call: Coroutine[Any, Any, _T] = to_thread.run_sync(
            lambda: function(*args, **kwargs), limiter=self._limiter
        )
        return asyncio.create_task(call)

    async def run(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Call a function, unless the caller is cancelled already."""
        await checkpoint_if_cancelled()
        return await outcome(self.start(function, *args, **kwargs))

    async def surely(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Call a function, for cleaning up after a cancelled caller too."""
        return await outcome(self.start(function, *args, **kwargs))

    async def ask(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Call a function that holds nothing: a cancelled caller leaves at once, and the answer is dropped."""
        return await to_thread.run_sync(
            lambda: function(*args, **kwargs), limiter=self._limiter, abandon_on_cancel=True
        )


async def outcome(work: asyncio.Task[_T]) -> _T:
    """Wait for a thread's work to end, even when the waiting task is cancelled.

    A thread cannot be stopped: to let go of it would mean to close or remove what it is writing to. Raises
    `StorageFull` when the disk is.
    """
    cancelled: asyncio.CancelledError | None = None
    with anyio.CancelScope(shield=True):
        while not work.done():
            try:
                await asyncio.wait({work})
            except asyncio.CancelledError as error:
                cancelled = error
    failure = work.exception()
    if cancelled:
        raise cancelled
    if isinstance(failure, OSError) and failure.errno in (errno.ENOSPC, errno.EDQUOT):
        raise StorageFull("The server has no room for this file; free some space and try again.") from failure
    return work.result()
