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


class Preference(StrEnum):
    """Which of a meeting's files is fetched, where there is a choice."""

    AUDIO = "audio"
    """The sound alone: all that a transcript needs, at a tenth of the size."""
    VIDEO = "video"


class InterviewDefaults(Stored):
    """What interviews get that come through the connection."""

    template: TemplateRef | None = None
    position: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()


class Connection(Stored):
    id: str
    """In the address of the webhook; not a secret. Begins with the organisation's id and a dot: whoever calls the
    webhook names nothing else."""
    organisation_id: str
    kind: ConnectionKind
    name: str
    secret: str
    """Zoom's secret token, or `whsec_…` of ours; never shown again."""
    previous_secret: str | None = None
    """The one before a rotation: still believed until `previous_until`, so that no call is lost over the change."""
    previous_until: datetime | None = None
    prefer: Preference = Preference.AUDIO
    defaults: InterviewDefaults = InterviewDefaults()
    enabled: bool = True
    version: int = 1
    created_by: str
    created_at: datetime
    updated_at: datetime

    def secrets(self, now: datetime) -> tuple[str, ...]:
        """Those that are believed now, the newest first."""
        if self.previous_secret and self.previous_until and now < self.previous_until:
            return (self.secret, self.previous_secret)
        return (self.secret,)
