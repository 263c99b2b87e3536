"""Telling people: delivers what the pipeline put into an interview's outbox.

Delivery is at least once: an entry is removed only after every channel took it, and its id stays the same over
repetitions so that receivers can drop them.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from app.models.base import new_id, utc_now
from app.models.interview import Interview, OutboxEntry


class Channel(Protocol):
    name: str

    async def send(self, interview: Interview, entry: OutboxEntry) -> None: ...


class Topic(StrEnum):
    DEBRIEF_READY = "debrief.ready"
    INTERVIEW_FAILED = "interview.failed"


def message(topic: Topic, **payload: str | int | None) -> OutboxEntry:
    """An outbox entry; the payload holds ids and codes, never a candidate's words or name."""
    return OutboxEntry(id=new_id(), kind=topic.value, payload=payload, created_at=utc_now())


class NotificationService:
    def __init__(self, channels: Sequence[Channel]) -> None:
        self._channels = tuple(channels)

    async def deliver(self, interview: Interview, entry: OutboxEntry) -> None:
        for channel in self._channels:
            await channel.send(interview, entry)
