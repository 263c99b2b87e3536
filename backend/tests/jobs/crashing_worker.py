"""A real worker process that stops itself at a chosen place, and writes down every step it runs.

It is the worker of `app.worker` with its steps wrapped: the wrapper signals its own process at the named place, so that
a crash happens exactly there and not somewhere near.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import anyio

from app import worker
from app.core.config import load_settings
from app.core.container import Container
from app.core.logging import configure_logging
from app.jobs import execution
from app.jobs.pipeline import PIPELINE
from app.jobs.steps import Advance, ReportProgress, Settled, StepSpec
from app.models.interview import Interview, Status
from app.services.analysis import finishing  # noqa: F401 - loaded once, for all the processes that are forked


class Place(StrEnum):
    """Where in a step, in the order in which a step passes them."""

    CLAIMED = "claimed"
    """The lease is taken, nothing is done."""
    WORKING = "working"
    """In the middle: the step has done some of its work and reports progress."""
    WRITTEN = "written"
    """Results are stored under the next revision, the commit is not made."""
    COMMITTED = "committed"
    """The commit is made, its messages are not delivered."""
    DELIVERED = "delivered"
    """The messages are out, the outbox still has them."""


_TELLING = (Status.INGESTING, Status.TRANSCRIBING, Status.NOTIFYING)
# In the order in which a worker that begins with everything reaches them last: recordings take longer than imports.
_STEPS = (Status.INGESTING, Status.PREPARING, Status.TRANSCRIBING, Status.ANALYSING, Status.NOTIFYING)
POINTS = tuple(
    (status, place)
    for status in _STEPS
    for place in Place
    if not (place is Place.WORKING and status is Status.NOTIFYING)  # it has no middle
    and not (place is Place.DELIVERED and status not in _TELLING)  # no other step sends messages
)


@dataclass(frozen=True)
class Plan:
    """Send `signal_number` to oneself the `nth` time that `status` reaches `place`; with None just work."""

    journal: Path
    status: Status | None = None
    place: Place | None = None
    nth: int = 1
    signal_number: int = signal.SIGKILL
    hold: float = 0.0
    """Seconds that every step takes longer, so that two workers would meet."""


class Journal:
    """Lines that survive their writer: each is one write to a file opened for appending."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, what: str, interview: Interview, step: Status, place: str = "-") -> None:
        line = f"{time.monotonic()} {os.getpid()} {what} {interview.id} {step} {place}\n"
        os.write(self._file, line.encode())


class Saboteur:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._passed = 0
        self.journal = Journal(plan.journal)

    def pass_by(self, interview: Interview, status: Status, place: Place) -> None:
        if (status, place) != (self._plan.status, self._plan.place):
            return
        self._passed += 1
        if self._passed == self._plan.nth:
            self.journal.note("struck", interview, status, place)
            if self._plan.signal_number == signal.SIGSTOP:
                # The loop stands still meanwhile, so its threads end what they have begun: stopped in the middle of a
                # transaction, it would keep the embedded database from everybody, which is not what is tested.
                time.sleep(0.5)
            os.kill(os.getpid(), self._plan.signal_number)

    def wrap(self, spec: StepSpec) -> StepSpec:
        async def run(
            container: Container, interview: Interview, report: ReportProgress
        ) -> Advance | Settled:
            status = interview.status
            self.journal.note("began", interview, status)
            self.pass_by(interview, status, Place.CLAIMED)

            async def reporting(progress: float) -> None:
                await report(progress)
                self.pass_by(interview, status, Place.WORKING)

            try:
                result = await spec.run(container, interview, reporting)
                await anyio.sleep(self._plan.hold)
                self.pass_by(interview, status, Place.WRITTEN)
            finally:
                self.journal.note("ended", interview, status)
            return result

        return replace(spec, run=run)


def run(environment: dict[str, str], plan: Plan) -> None:
    """The body of the process."""
    os.environ.update(environment)
    os.chdir(plan.journal.parent)  # no `.env` of the developer's here
    saboteur = Saboteur(plan)
    for status, spec in list(PIPELINE.items()):
        PIPELINE[status] = saboteur.wrap(spec)
    deliver = execution.deliver

    async def delivering(container: Container, interview: Interview) -> None:
        committed = interview.history[-1].step
        saboteur.pass_by(interview, committed, Place.COMMITTED)
        remove = container.repositories.jobs.outbox_remove

        async def removing(*args: Any) -> None:
            saboteur.pass_by(interview, committed, Place.DELIVERED)
            await remove(*args)

        container.repositories.jobs.outbox_remove = removing  # type: ignore[method-assign]
        await deliver(container, interview)

    execution.deliver = delivering
    configure_logging(level="WARNING", json_lines=False)
    anyio.run(worker.run, load_settings())
