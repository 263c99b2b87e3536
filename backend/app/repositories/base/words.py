"""What people do with transcripts: change them, search them, mark moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from app.models.edit import TranscriptEdit
from app.models.highlight import Highlight
from app.models.transcript import SpeakerRole
from app.repositories.base.pages import PageKey


class EditRepository(Protocol):
    """The log of changes, one document for each revision that a person made."""

    async def put(self, edit: TranscriptEdit) -> None:
        """As `TranscriptRepository.put`."""

    async def get(self, interview_id: str, revision: int) -> TranscriptEdit | None: ...

    async def list_newest(
        self, interview_id: str, *, before: int | None, limit: int
    ) -> Sequence[TranscriptEdit]:
        """By falling revision, those below `before`."""


class HighlightRepository(Protocol):
    """Highlights of one organisation; they go with their interview."""

    async def insert(self, highlight: Highlight) -> None: ...

    async def get(self, interview_id: str, highlight_id: str) -> Highlight | None: ...

    async def list_newest(
        self, interview_id: str, *, after: PageKey | None, limit: int
    ) -> Sequence[Highlight]: ...

    async def replace(self, highlight: Highlight, *, expected_version: int) -> bool:
        """Replace the document that has `expected_version`; False when it has another one or is missing."""

    async def delete(self, interview_id: str, highlight_id: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Passage:
    """One utterance as it is searched. `terms` are its words as the analyzer of `services.search` gives them, in order
    and with repetitions, so that phrases can be found by their positions."""

    utterance_id: str
    number: int
    """Position in the transcript, from 0."""
    start: float
    end: float
    speaker: str
    """The person's name, or the neutral label."""
    role: SpeakerRole
    text: str
    language: str | None
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexedTranscript:
    """What an interview is found by, in one revision of its transcript."""

    interview_id: str
    revision: int
    epoch: int
    """Of the transcript: who wrote a revision later has a higher one."""
    created_at: datetime
    """Of the interview: the order of `newest`."""
    passages: Sequence[Passage]


class SearchOrder(StrEnum):
    NEWEST = "newest"
    """By (`created_at`, `interview_id`) falling, then by position."""
    RELEVANCE = "relevance"
    """By what each passage says of the words, among the newest `RELEVANCE_WINDOW` hits; of equals, the newest first.
    To score everything that has a common word would take as long as there is much of it."""


RELEVANCE_WINDOW: Final = 300
"""How many of the newest hits are put in order of relevance; the list ends with them."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """All terms and all phrases must be in one utterance. At least one of the two is given."""

    terms: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    role: SpeakerRole | None = None
    candidate: str | None = None
    """These as in `InterviewFilter`."""
    position: str | None = None
    tag: str | None = None
    template_id: str | None = None
    created_from: datetime | None = None
    """Inclusive."""
    created_to: datetime | None = None
    """Exclusive."""


@dataclass(frozen=True, slots=True)
class Quote:
    """An utterance with what it takes to know where one is."""

    title: str
    """Of the interview as it is now, as the next three."""
    candidate: str | None
    position: str | None
    created_at: datetime
    utterance_id: str
    speaker: str
    role: SpeakerRole
    start: float
    end: float
    text: str
    language: str | None


@dataclass(frozen=True, slots=True)
class SearchHit:
    interview_id: str
    revision: int
    number: int
    quote: Quote
    terms: Sequence[str]
    """Those of its passage that are not empty."""
    cursor: str
    """Position after this hit, for the next page; its form is the repository's own."""


class SearchRepository(Protocol):
    """The search index of one organisation. Only what is in an interview's current transcript is found."""

    async def put(self, indexed: IndexedTranscript) -> None:
        """Index a revision, in place of what was indexed of it.

        The interview's current revision stays, so that it is found until the new one is committed; other older ones go.
        Whoever comes late changes nothing: when a newer revision counts by now, when a higher epoch has stored this
        one, when the interview is being deleted or gone.
        """

    async def delete(self, interview_id: str) -> None: ...

    async def search(
        self, query: SearchQuery, *, order: SearchOrder, cursor: str | None, limit: int
    ) -> Sequence[SearchHit]:
        """Raises `ValueError` for a cursor that is none of this order.

        Between pages nothing is given twice or left out, even when interviews are indexed again meanwhile.
        """
