"""Pages of lists, and rows that are ready to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.models.transcript import Transcript


@dataclass(frozen=True, slots=True)
class PageKey:
    """Position in a newest-first list: the `created_at` and `id` of the last row seen."""

    created_at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class JsonPage:
    """A page of a list, ready to be sent: lists are read far more often than anything looks into their rows.

    `items` is the inside of a JSON array.
    """

    items: bytes
    next: PageKey | None
    """Position of the next page; None on the last one."""


@dataclass(frozen=True, slots=True)
class TranscriptJson:
    """A transcript whose utterances are ready to be sent: `utterances` is the inside of a JSON array."""

    head: Transcript
    total: int
    """Number of utterances in all."""
    utterances: bytes
