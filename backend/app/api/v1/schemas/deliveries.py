"""The log of deliveries as the API shows it."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field, field_validator

from app.api.v1.schemas.common import Out
from app.models.base import FAR_FUTURE
from app.models.delivery import Carrier, DeliveryStatus
from app.models.notification import Topic


class TriedOut(Out):
    at: datetime
    seconds: float
    delivered: bool
    code: str | None = Field(description="Why it failed, for machines")
    detail: str = Field(description="The same for people")
    status: int | None = Field(description="Of the other side's answer, HTTP or SMTP")
    request: str
    response: str


class DeliveryOut(Out):
    id: str
    notice_id: str = Field(description="The same in every attempt and at every resend")
    topic: Topic
    interview_id: str | None
    carrier: Carrier
    target_id: str = Field(description="Of the endpoint, the channel, or the user")
    user_id: str | None
    digest_until: datetime | None = Field(description="Of a daily summary; null for a single message")
    status: DeliveryStatus
    attempt: int
    due_at: datetime | None = Field(description="When it is tried next; null when it is finished")
    created_at: datetime
    finished_at: datetime | None

    @field_validator("due_at")
    @classmethod
    def _never(cls, value: datetime | None) -> datetime | None:
        return None if value == FAR_FUTURE else value


class DeliveryDetailOut(DeliveryOut):
    tried: list[TriedOut] = Field(description="The last attempts, oldest first")
