"""A real worker process that kills itself at a chosen place between a commit and a message's arrival."""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import anyio

from app import worker
from app.core.config import load_settings
from app.core.logging import configure_logging
from app.jobs import deliveries, execution, outbox, runner
from app.models.interview import Status
from app.services.notification.email import EmailSender
from app.services.notification.providers import mail  # noqa: F401 - loaded once, for all the processes that are forked
from app.services.notification.service import NotificationService


class Place(StrEnum):
    """In the order in which a message passes them."""

    COMMITTED = "committed"
    """The interview is done, nobody is told."""
    TOLD = "told"
    """The message is queued, the outbox still has it."""
    CLAIMED = "claimed"
    """The delivery is claimed, nothing is sent."""
    SENT = "sent"
    """The mail server has it, nothing is written down."""


def run(environment: dict[str, str], folder: Path, place: Place | None) -> None:
    """The body of the process; with no place it just works."""
    os.environ.update(environment)
    os.chdir(folder)  # no `.env` of the developer's here
    # A test cannot wait as long as a worker is given in earnest.
    outbox._PATIENCE = timedelta(seconds=0.5)  # type: ignore[misc]
    runner._SWEEP_SECONDS = 0.2  # type: ignore[misc]
    deliveries.LEASE = timedelta(seconds=2)  # type: ignore[misc]

    def strike(at: Place) -> None:
        if at is place:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(
        original: Callable[..., Awaitable[Any]], *, before: Place | None = None, after: Place | None = None
    ) -> Any:
        async def wrapped(*args: Any) -> Any:
            if before:
                strike(before)
            result = await original(*args)
            if after:
                strike(after)
            return result

        return wrapped

    deliver = execution.deliver

    async def delivering(container: Any, interview: Any) -> None:
        if interview.status is Status.DONE:
            strike(Place.COMMITTED)
        await deliver(container, interview)

    execution.deliver = delivering
    NotificationService.tell = around(NotificationService.tell, after=Place.TOLD)  # type: ignore[method-assign]
    EmailSender.send = around(  # type: ignore[method-assign]
        EmailSender.send, before=Place.CLAIMED, after=Place.SENT
    )
    configure_logging(level="ERROR", json_lines=False)
    anyio.run(worker.run, load_settings())
