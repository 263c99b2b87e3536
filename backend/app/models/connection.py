"""Connections: where recordings come in by themselves, from a meeting service or from an organisation's own programs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from app.models.base import Stored
from app.models.interview import TemplateRef


class ConnectionKind(StrEnum):
    ZOOM = "zoom"
    SIGNED_URL = "signed_url"
    """Anybody who has the secret may say "new recording at this URL", signed by the Standard Webhooks specification."""


class InterviewDefaults(Stored):
    """What interviews get that come through the connection."""

    template: TemplateRef | None = None
    position: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()


class Connection(Stored):
    id: str
    """In the address of the webhook; not a secret."""
    organisation_id: str
    kind: ConnectionKind
    name: str
    secret: str
    """Zoom's secret token, or `whsec_…` of ours; never shown again."""
    defaults: InterviewDefaults = InterviewDefaults()
    enabled: bool = True
    version: int = 1
    created_by: str
    created_at: datetime
    updated_at: datetime
