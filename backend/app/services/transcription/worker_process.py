"""Engine work in a process of its own: the server stays small, and cancelling kills the work at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

import anyio.to_process
from anyio import BrokenWorkerProcess

from app.core.errors import ProviderUnavailable

_Arguments = TypeVarTuple("_Arguments")
_Result = TypeVar("_Result")


class EngineDied(ProviderUnavailable):
    """The process ended without an answer: killed, out of memory, or crashed."""

    code = "transcription_process_died"


async def in_process(function: Callable[[*_Arguments], _Result], *args: *_Arguments) -> _Result:
    """Run a module-level function. Raises what it raises, or `EngineDied`."""
    try:
        return await anyio.to_process.run_sync(function, *args, cancellable=True)
    except BrokenWorkerProcess as error:
        raise EngineDied("The transcription process ended unexpectedly. It is tried again.") from error
