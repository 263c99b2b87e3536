"""What a step is: a function from a claimed interview to the next state and the fields that go with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
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


@dataclass(frozen=True, slots=True)
class Postpone:
    """Nothing can be done now: try again after so many seconds, without counting an attempt.

    `code` says why in the interview's history; without one nothing is said.
    """

    seconds: float
    code: str | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)


Result = Advance | Settled | Postpone
StepFunction = Callable[[Container, Interview, ReportProgress], Awaitable[Result]]


class Capacity(StrEnum):
    """What a step uses up, which bounds how many of it may run at once."""

    CPU = "cpu"
    IO = "io"
    VENDOR = "vendor"
    """A place in the transcription vendor's queue."""


@dataclass(frozen=True, slots=True)
class StepSpec:
    run: StepFunction
    timeout: float
    """Seconds; a step that takes longer is stopped and tried again."""
    uses: Capacity
