"""Begin a coroutine without a task, and finish it in one if it has to wait.

Sending a frame to a client whose line is free waits for nothing; a task that is woken for it costs as much again. This
is what eager tasks do, in the versions of Python that have them.
"""

from __future__ import annotations

from collections.abc import Coroutine, Generator
from typing import Any


class Begun:
    """A coroutine that has run as far as it could. Awaiting it, once, finishes it or raises its failure."""

    def __init__(
        self, coroutine: Coroutine[Any, Any, None], waits_for: Any, failure: Exception | None
    ) -> None:
        self._coroutine = coroutine
        self._waits_for = waits_for
        self._failure = failure

    def __await__(self) -> Generator[Any, Any, None]:
        if self._failure is not None:
            raise self._failure
        waits_for = self._waits_for
        while True:
            try:
                try:
                    answer = yield waits_for
                except BaseException as thrown:
                    # Cancellation above all: it belongs to whatever the coroutine is doing.
                    waits_for = self._coroutine.throw(thrown)
                else:
                    waits_for = self._coroutine.send(answer)
            except StopIteration:
                return


def begin(coroutine: Coroutine[Any, Any, None]) -> Begun | None:
    """Run it up to its first wait. None when it is done; otherwise what is left has to be awaited. Never raises."""
    try:
        waits_for = coroutine.send(None)
    except StopIteration:
        return None
    except Exception as failure:
        return Begun(coroutine, None, failure)
    return Begun(coroutine, waits_for, None)
