"""What a step is: a function from a claimed interview to the next state and the fields that go with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.container import Container
from app.models.interview import Interview, OutboxEntry, Status

ReportProgress = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Advance:
    """Enter `to`, setting `changes` and putting `messages` into the outbox: all in one update."""

    to: Status
    changes: Mapping[str, Any] = field(default_factory=dict)
    messages: tuple[OutboxEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """The step has written its state itself (deletion); there is nothing to commit."""


StepFunction = Callable[[Container, Interview, ReportProgress], Awaitable[Advance | Settled]]


@dataclass(frozen=True, slots=True)
class StepSpec:
    run: StepFunction
    timeout: float
    """Seconds; a step that takes longer is stopped and tried again."""
    cpu_bound: bool
    """CPU-bound steps share the cores; the others may wait in greater number."""
