"""An answer that costs something, kept for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[T]):
    value: T | None
    error: Exception | None


class Kept(Generic[T]):
    """Asks at most once at a time, and not again for `seconds`; failures are kept as well.

    Whoever stops waiting leaves the question open for those who come later: a probe that gives up after a second does
    not start another request at every try.
    """

    def __init__(self, ask: Callable[[], Awaitable[T]], *, seconds: float) -> None:
        self._ask = ask
        self._seconds = seconds
        self._asking: asyncio.Task[_Outcome[T]] | None = None
        self._known: _Outcome[T] | None = None
        self._fresh_until = 0.0

    async def get(self) -> T:
        if self._known is None or time.monotonic() >= self._fresh_until:
            if self._asking is None:
                self._asking = asyncio.create_task(self._find_out())
            outcome = await asyncio.shield(self._asking)
        else:
            outcome = self._known
        if outcome.error is not None:
            # Without its traceback, to which each raise adds: it would grow for as long as the failure is kept.
            raise outcome.error.with_traceback(None)
        return outcome.value  # type: ignore[return-value] # there is a value where there is no error

    async def _find_out(self) -> _Outcome[T]:
        outcome: _Outcome[T]
        try:
            outcome = _Outcome(await self._ask(), None)
        except Exception as error:
            outcome = _Outcome(None, error)
        finally:
            self._asking = None
        self._known, self._fresh_until = outcome, time.monotonic() + self._seconds
        return outcome
