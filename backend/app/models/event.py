"""What travels on the event bus: a hint that something changed, never the truth itself."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from app.models.base import Stored
from app.models.interview import Interview
from app.models.notification import InboxItem


class EventKind(StrEnum):
    INTERVIEW_CHANGED = "interview.changed"
    INTERVIEW_PROGRESS = "interview.progress"
    INTERVIEW_DELETED = "interview.deleted"
    NOTIFICATION = "notification"
    """Something new in a person's inbox. May be repeated; `data.id` stays the same."""
    INBOX_READ = "inbox.read"
    LIVE_INTERIM = "live.interim"
    """Words that may still change; the next one of the same channel, or a final, replaces it."""
    LIVE_FINAL = "live.final"
    LIVE_STATE = "live.state"


class Event(Stored):
    """`version` is the interview's; a receiver that holds the same or a newer one ignores the event."""

    kind: EventKind
    organisation_id: str
    interview_id: str | None = None
    user_id: str | None = None
    """For this person alone; None for everybody in the organisation."""
    version: int = 0
    data: dict[str, Any] = {}


def interview_changed(interview: Interview) -> Event:
    return Event(
        kind=EventKind.INTERVIEW_CHANGED,
        organisation_id=interview.organisation_id,
        interview_id=interview.id,
        version=interview.version,
        data={
            "status": interview.status.value,
            "progress": interview.progress,
            "failure": interview.failure.model_dump(mode="json") if interview.failure else None,
            "transcript_revision": interview.transcript_revision,
            "analysis_revision": interview.analysis_revision,
            "stability_revision": interview.stability_revision,
        },
    )


def notified(item: InboxItem, unread: int) -> Event:
    return Event(
        kind=EventKind.NOTIFICATION,
        organisation_id=item.organisation_id,
        interview_id=item.interview_id,
        user_id=item.user_id,
        data={
            "id": item.id,
            "topic": item.topic.value,
            "interview_id": item.interview_id,
            "unread": unread,
        },
    )
