"""The event bus: who changes something publishes, who watches subscribes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from app.models.event import Event


class SlowSubscriber(Exception):
    """The subscriber fell too far behind; it must leave and load a fresh snapshot."""


class Subscription(Protocol):
    def __aiter__(self) -> AsyncIterator[Event]:
        """Events in order of publication. Raises `SlowSubscriber` once the buffer has overflowed."""


class EventBus(Protocol):
    """Events are hints: one that is lost costs freshness, not truth."""

    def publish(self, event: Event) -> None:
        """Never waits and never fails."""

    def subscribe(self, organisation_id: str | None) -> AbstractAsyncContextManager[Subscription]:
        """Events of one organisation, or of all (None: for the pipeline, never for a person)."""
