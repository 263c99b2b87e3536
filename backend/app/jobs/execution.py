"""One attempt at one step, from claim to commit.

The lease is renewed while the step runs. The commit is one compare-and-set on state and epoch: whoever lost the
lease changes nothing, however late it wakes up.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import anyio
import structlog

from app.core.container import Container
from app.core.errors import AppError, ProviderUnavailable, Unavailable
from app.core.observing import AttemptOutcome, ObservedAttempt, observed_attempt
from app.core.origin import following
from app.jobs.outbox import deliver
from app.jobs.steps import Advance, Postpone, Result, StepSpec
from app.models.base import FAR_FUTURE, utc_now
from app.models.event import Event, EventKind, interview_changed
from app.models.interview import (
    HISTORY_KEPT,
    TRANSITIONS,
    Failure,
    Interview,
    OutboxEntry,
    Status,
    StepOutcome,
    StepRecord,
    entering,
)
from app.models.notification import Topic
from app.repositories.base import Expect, Fenced
from app.services.notification.service import message

log = structlog.get_logger(__name__)

LONGEST_BACKOFF: Final = 600.0
_PROGRESS_SECONDS: Final = 2.0
"""How often progress is written for those who poll; the websocket has it at once."""
_SHUTDOWN_WRITES: Final = 5.0
"""Seconds that handing back a lease may take while the process ends."""


class StepTimeout(Unavailable):
    code = "step_timeout"


class LeaseLost(Exception):
    """A newer claim exists."""


class Attempt:
    def __init__(self, container: Container, interview: Interview, spec: StepSpec) -> None:
        self._container = container
        self._interview = interview
        self._spec = spec
        self._progress: float | None = None
        self._seen = ObservedAttempt()
        self._log = log.bind(
            interview_id=interview.id,
            step=interview.status.value,
            epoch=interview.epoch,
            attempt=interview.attempt,
        )

    async def run(self) -> None:
        """Run the step and commit what came out of it. Never raises but for cancellation, which hands the lease back."""
        of = self._interview
        with (
            following(of.correlation_id, of.traceparent),
            observed_attempt(
                of.status.value,
                traceparent=of.traceparent,
                interview_id=of.id,
                attempt=of.attempt,
                correlation_id=of.correlation_id,
            ) as self._seen,
        ):
            await self._run()

    async def _run(self) -> None:
        try:
            if self._spent():
                await self._die("worker_lost", "The step ended its worker every time it was tried.")
                return
            result = await self._run_under_lease()
            if isinstance(result, Advance):
                await self._commit(result)
            elif isinstance(result, Postpone):
                await self._postpone(result)
            else:
                self._seen.outcome = AttemptOutcome.COMMITTED
        except anyio.get_cancelled_exc_class():
            with anyio.CancelScope(shield=True), anyio.move_on_after(_SHUTDOWN_WRITES):
                await self._hand_back()
            raise
        except (LeaseLost, Fenced):
            await self._leave_nothing_behind()
        except AppError as error:
            await self._failed(error.code, error.detail, error)
        except Exception as error:
            self._log.exception("step.crashed")
            await self._failed("internal", f"An unexpected error ({type(error).__name__}).", error)

    async def _run_under_lease(self) -> Result:
        result: Result | None = None
        lost = False

        async def keep_lease() -> None:
            nonlocal lost
            lost = not await self._renew_until_lost()
            group.cancel_scope.cancel()

        try:
            async with anyio.create_task_group() as group:
                group.start_soon(keep_lease)
                with anyio.move_on_after(self._spec.timeout) as clock:
                    result = await self._spec.run(self._container, self._interview, self._report)
                group.cancel_scope.cancel()
        except* (AppError, Exception) as failures:
            raise _first(failures) from None
        if lost:
            raise LeaseLost
        if clock.cancelled_caught or result is None:
            raise StepTimeout(f"The step took longer than {self._spec.timeout:.0f} seconds.")
        return result

    async def _renew_until_lost(self) -> bool:
        lease = self._container.settings.worker.worker_lease_seconds
        renewed, written = anyio.current_time(), self._progress
        while True:
            await anyio.sleep(min(lease / 3, _PROGRESS_SECONDS))
            if anyio.current_time() - renewed < lease / 3 and written == self._progress:
                continue
            try:
                held = await self._container.repositories.jobs.renew(
                    self._interview.id,
                    epoch=self._interview.epoch,
                    lease_until=utc_now() + timedelta(seconds=lease),
                    progress=self._progress,
                )
            except Unavailable:
                self._log.warning("lease.renewal_failed")
                continue
            if not held:
                return False
            renewed, written = anyio.current_time(), self._progress

    async def _report(self, progress: float) -> None:
        self._progress = round(min(max(progress, 0.0), 1.0), 3)
        self._container.bus.publish(
            Event(
                kind=EventKind.INTERVIEW_PROGRESS,
                organisation_id=self._interview.organisation_id,
                interview_id=self._interview.id,
                version=self._interview.version,
                data={"status": self._interview.status.value, "progress": self._progress},
            )
        )

    async def _commit(self, result: Advance) -> None:
        if result.to not in TRANSITIONS[self._interview.status]:
            raise RuntimeError(f"{self._interview.status} cannot become {result.to}")
        changes = {**entering(result.to, utc_now()), "failure": None, **result.changes}
        committed = await self._write(changes, StepOutcome.COMMITTED, None, result.messages)
        self._seen.outcome = AttemptOutcome.COMMITTED
        self._log.info("step.committed", to=committed.status.value)
        await deliver(self._container, committed)

    async def _postpone(self, result: Postpone) -> None:
        changes = {**result.changes, **self._put_back(timedelta(seconds=result.seconds))}
        if result.code is None:
            await self._container.repositories.jobs.compare_and_set(
                self._interview.id, self._expected(), changes
            )
        else:
            await self._write(changes, StepOutcome.RETRY, result.code, ())
            self._log.warning("step.postponed", code=result.code, wait=round(result.seconds, 1))
        self._seen.outcome = AttemptOutcome.POSTPONED

    def _put_back(self, wait: timedelta) -> dict[str, Any]:
        """The fields of an interview whose claim does not count as an attempt."""
        return {"due_at": utc_now() + wait, "lease_owner": None, "attempt": self._interview.attempt - 1}

    async def _failed(self, code: str, detail: str, error: Exception) -> None:
        """Try again later when that can help and attempts are left, else stop with the reason."""
        worker = self._container.settings.worker
        if self._is_deletion():
            await self._retry_later(code, None)
        elif _is_final(error) or self._interview.attempt >= worker.worker_max_attempts:
            await self._die(code, detail)
        else:
            await self._retry_later(code, getattr(error, "retry_after", None))

    def _spent(self) -> bool:
        """The attempts are used up although none of them lived to say so: the step kills its worker."""
        limit = self._container.settings.worker.worker_max_attempts
        return self._interview.attempt > limit and not self._is_deletion()

    def _is_deletion(self) -> bool:
        """Content that has to go is tried for ever: giving up would keep it."""
        return self._interview.status in (Status.DELETING, Status.DELETED)

    async def _retry_later(self, code: str, retry_after: float | None) -> None:
        first = self._container.settings.worker.worker_backoff_seconds
        wait = min(first * 2 ** min(self._interview.attempt - 1, 20), LONGEST_BACKOFF)
        wait = max(retry_after or 0.0, wait * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret
        due = {"due_at": utc_now() + timedelta(seconds=wait), "lease_owner": None}
        if await self._write_quietly(due, StepOutcome.RETRY, code):
            self._seen.outcome = AttemptOutcome.RETRY
        self._log.warning("step.retry", code=code, wait=round(wait, 1))

    async def _die(self, code: str, detail: str) -> None:
        failure = Failure(
            step=self._interview.status,
            code=code,
            message=detail,
            attempts=self._interview.attempt,
            failed_at=utc_now(),
        )
        changes = {**entering(Status.FAILED, utc_now()), "failure": failure}
        told = message(
            Topic.INTERVIEW_FAILED,
            code=code,
            step=self._interview.status.value,
            requested_by=self._interview.analysis_requested_by,
        )
        dead = await self._write_quietly(changes, StepOutcome.DEAD, code, (told,))
        self._log.error("step.dead", code=code)
        if dead:
            self._seen.outcome = AttemptOutcome.DEAD
            await deliver(self._container, dead)

    async def _hand_back(self) -> None:
        """Give the lease back at shutdown, so that another worker goes on at once and no attempt is counted."""
        await self._container.repositories.jobs.compare_and_set(
            self._interview.id, self._expected(), self._put_back(timedelta())
        )
        self._seen.outcome = AttemptOutcome.HANDED_BACK
        self._log.info("lease.handed_back")

    async def _write_quietly(
        self,
        changes: Mapping[str, Any],
        outcome: StepOutcome,
        code: str | None,
        messages: tuple[OutboxEntry, ...] = (),
    ) -> Interview | None:
        """Write, unless the lease or the database is lost: then the lease runs out and the step is claimed again."""
        try:
            return await self._write(changes, outcome, code, messages)
        except LeaseLost:
            await self._leave_nothing_behind()
        except Unavailable:
            self._log.warning("step.outcome_not_written")
        return None

    async def _write(
        self,
        changes: Mapping[str, Any],
        outcome: StepOutcome,
        code: str | None,
        messages: tuple[OutboxEntry, ...],
    ) -> Interview:
        now = utc_now()
        record = StepRecord(
            step=self._interview.status,
            epoch=self._interview.epoch,
            attempt=self._interview.attempt,
            outcome=outcome,
            finished_at=now,
            code=code,
        )
        outbox = (*await self._untold(), *messages)
        written = await self._container.repositories.jobs.compare_and_set(
            self._interview.id,
            self._expected(),
            {
                **changes,
                "history": (*self._interview.history, record)[-HISTORY_KEPT:],
                "outbox": outbox,
                "outbox_at": now if outbox else FAR_FUTURE,
            },
        )
        if written is None:
            raise LeaseLost
        self._container.bus.publish(interview_changed(written))
        return written

    async def _untold(self) -> tuple[OutboxEntry, ...]:
        """Entries of earlier steps that still wait. Those that were told since the claim must not come back."""
        if not self._interview.outbox:
            return ()
        current = await self._container.repositories.jobs.get(self._interview.id)
        return current.outbox if current else ()

    def _expected(self) -> Expect:
        return Expect(statuses=(self._interview.status,), epoch=self._interview.epoch)

    async def _leave_nothing_behind(self) -> None:
        """A fenced step changes nothing; if the interview was deleted meanwhile, its late writes go too."""
        self._seen.outcome = AttemptOutcome.LOST
        self._log.info("lease.lost")
        found = await self._container.repositories.jobs.get(self._interview.id)
        if found is None or found.status in (Status.DELETING, Status.DELETED):
            await self._container.eraser.erase_remains(self._interview)


def _is_final(error: Exception) -> bool:
    """Trying again cannot help: bad input or a provider's final no."""
    return isinstance(error, AppError) and not isinstance(error, (Unavailable, ProviderUnavailable))


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
