"""One message on its way to one place outside, with everything that was tried."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from app.models.base import Stored
from app.models.notification import Topic


class Carrier(StrEnum):
    EMAIL = "email"
    CHANNEL = "channel"
    """Through Apprise."""
    WEBHOOK = "webhook"


class DeliveryStatus(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"
    """The limit of attempts was reached, or trying again cannot help."""
    CANCELLED = "cancelled"
    """What it was for is gone: the endpoint, the channel, the membership, the interview."""


class Tried(Stored):
    """One attempt. What was sent and what came back are cut to `TRIED_TEXT` characters; secrets are left out."""

    at: datetime
    seconds: float
    delivered: bool
    code: str | None = None
    """Stable, for machines: why it failed."""
    detail: str = ""
    """The same for people."""
    status: int | None = None
    """Of the HTTP answer."""
    request: str = ""
    response: str = ""


class Delivery(Stored):
    id: str
    """Follows from the notice and the target, so that the same message is never queued twice."""
    organisation_id: str
    notice_id: str
    """What receivers drop repetitions by: the same in every attempt, and when a person sends it again."""
    topic: Topic
    interview_id: str | None = None
    carrier: Carrier
    target_id: str
    """The endpoint's, the channel's, or the user's id."""
    user_id: str | None = None
    """Whom it is for; None for machines and rooms."""
    payload: dict[str, Any] = {}
    digest_until: datetime | None = None
    """A digest: everything in the person's inbox that is older than this and newer than the digest before."""
    digest_since: datetime | None = None

    status: DeliveryStatus = DeliveryStatus.PENDING
    attempt: int = 0
    epoch: int = 0
    """Rises with every claim; what a late attempt writes is refused."""
    due_at: datetime
    tried: tuple[Tried, ...] = ()
    """The last `TRIED_KEPT`, oldest first."""
    created_at: datetime
    finished_at: datetime | None = None


TRIED_KEPT: Final = 12
TRIED_TEXT: Final = 2000


def delivery_id(notice_id: str, carrier: Carrier, target_id: str) -> str:
    return f"{notice_id}.{carrier}.{target_id}"
