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


Wanted = Callable[[Event], bool]


def everything(_: Event) -> bool:
    return True


def nothing() -> None:
    """For listeners to whom a loss does not matter."""


class EventBus(Protocol):
    """Events are hints: one that is lost costs freshness, not truth."""

    @property
    def hears_others(self) -> bool:
        """Whether events of other processes arrive right now; else the feed has to look for them more often."""

    def publish(self, event: Event) -> None:
        """Tell everybody, here and in other processes. Never waits and never fails."""

    def hand_out(self, event: Event) -> None:
        """Tell the people who watch through this process only: what happened elsewhere and was heard of or found."""

    async def handed_out(self, organisation_id: str) -> None:
        """Until the listeners of an organisation have heard what was handed out: for who has much of it."""

    def subscribe(
        self, organisation_id: str | None, wanted: Wanted = everything
    ) -> AbstractAsyncContextManager[Subscription]:
        """Events of one organisation, wherever they happen; or (None) of all organisations, but only those that this
        process publishes: for the pipeline, which would otherwise be woken in every process by every change. What is
        not `wanted` takes no room in the buffer."""

    def listen(
        self, organisation_id: str, hear: Callable[[Event], None], lose: Callable[[], None] = nothing
    ) -> AbstractContextManager[None]:
        """As `subscribe`, for a thousand at a time: `hear` is called with each event soon after it happened, a portion
        of the listeners at a time. When so much happens that it cannot be told in time, `lose` is called instead, and
        nothing after it. Both must be quick and must not raise."""

    def watched_organisations(self) -> frozenset[str]:
        """Organisations that somebody listens to right now."""
