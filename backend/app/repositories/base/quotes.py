"""Single utterances out of many transcripts, read at once: what a page of search results shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.models.transcript import SpeakerRole


@dataclass(frozen=True, slots=True)
class Place:
    """An utterance by its position, from 0, in a revision of an interview's transcript."""

    interview_id: str
    revision: int
    number: int


@dataclass(frozen=True, slots=True)
class Quote:
    """An utterance with what it takes to know where one is."""

    title: str
    """Of the interview, as the next three."""
    candidate: str | None
    position: str | None
    created_at: datetime
    utterance_id: str
    speaker: str
    """The person's name, or the neutral label."""
    role: SpeakerRole
    start: float
    end: float
    text: str
    language: str | None


class QuoteRepository(Protocol):
    """Quotes of one organisation."""

    async def read(self, places: Collection[Place]) -> Mapping[Place, Quote]:
        """Those that are there: nothing of deleted interviews, of forgotten revisions, of other organisations."""
