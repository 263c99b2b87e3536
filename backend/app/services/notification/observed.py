"""A carrier whose attempts are counted, and are spans."""

from __future__ import annotations

from app.core.observing import observed_delivery
from app.models.delivery import Delivery
from app.services.notification.base import Exchange, Sender


class ObservedSender:
    """`Sender`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def send(self, delivery: Delivery) -> Exchange:
        with observed_delivery(delivery.carrier.value, delivery.topic.value):
            return await self._sender.send(delivery)
