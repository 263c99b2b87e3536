"""A real API and a real worker that end themselves at a chosen point of submitting to, and hearing from, a vendor."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Any

import anyio
import uvicorn

from app import worker
from app.core.config import load_settings
from app.core.container import Container
from app.core.logging import configure_logging
from app.jobs import execution, vendor
from app.jobs.pipeline import PIPELINE
from app.jobs.steps import ReportProgress, Result, StepSpec
from app.main import create_app
from app.models.interview import Interview, Status
from app.services.analysis import finishing  # noqa: F401 - loaded once, for all the processes that are forked
from app.services.callbacks import CallbackService
from app.services.lifecycle import Lifecycle
from app.services.storage.providers.local import LocalObjectStore
from app.services.transcription.providers.deepgram.client import DeepgramTranscriber


class Point(StrEnum):
    """In the order in which a recording passes them."""

    SUBMIT_CLAIMED = "worker submitting claimed"
    JOB_WRITTEN = "worker submitting job-written"
    REQUEST_BEGINS = "worker submitting request-begins"
    REQUEST_ANSWERED = "worker submitting request-answered"
    SUBMIT_RESULT = "worker submitting result"
    SUBMIT_COMMITTED = "worker submitting committed"

    CALL_AUTHENTICATED = "api authenticated"
    CALL_SPLIT = "api secret-taken-out"
    CALL_STORING = "api storing"
    CALL_STORED = "api stored"
    CALL_ADVANCING = "api advancing"
    CALL_ADVANCED = "api advanced"

    INGEST_CLAIMED = "worker ingesting claimed"
    ANSWER_READ = "worker ingesting answer-read"
    ANSWER_PARSED = "worker ingesting answer-parsed"
    INGEST_RESULT = "worker ingesting result"
    INGEST_COMMITTED = "worker ingesting committed"

    OVERDUE_CLAIMED = "worker awaiting claimed"
    OVERDUE_RESULT = "worker awaiting result"
    OVERDUE_COMMITTED = "worker awaiting committed"


@dataclass(frozen=True)
class Plan:
    """End with SIGKILL the `nth` time that `point` is passed; with None just work."""

    marks: Path
    """A file that gets the point's name before the end."""
    point: Point | None = None
    nth: int = 1


class _Saboteur:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._passed = 0

    def pass_by(self, point: str) -> None:
        if point != self._plan.point:
            return
        self._passed += 1
        if self._passed == self._plan.nth:
            self._plan.marks.write_text(point)
            os.kill(os.getpid(), signal.SIGKILL)

    def around(
        self, owner: Any, name: str, *, before: Point | None = None, after: Point | None = None
    ) -> None:
        """Pass the points around every call of an async function of `owner`."""
        original = getattr(owner, name)

        @wraps(original)
        async def wrapped(*args: Any, **options: Any) -> Any:
            if before and _concerns_answers(name, args):
                self.pass_by(before)
            result = await original(*args, **options)
            if after and _concerns_answers(name, args):
                self.pass_by(after)
            return result

        setattr(owner, name, wrapped)

    def behind(self, owner: Any, name: str, point: Point) -> None:
        """As `around`, for a plain function."""
        original: Callable[..., Any] = getattr(owner, name)

        @wraps(original)
        def wrapped(*args: Any) -> Any:
            result = original(*args)
            self.pass_by(point)
            return result

        setattr(owner, name, wrapped)

    def wrap(self, spec: StepSpec) -> StepSpec:
        async def run(container: Container, interview: Interview, report: ReportProgress) -> Result:
            self.pass_by(f"worker {interview.status} claimed")
            result = await spec.run(container, interview, report)
            self.pass_by(f"worker {interview.status} result")
            return result

        return replace(spec, run=run)


def _concerns_answers(name: str, args: tuple[Any, ...]) -> bool:
    """Of all objects only answers, of all changes of state only that of a callback."""
    if name in ("put_bytes", "get_bytes"):
        return "/answers/" in args[1]
    return name != "move" or args[3] is Status.INGESTING


def _begin(environment: dict[str, str], plan: Plan) -> _Saboteur:
    os.environ.update(environment)
    os.chdir(plan.marks.parent)  # no `.env` of the developer's here
    configure_logging(level="ERROR", json_lines=False)
    return _Saboteur(plan)


def run_worker(environment: dict[str, str], plan: Plan) -> None:
    """The body of a worker's process."""
    saboteur = _begin(environment, plan)
    for status, spec in list(PIPELINE.items()):
        PIPELINE[status] = saboteur.wrap(spec)
    saboteur.around(vendor, "_write_down", after=Point.JOB_WRITTEN)
    saboteur.around(DeepgramTranscriber, "submit", before=Point.REQUEST_BEGINS, after=Point.REQUEST_ANSWERED)
    saboteur.around(LocalObjectStore, "get_bytes", after=Point.ANSWER_READ)
    saboteur.behind(DeepgramTranscriber, "parse", Point.ANSWER_PARSED)
    deliver = execution.deliver

    async def delivering(container: Container, interview: Interview) -> None:
        saboteur.pass_by(f"worker {interview.history[-1].step} committed")
        await deliver(container, interview)

    execution.deliver = delivering
    anyio.run(worker.run, load_settings())


def run_api(environment: dict[str, str], plan: Plan, listening: socket.socket) -> None:
    """The body of an API's process. The listening socket is the parent's: calls wait while no API lives."""
    saboteur = _begin(environment, plan)
    saboteur.behind(CallbackService, "authenticate", Point.CALL_AUTHENTICATED)
    saboteur.behind(DeepgramTranscriber, "split_secret", Point.CALL_SPLIT)
    saboteur.around(LocalObjectStore, "put_bytes", before=Point.CALL_STORING, after=Point.CALL_STORED)
    saboteur.around(Lifecycle, "move", before=Point.CALL_ADVANCING, after=Point.CALL_ADVANCED)
    config = uvicorn.Config(create_app(load_settings()), log_config=None, lifespan="on")
    uvicorn.Server(config).run(sockets=[listening])
