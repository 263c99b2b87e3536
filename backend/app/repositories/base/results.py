"""What is written about interviews, by machines and by people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from app.models.analysis import Analysis
from app.models.scorecard import Review, Scorecard
from app.models.stability import StabilityReport
from app.models.transcript import Transcript
from app.repositories.base.pages import TranscriptJson


class TranscriptRepository(Protocol):
    async def put(self, transcript: Transcript) -> None:
        """Write under (`interview_id`, `revision`) unless one of the same or a newer epoch stands there.

        Raises `Fenced` in that case, and when it belongs to another organisation.
        """

    async def get(self, interview_id: str, revision: int) -> Transcript | None: ...

    async def get_json(
        self, interview_id: str, revision: int, *, after: int = 0, limit: int | None = None
    ) -> TranscriptJson | None:
        """The utterances from position `after` on, at most `limit` of them, as JSON."""

    async def forget(self, interview_id: str, revision: int) -> None:
        """Remove a revision that can be made again from an older one and the log of changes."""


class AnalysisRepository(Protocol):
    async def put(self, analysis: Analysis) -> None:
        """As `TranscriptRepository.put`."""

    async def get(self, interview_id: str, revision: int) -> Analysis | None: ...

    async def list_newest(self, interview_id: str, *, before: int | None, limit: int) -> Sequence[Analysis]:
        """By falling revision, those below `before`."""


class ScorecardRepository(Protocol):
    """At most one card for an interview and a person."""

    async def get(self, interview_id: str, user_id: str) -> Scorecard | None: ...

    async def list_for(self, interview_ids: Collection[str]) -> Sequence[Scorecard]:
        """All cards of these interviews, drafts among them, by interview and then by creation, oldest first."""

    async def save(self, card: Scorecard, *, expected_version: int) -> bool:
        """Insert when `expected_version` is 0, else replace the one that has this version; False when there is
        another, or none. Raises `ValueError` for another organisation's card."""


class ReviewRepository(Protocol):
    """At most one review for an analysis."""

    async def get(self, interview_id: str, revision: int) -> Review | None: ...

    async def save(self, review: Review, *, expected_version: int) -> bool:
        """As `ScorecardRepository.save`."""


class StabilityRepository(Protocol):
    async def put(self, report: StabilityReport) -> None:
        """As `TranscriptRepository.put`."""

    async def get(self, interview_id: str, revision: int) -> StabilityReport | None: ...

    async def list_newest(
        self, interview_id: str, *, before: int | None, limit: int
    ) -> Sequence[StabilityReport]:
        """By falling revision, those below `before`."""
