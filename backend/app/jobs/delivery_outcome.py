"""What becomes of a delivery after an attempt: a pure function, so that every course of events can be tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.models.base import FAR_FUTURE
from app.models.delivery import TRIED_KEPT, TRIED_TEXT, Delivery, DeliveryStatus, Tried
from app.services.notification.base import NOTHING_SAID, Exchange, NeverDeliverable, NotDelivered, TargetGone

LONGEST_WAIT: Final = 86_400.0
"""Seconds; a receiver that asks for more is tried again before."""
LEAST_JITTER: Final = 0.8


@dataclass(frozen=True, slots=True)
class Ended:
    """An attempt that is over. No `failure`: it was delivered."""

    began_at: datetime
    seconds: float
    exchange: Exchange = NOTHING_SAID
    failure: NotDelivered | None = None


def after(
    delivery: Delivery, ended: Ended, waits: Sequence[float], now: datetime, *, jitter: float
) -> dict[str, Any]:
    """The fields to set on a claimed delivery. `jitter` is between `LEAST_JITTER` and 1: a service that comes back is
    not met by everybody at once."""
    tried = (*delivery.tried, _tried(ended))[-TRIED_KEPT:]
    failure = ended.failure
    if failure is None:
        return {"tried": tried, **_finished(DeliveryStatus.DELIVERED, now)}
    if isinstance(failure, TargetGone):
        return {"tried": tried, **_finished(DeliveryStatus.CANCELLED, now)}
    if isinstance(failure, NeverDeliverable) or delivery.attempt > len(waits):
        return {"tried": tried, **_finished(DeliveryStatus.DEAD, now)}
    wait = waits[max(delivery.attempt, 1) - 1] * jitter
    wait = max(wait, min(failure.retry_after or 0.0, LONGEST_WAIT))
    return {"tried": tried, "due_at": now + timedelta(seconds=wait)}


def is_spent(delivery: Delivery, waits: Sequence[float]) -> bool:
    """Every attempt was used up by workers that did not live to say what came of it."""
    return delivery.attempt > len(waits) + 1


def _finished(status: DeliveryStatus, now: datetime) -> dict[str, Any]:
    return {"status": status, "due_at": FAR_FUTURE, "finished_at": now}


def _tried(ended: Ended) -> Tried:
    failure = ended.failure
    exchange = failure.exchange if failure else ended.exchange
    return Tried(
        at=ended.began_at,
        seconds=round(max(ended.seconds, 0.0), 3),
        delivered=failure is None,
        code=failure.code if failure else None,
        detail=failure.detail[:TRIED_TEXT] if failure else "",
        status=exchange.status,
        request=exchange.request[:TRIED_TEXT],
        response=exchange.response[:TRIED_TEXT],
    )
