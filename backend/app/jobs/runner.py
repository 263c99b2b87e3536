"""Claims what is due and runs it, a bounded number at a time, until told to stop."""

from __future__ import annotations

import asyncio
import os
import socket
from collections import Counter
from datetime import timedelta
from typing import Final

import anyio
import structlog
from anyio.abc import TaskGroup

from app.core.container import Container
from app.core.errors import AppError
from app.jobs import outbox
from app.jobs.deliveries import Deliverer
from app.jobs.dispatch import hear_ticks, is_work
from app.jobs.execution import Attempt
from app.jobs.pipeline import PIPELINE
from app.jobs.steps import Capacity
from app.models.base import new_id, utc_now
from app.models.interview import STEPS, Interview, Status
from app.services.events.base import SlowSubscriber

log = structlog.get_logger(__name__)

_SWEEP_SECONDS: Final = 5.0
_TIDY_SECONDS: Final = 3600.0
_UPLOAD_KEPT: Final = timedelta(days=7)
"""How long an unfinished upload may rest before it is given up."""


class Runner:
    """One worker. Any number of them, in any number of processes, may share a database."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._settings = container.settings.worker
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{new_id()[-6:]}"
        self._running: Counter[Status] = Counter()
        self._wake = anyio.Event()
        self._ended = anyio.Event()
        self._hungry = asyncio.Event()
        """Whether the last look found nothing to do, and there is room for it."""
        self._deliverer = Deliverer(container)

    async def run(self, stop: anyio.Event) -> None:
        """Work until `stop` is set; then let running steps finish for the grace time and hand the rest back."""
        log.info("worker.started", owner=self._owner)
        async with anyio.create_task_group() as carrying, anyio.create_task_group() as services:
            carrying.start_soon(self._deliverer.run, stop)
            services.start_soon(self._listen)
            services.start_soon(hear_ticks, self._container.settings, self._wake_all, self._until_hungry)
            services.start_soon(self._sweep)
            services.start_soon(self._tidy)
            async with anyio.create_task_group() as attempts:
                async with anyio.create_task_group() as claiming:
                    claiming.start_soon(self._claim_for_ever, attempts)
                    await stop.wait()
                    claiming.cancel_scope.cancel()
                attempts.start_soon(self._end_after_grace, attempts)
                await self._idle()
                attempts.cancel_scope.cancel()
            services.cancel_scope.cancel()
        log.info("worker.stopped", owner=self._owner)

    def wake(self) -> None:
        """There may be work: look now, not at the next poll."""
        self._wake.set()
        self._hungry.clear()

    def _wake_all(self) -> None:
        self.wake()
        self._deliverer.wake()

    async def _until_hungry(self) -> None:
        """Until a tick is of use here. A worker that is full, or finds work by itself, leaves them to others."""
        while not self._hungry.is_set():
            await self._hungry.wait()

    async def _claim_for_ever(self, attempts: TaskGroup) -> None:
        while True:
            interview = await self._claim()
            if interview is None:
                await self._rest()
                continue
            self._running[interview.status] += 1
            attempts.start_soon(self._attempt, interview)

    async def _rest(self) -> None:
        """Until there may be something to claim."""
        if self._free() and not self._wake.is_set():
            self._hungry.set()
        with anyio.move_on_after(self._settings.worker_poll_seconds):
            await self._wake.wait()
        self._hungry.clear()
        self._wake = anyio.Event()

    def _free(self) -> list[Status]:
        """The steps of which this worker may take up one more."""
        return [status for status in STEPS if self._running[status] < self._limit(status)]

    async def _claim(self) -> Interview | None:
        free = self._free()
        if not free:
            return None
        now = utc_now()
        lease = timedelta(seconds=self._settings.worker_lease_seconds)
        # A claim that was cut off by the shutdown would hold an interview for a whole lease that nobody works on.
        claimed = None
        with anyio.CancelScope(shield=True):
            try:
                claimed = await self._container.repositories.jobs.claim_due(
                    now, free, owner=self._owner, lease_until=now + lease
                )
            except AppError as error:
                log.warning("worker.claim_failed", code=error.code)
            except Exception:
                # An interview that cannot be read must not end the worker of all the others.
                log.exception("worker.claim_crashed")
        return claimed

    def _limit(self, status: Status) -> int:
        match PIPELINE[status].uses:
            case Capacity.CPU:
                return self._settings.worker_cpu_concurrency
            case Capacity.IO:
                return self._settings.worker_io_concurrency
            case Capacity.VENDOR:
                return self._container.settings.deepgram.in_flight

    async def _attempt(self, interview: Interview) -> None:
        try:
            await Attempt(self._container, interview, PIPELINE[interview.status]).run()
        except AppError as error:
            # The database went away before the outcome could be written: the lease runs out and the claim comes back.
            log.warning("worker.attempt_lost", interview_id=interview.id, code=error.code)
        finally:
            self._running[interview.status] -= 1
            self.wake()
            self._ended.set()
            # What the step had to tell is queued by now.
            self._deliverer.wake()

    async def _listen(self) -> None:
        """Wake up when something in this process makes work, instead of at the next poll."""
        while True:
            try:
                async with self._container.bus.subscribe(None, is_work) as events:
                    async for _ in events:
                        self.wake()
            except SlowSubscriber:
                self.wake()

    async def _sweep(self) -> None:
        while True:
            await anyio.sleep(_SWEEP_SECONDS)
            await outbox.sweep(self._container)
            self._deliverer.wake()

    async def _tidy(self) -> None:
        while True:
            await self._give_up_uploads()
            await self._forget_deliveries()
            await anyio.sleep(_TIDY_SECONDS)

    async def _give_up_uploads(self) -> None:
        try:
            if count := await self._container.store.abort_stale(_UPLOAD_KEPT):
                log.info("worker.uploads_given_up", count=count)
        except AppError as error:
            log.warning("worker.tidy_failed", code=error.code)
        except Exception:
            # A disk that is full or a driver's own error: untidy is better than ended.
            log.exception("worker.tidy_crashed")

    async def _forget_deliveries(self) -> None:
        """By itself: a store that never answers must not keep the log of deliveries for ever."""
        try:
            if count := await self._deliverer.tidy():
                log.info("worker.deliveries_forgotten", count=count)
        except AppError as error:
            log.warning("worker.tidy_failed", code=error.code)
        except Exception:
            log.exception("worker.tidy_crashed")

    async def _idle(self) -> None:
        while any(self._running.values()):
            await self._ended.wait()
            self._ended = anyio.Event()

    async def _end_after_grace(self, attempts: TaskGroup) -> None:
        await anyio.sleep(self._settings.worker_grace_seconds)
        attempts.cancel_scope.cancel()
