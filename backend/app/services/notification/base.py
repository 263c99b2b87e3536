"""What a notification channel is."""

from __future__ import annotations

from typing import Protocol

from app.models.interview import Interview, OutboxEntry


class Channel(Protocol):
    name: str

    async def send(self, interview: Interview, entry: OutboxEntry) -> None:
        """Deliver one message, or raise `ProviderError`; may be called again with the same entry id."""
