"""Highlights of one organisation, in MongoDB."""

from __future__ import annotations

from collections.abc import Sequence

from app.models.highlight import Highlight
from app.repositories.base import PageKey
from app.repositories.mongo.store import (
    Collection,
    Document,
    newest,
    one,
    to_document,
    translating,
)
from app.repositories.values import ensure_of


@translating
class MongoHighlights:
    """`HighlightRepository`."""

    def __init__(self, highlights: Collection, organisation_id: str) -> None:
        self._highlights = highlights
        self._organisation_id = organisation_id

    async def insert(self, highlight: Highlight) -> None:
        ensure_of(self._organisation_id, highlight)
        await self._highlights.insert_one(to_document(highlight))

    async def get(self, interview_id: str, highlight_id: str) -> Highlight | None:
        return await one(self._highlights, Highlight, {"_id": highlight_id, **self._of(interview_id)})

    async def list_newest(
        self, interview_id: str, *, after: PageKey | None, limit: int
    ) -> Sequence[Highlight]:
        return await newest(self._highlights, Highlight, self._of(interview_id), after=after, limit=limit)

    async def replace(self, highlight: Highlight, *, expected_version: int) -> bool:
        ensure_of(self._organisation_id, highlight)
        document = to_document(highlight)
        expected = {
            "_id": document["_id"],
            "version": expected_version,
            **self._of(highlight.interview_id),
        }
        return (await self._highlights.replace_one(expected, document)).matched_count == 1

    async def delete(self, interview_id: str, highlight_id: str) -> bool:
        condition = {"_id": highlight_id, **self._of(interview_id)}
        return (await self._highlights.delete_one(condition)).deleted_count == 1

    def _of(self, interview_id: str) -> Document:
        return {"organisation_id": self._organisation_id, "interview_id": interview_id}
