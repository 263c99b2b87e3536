"""Carries deliveries to where they are to go: claim, send, record, a bounded number at a time.

It stands beside the interviews' pipeline and touches no interview: whatever a mail server or a chat service does, the
interview is done.
"""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any, Final

import anyio
import structlog
from anyio.abc import TaskGroup

from app.core.container import Container
from app.core.errors import AppError
from app.jobs.delivery_outcome import LEAST_JITTER, Ended, after, is_spent
from app.jobs.dispatch import is_message
from app.models.base import utc_now
from app.models.delivery import Delivery
from app.services.events.base import SlowSubscriber
from app.services.notification.base import Exchange, NeverDeliverable, NotDelivered

log = structlog.get_logger(__name__)

SEND_SECONDS: Final = 30.0
LEASE: Final = timedelta(seconds=120)
"""Longer than a send may take, and than the record of its outcome."""
_SHUTDOWN_WRITES: Final = 5.0
_TIDY_BATCH: Final = 500


class SendTimeout(NotDelivered):
    code = "send_timeout"


class UnexpectedFailure(NotDelivered):
    code = "internal"


class WorkerLost(NeverDeliverable):
    code = "worker_lost"


class Deliverer:
    """One worker's share of the deliveries of all organisations."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._settings = container.settings.outgoing
        self._running = 0
        self._wake = anyio.Event()
        self._ended = anyio.Event()

    def wake(self) -> None:
        """There may be something to send: look now instead of at the next poll."""
        self._wake.set()

    async def run(self, stop: anyio.Event) -> None:
        """Work until `stop` is set; what is being sent then has the grace time, and is handed back after it."""
        async with anyio.create_task_group() as sends:
            async with anyio.create_task_group() as claiming:
                claiming.start_soon(self._claim_for_ever, sends)
                claiming.start_soon(self._listen)
                await stop.wait()
                claiming.cancel_scope.cancel()
            with anyio.move_on_after(self._container.settings.worker.worker_grace_seconds):
                while self._running:
                    await self._ended.wait()
                    self._ended = anyio.Event()
            sends.cancel_scope.cancel()

    async def tidy(self) -> int:
        """Forget deliveries that were finished long ago; returns how many."""
        before = utc_now() - timedelta(days=self._settings.delivery_kept_days)
        queue, forgotten = self._container.repositories.delivery_queue, 0
        while count := await queue.delete_finished(before, limit=_TIDY_BATCH):
            forgotten += count
        return forgotten

    async def _claim_for_ever(self, sends: TaskGroup) -> None:
        while True:
            delivery = await self._claim()
            if delivery is None:
                with anyio.move_on_after(self._container.settings.worker.worker_poll_seconds):
                    await self._wake.wait()
                self._wake = anyio.Event()
                continue
            self._running += 1
            sends.start_soon(self._attempt, delivery)

    async def _claim(self) -> Delivery | None:
        if self._running >= self._settings.delivery_concurrency:
            return None
        now = utc_now()
        claimed = None
        # A claim that was cut off by the shutdown would hold a message back for a whole lease.
        with anyio.CancelScope(shield=True):
            try:
                claimed = await self._container.repositories.delivery_queue.claim_due(
                    now, lease_until=now + LEASE
                )
            except AppError as error:
                log.warning("deliveries.claim_failed", code=error.code)
            except Exception:
                # What cannot even be read must not take the interviews' pipeline down with it.
                log.exception("deliveries.claim_crashed")
        return claimed

    async def _listen(self) -> None:
        while True:
            try:
                async with self._container.bus.subscribe(None, is_message) as events:
                    async for _ in events:
                        self._wake.set()
            except SlowSubscriber:
                self._wake.set()

    async def _attempt(self, delivery: Delivery) -> None:
        try:
            ended = await self._send(delivery)
            # What came of it is known by now: cut off by the shutdown, it would be sent once more.
            with anyio.CancelScope(shield=True):
                await self._record(delivery, ended)
        except Exception:
            # Nothing is recorded: the lease runs out, and it is tried again.
            log.exception("delivery.not_recorded", delivery_id=delivery.id)
        finally:
            self._running -= 1
            self._wake.set()
            self._ended.set()

    async def _send(self, delivery: Delivery) -> Ended:
        began, clock = utc_now(), anyio.current_time()
        exchange, failure = Exchange(), None
        try:
            if is_spent(delivery, self._settings.delivery_backoff_seconds):
                raise WorkerLost("Whatever sent it ended its worker, every time.")
            with anyio.fail_after(SEND_SECONDS):
                exchange = await self._container.senders[delivery.carrier].send(delivery)
        except anyio.get_cancelled_exc_class():
            with anyio.CancelScope(shield=True), anyio.move_on_after(_SHUTDOWN_WRITES):
                await self._write(delivery, {"due_at": utc_now(), "attempt": delivery.attempt - 1})
            raise
        except NotDelivered as error:
            failure = error
        except TimeoutError:
            failure = SendTimeout(f"It took longer than {SEND_SECONDS:.0f} seconds.")
        except AppError as error:
            # The database went away, or another part of us: no fault of the receiver's.
            failure = NotDelivered(error.detail)
            log.warning("delivery.hindered", delivery_id=delivery.id, code=error.code)
        except Exception as error:
            # The kind only: what an error quotes may be a message or an address with a token.
            failure = UnexpectedFailure(f"An unexpected error ({type(error).__name__}).")
            log.error(  # noqa: TRY400 - its traceback could quote them, too
                "delivery.crashed", delivery_id=delivery.id, error=type(error).__name__
            )
        return Ended(began, anyio.current_time() - clock, exchange, failure)

    async def _record(self, delivery: Delivery, ended: Ended) -> None:
        jitter = random.uniform(LEAST_JITTER, 1.0)  # noqa: S311 - jitter, not a secret
        waits = self._settings.delivery_backoff_seconds
        changes = after(delivery, ended, waits, utc_now(), jitter=jitter)
        held = await self._write(delivery, changes)
        log.info(
            "delivery.tried",
            delivery_id=delivery.id,
            carrier=delivery.carrier.value,
            attempt=delivery.attempt,
            status=str(changes.get("status", "pending")) if held else "lost",
            code=ended.failure.code if ended.failure else None,
        )

    async def _write(self, delivery: Delivery, changes: dict[str, Any]) -> bool:
        """False when a newer claim exists, or nothing could be written: then the lease runs out."""
        try:
            return await self._container.repositories.delivery_queue.record(
                delivery.id, epoch=delivery.epoch, changes=changes
            )
        except AppError as error:
            log.warning("delivery.outcome_not_written", delivery_id=delivery.id, code=error.code)
            return False
