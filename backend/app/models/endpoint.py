"""Webhook endpoints of an organisation: where its own programs hear of what happens here."""

from __future__ import annotations

from datetime import datetime

from app.models.base import Stored
from app.models.notification import Topic


class EndpointSecret(Stored):
    value: str
    """`whsec_` and Base64, as the Standard Webhooks specification has it."""
    created_at: datetime
    expires_at: datetime | None = None
    """After a rotation the old secret signs, beside the new one, until then."""


class Endpoint(Stored):
    id: str
    organisation_id: str
    url: str
    description: str = ""
    topics: tuple[Topic, ...] = ()
    """Empty: everything."""
    secrets: tuple[EndpointSecret, ...]
    """The newest first."""
    enabled: bool = True
    disabled_reason: str | None = None
    """Why it was switched off by itself; None when a person did it."""
    failing_since: datetime | None = None
    """Of the first failure since the last success."""
    last_failed_at: datetime | None = None
    """To the hour: of the failures since then not every one is written down."""
    version: int = 1
    created_by: str
    created_at: datetime
    updated_at: datetime
