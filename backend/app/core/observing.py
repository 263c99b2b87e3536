"""What is measured where it happens: one `with` around a request to a provider, an attempt, a delivery.

Each is counted (`core.metrics`) and is a span (`core.tracing`); whoever is measured knows of neither.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final

from app.core import metrics
from app.core.errors import AppError, ProviderError, ProviderUnavailable, Unavailable
from app.core.tracing import Attribute, mark_failed, span


class Provider(StrEnum):
    OPENAI = "openai"
    DEEPGRAM = "deepgram"
    R2 = "r2"


class CallOutcome(StrEnum):
    OK = "ok"
    UNAVAILABLE = "unavailable"
    """May pass: no answer, too many requests, a failure of theirs."""
    REJECTED = "rejected"
    FAILED = "failed"
    """Something that nobody foresaw."""
    CANCELLED = "cancelled"
    """We stopped waiting."""


@contextmanager
def observed(provider: Provider, operation: str) -> Iterator[None]:
    """Around one request; `operation` is a word out of the code. Raises what is raised inside."""
    began, outcome = time.perf_counter(), CallOutcome.CANCELLED
    attributes: dict[str, Attribute | None] = {
        "debrief.provider": provider.value,
        "debrief.operation": operation,
    }
    try:
        with span(f"{provider} {operation}", "client", attributes=attributes):
            yield
        outcome = CallOutcome.OK
    except Exception as error:
        outcome = _outcome_of(error)
        raise
    finally:
        metrics.count_call(provider.value, operation, outcome.value, time.perf_counter() - began)


def _outcome_of(error: Exception) -> CallOutcome:
    if isinstance(error, (ProviderUnavailable, Unavailable)):
        return CallOutcome.UNAVAILABLE
    if isinstance(error, ProviderError):
        return CallOutcome.REJECTED
    # That an object is not there, or a part is missing, is an answer like any other.
    return CallOutcome.OK if isinstance(error, AppError) else CallOutcome.FAILED


class AttemptOutcome(StrEnum):
    COMMITTED = "committed"
    POSTPONED = "postponed"
    RETRY = "retry"
    DEAD = "dead"
    LOST = "lost"
    """Another claim, or a change by a person, came first."""
    HANDED_BACK = "handed_back"
    """The worker ended."""
    UNWRITTEN = "unwritten"
    """The database was away: the lease runs out, and the step is claimed again."""


_FAILURES: Final = frozenset({AttemptOutcome.RETRY, AttemptOutcome.DEAD, AttemptOutcome.UNWRITTEN})


class ObservedAttempt:
    """What came of the attempt is said from inside, where it is known."""

    outcome = AttemptOutcome.UNWRITTEN


@contextmanager
def observed_attempt(
    step: str, *, traceparent: str | None, **attributes: Attribute | None
) -> Iterator[ObservedAttempt]:
    """Around one attempt at a step: below the request that set the interview in motion, however long ago."""
    began, seen = time.perf_counter(), ObservedAttempt()
    metrics.count_running_step(step, 1)
    named: dict[str, Attribute | None] = {f"debrief.{name}": value for name, value in attributes.items()}
    try:
        with span(f"step {step}", "consumer", parent=traceparent, attributes=named) as recorded:
            yield seen
            if recorded is not None:
                recorded.set_attribute("debrief.outcome", seen.outcome.value)
                if seen.outcome in _FAILURES:
                    mark_failed(recorded, seen.outcome.value)
    finally:
        metrics.count_running_step(step, -1)
        metrics.count_attempt(step, seen.outcome.value, time.perf_counter() - began)


class DeliveryOutcome(StrEnum):
    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"
    NEVER_DELIVERABLE = "never_deliverable"
    TARGET_GONE = "target_gone"
    CANCELLED = "cancelled"
    """We stopped waiting."""


@contextmanager
def observed_delivery(
    carrier: str, topic: str, outcome_of: Callable[[Exception], DeliveryOutcome]
) -> Iterator[None]:
    """Around one attempt to deliver a message; `outcome_of` knows the carriers' errors."""
    began, outcome = time.perf_counter(), DeliveryOutcome.CANCELLED
    try:
        with span(f"deliver {carrier}", "client", attributes={"debrief.topic": topic}):
            yield
        outcome = DeliveryOutcome.DELIVERED
    except Exception as error:
        outcome = outcome_of(error)
        raise
    finally:
        metrics.count_delivery(carrier, outcome.value, time.perf_counter() - began)
