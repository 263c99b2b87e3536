"""Highlights of one organisation, in the embedded database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, select

from app.models.highlight import Highlight
from app.repositories.base import PageKey
from app.repositories.sqlite.store import (
    Store,
    by_id,
    many,
    newest_page,
    one,
    page_values,
    replace_version,
    versioned,
)
from app.repositories.sqlite.words_tables import highlights
from app.repositories.values import ensure_of, to_milliseconds, with_precision

_t = highlights.c
_MINE: Final = (
    _t.organisation_id == bindparam("organisation_id_"),
    _t.interview_id == bindparam("interview_id_"),
)
NEWEST: Final = {
    resumed: newest_page(highlights, select(_t.doc).where(*_MINE), resumed=resumed)
    for resumed in (False, True)
}
_GET: Final = by_id(highlights).where(*_MINE)
_INSERT: Final = insert(highlights)
_REPLACE: Final = versioned(highlights).where(_t.interview_id == bindparam("interview_id_"))
_DELETE: Final = delete(highlights).where(_t.id == bindparam("id_"), *_MINE)


class SqliteHighlights:
    """`HighlightRepository`."""

    def __init__(self, store: Store, organisation_id: str) -> None:
        self._store = store
        self._organisation_id = organisation_id

    async def insert(self, highlight: Highlight) -> None:
        ensure_of(self._organisation_id, highlight)
        row = highlight_row(highlight)
        await self._store.write(lambda connection: connection.execute(_INSERT, row).rowcount)

    async def get(self, interview_id: str, highlight_id: str) -> Highlight | None:
        values = {"id": highlight_id, **self._of(interview_id)}
        return await self._store.read(lambda connection: one(connection, _GET, Highlight, **values))

    async def list_newest(
        self, interview_id: str, *, after: PageKey | None, limit: int
    ) -> Sequence[Highlight]:
        query = NEWEST[after is not None]
        values = {**self._of(interview_id), **page_values(after, limit)}
        return await self._store.read(lambda connection: many(connection, query, Highlight, **values))

    async def replace(self, highlight: Highlight, *, expected_version: int) -> bool:
        ensure_of(self._organisation_id, highlight)
        row = highlight_row(highlight) | {"interview_id_": highlight.interview_id}
        return await self._store.write(lambda c: replace_version(c, _REPLACE, row, expected_version))

    async def delete(self, interview_id: str, highlight_id: str) -> bool:
        values = {"id_": highlight_id, **self._of(interview_id)}
        return await self._store.write(lambda connection: connection.execute(_DELETE, values).rowcount == 1)

    def _of(self, interview_id: str) -> dict[str, str]:
        return {"organisation_id_": self._organisation_id, "interview_id_": interview_id}


def highlight_row(highlight: Highlight) -> dict[str, Any]:
    precise = with_precision(highlight)
    return {
        "id": precise.id,
        "organisation_id": precise.organisation_id,
        "interview_id": precise.interview_id,
        "created_at": to_milliseconds(precise.created_at),
        "version": precise.version,
        "doc": precise.model_dump_json(),
    }
