"""The rules of an analysis in a thread of their own, one at a time.

They are pure Python: several threads of them would take turns with the event loop, and leave it the smallest share.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

T = TypeVar("T")

_place: Final[RunVar[CapacityLimiter]] = RunVar("analysis_thread")


async def in_thread(work: Callable[[], T]) -> T:
    """The result of `work`; raises what it raises."""
    limiter = _place.get(None)
    if limiter is None:
        limiter = CapacityLimiter(1)
        _place.set(limiter)
    return await to_thread.run_sync(work, limiter=limiter)
