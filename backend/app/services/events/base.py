"""The event bus: who changes something publishes, who watches subscribes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Protocol

from app.models.event import Event


class SlowSubscriber(Exception):
    """The subscriber fell too far behind; it must leave and load a fresh snapshot."""


class Subscription(Protocol):
    def __aiter__(self) -> AsyncIterator[Event]:
        """Events in order of publication. Raises `SlowSubscriber` once the buffer has overflowed."""


class EventBus(Protocol):
    """Events are hints: one that is lost costs freshness, not truth."""

    @property
    def hears_others(self) -> bool:
        """Whether events of other processes arrive right now; else the feed has to look for them more often."""

    def publish(self, event: Event) -> None:
        """Tell everybody, here and in other processes. Never waits and never fails."""

    def hand_out(self, event: Event) -> None:
        """Tell the people who watch through this process only: what happened elsewhere and was heard of or found."""

    def subscribe(self, organisation_id: str | None) -> AbstractAsyncContextManager[Subscription]:
        """Events of one organisation, wherever they happen; or (None) of all organisations, but only those that this
        process publishes: for the pipeline, which would otherwise be woken in every process by every change."""

    def listen(self, organisation_id: str, listener: Callable[[Event], None]) -> AbstractContextManager[None]:
        """As `subscribe`, for a thousand at a time: the listener is called with each event soon after it happened, a
        portion of the listeners at a time. It must be quick and must not raise."""

    def watched_organisations(self) -> frozenset[str]:
        """Organisations that somebody listens to right now."""
