"""Shows a notification in the open web pages of the organisation."""

from __future__ import annotations

from collections.abc import Callable

from app.models.event import Event, EventKind
from app.models.interview import Interview, OutboxEntry


class InAppChannel:
    name = "in_app"

    def __init__(self, publish: Callable[[Event], None]) -> None:
        self._publish = publish

    async def send(self, interview: Interview, entry: OutboxEntry) -> None:
        self._publish(
            Event(
                kind=EventKind.NOTIFICATION,
                organisation_id=interview.organisation_id,
                interview_id=interview.id,
                version=interview.version,
                data={"id": entry.id, "topic": entry.kind, **entry.payload},
            )
        )
