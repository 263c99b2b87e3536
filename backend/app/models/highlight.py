"""Moments of an interview that somebody marked."""

from __future__ import annotations

from datetime import datetime

from app.models.base import Stored


class Highlight(Stored):
    id: str
    organisation_id: str
    interview_id: str
    start: float
    """Seconds from the beginning of the recording."""
    end: float
    utterance_ids: tuple[str, ...] = ()
    """What was said then, at the time of marking."""
    quote: str = ""
    """The words that were marked, as they stood then."""
    comment: str = ""
    tags: tuple[str, ...] = ()
    version: int = 1
    created_by: str
    created_by_name: str
    created_at: datetime
    updated_at: datetime
