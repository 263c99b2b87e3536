"""A carrier whose attempts are counted, and are spans."""

from __future__ import annotations

from app.core.observing import DeliveryOutcome, observed_delivery
from app.models.delivery import Delivery
from app.services.notification.base import Exchange, NeverDeliverable, Sender, TargetGone


class ObservedSender:
    """`Sender`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def send(self, delivery: Delivery) -> Exchange:
        with observed_delivery(delivery.carrier.value, delivery.topic.value, _outcome_of):
            return await self._sender.send(delivery)


def _outcome_of(error: Exception) -> DeliveryOutcome:
    """By the kind of failure, as what follows from it: each kind has codes of its own below it."""
    if isinstance(error, TargetGone):
        return DeliveryOutcome.TARGET_GONE
    if isinstance(error, NeverDeliverable):
        return DeliveryOutcome.NEVER_DELIVERABLE
    return DeliveryOutcome.NOT_DELIVERED
