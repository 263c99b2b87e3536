"""Going on with what failed for a reason that passes."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import Final, TypeVar

from app.command_line.errors import ApiFailed, Stopped

Result = TypeVar("Result")

DEFAULT_SECONDS: Final = 120.0
_FIRST_PAUSE: Final = 0.25
_LONGEST_PAUSE: Final = 15.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on without one success, and what ends the waiting early."""

    seconds: float = DEFAULT_SECONDS
    stop: Event = field(default_factory=Event)

    def persist(self, work: Callable[[], Result], *, again: Callable[[], Result] | None = None) -> Result:
        """Do the work until it succeeds or is refused for good. `again` takes its place after a failure, which may
        have done the work and lost the answer only.

        Raises the last failure once patience has run out, and `Stopped`.
        """
        give_up_at: float | None = None
        for pause in _pauses():
            if self.stop.is_set():
                raise Stopped("Stopped.")
            try:
                return work()
            except ApiFailed as failure:
                now = time.monotonic()
                give_up_at = now + self.seconds if give_up_at is None else give_up_at
                if not failure.passing or now >= give_up_at:
                    raise
                asked = failure.retry_after or 0.0
            self.stop.wait(min(max(pause, asked), max(give_up_at - now, 0.0)))
            work = again or work
        raise AssertionError("pauses have no end")


def _pauses() -> Iterator[float]:
    return (min(_FIRST_PAUSE * 2**n, _LONGEST_PAUSE) for n in itertools.count())
