"""What set the present work in motion: one correlation id, from a request to the last line of log that follows from it.

A request begins with its own id. The interview that it sets in motion keeps it, and whoever works on the interview
later, in whatever process, follows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

import structlog


@dataclass(frozen=True, slots=True)
class Origin:
    correlation_id: str | None = None
    traceparent: str | None = None
    """Of the span in which it began (W3C Trace Context)."""

    @property
    def fields(self) -> dict[str, str | None]:
        """As an interview stores it. Empty where nobody knows what set the work in motion: what is stored stays."""
        if self.correlation_id is None:
            return {}
        return {"correlation_id": self.correlation_id, "traceparent": self.traceparent}


_NOBODY: Final = Origin()
_current: ContextVar[Origin] = ContextVar("origin", default=_NOBODY)


def current_origin() -> Origin:
    return _current.get()


def begin(request_id: str) -> None:
    """A request begins, in a task of its own: nothing of another one is left, and this is its origin."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id, correlation_id=request_id)
    _current.set(Origin(request_id))


def begin_span(traceparent: str | None) -> None:
    """The span of the request has begun."""
    _current.set(Origin(_current.get().correlation_id, traceparent))


@contextmanager
def following(correlation_id: str | None, traceparent: str | None = None) -> Iterator[None]:
    """What happens inside belongs to this origin, and so do its lines of log. Without an id nothing changes."""
    if correlation_id is None:
        yield
        return
    token = _current.set(Origin(correlation_id, traceparent))
    try:
        with structlog.contextvars.bound_contextvars(correlation_id=correlation_id):
            yield
    finally:
        _current.reset(token)
