"""What carries a message to one place outside: e-mail, a chat service, a webhook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from app.core.errors import ProviderError
from app.models.delivery import Delivery


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was sent and what came back, for the log of deliveries. No secrets."""

    status: int | None = None
    """Of the HTTP answer."""
    request: str = ""
    response: str = ""


NOTHING_SAID: Final = Exchange()


class NotDelivered(ProviderError):
    """The other side did not take the message. `retry_after`: seconds it asked us to wait."""

    code = "not_delivered"

    def __init__(
        self, detail: str, *, exchange: Exchange = NOTHING_SAID, retry_after: float | None = None
    ) -> None:
        super().__init__(detail)
        self.exchange = exchange
        self.retry_after = retry_after


class NeverDeliverable(NotDelivered):
    """Trying again cannot help: the address does not exist, the service refused for good."""

    code = "never_deliverable"


class TargetGone(NotDelivered):
    """What the message was for is gone or switched off; it is cancelled, which is no failure."""

    code = "target_gone"


class Sender(Protocol):
    """One carrier. Loads its own target, renders for it, and sends."""

    async def send(self, delivery: Delivery) -> Exchange:
        """Returns once the other side has taken it. May be called again with the same delivery: receivers drop
        repetitions by `delivery.notice_id`, which is in what is sent wherever it has a place. Raises `NotDelivered`."""
