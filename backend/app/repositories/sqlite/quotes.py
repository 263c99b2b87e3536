"""Quotes out of the embedded database: one hop for a page of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Set
from itertools import chain
from typing import Final

from sqlalchemy import BindParameter, Connection, bindparam, select

from app.models.interview import Status
from app.repositories.base.quotes import Place, Quote
from app.repositories.quoting import head_from_json, interview_from_json, part_of, quote
from app.repositories.sqlite.results import one_state
from app.repositories.sqlite.store import Store
from app.repositories.sqlite.tables import interviews, transcript_parts, transcripts
from app.repositories.values import result_id

_GONE: Final = (Status.DELETING.value, Status.DELETED.value)
_IDS: Final[BindParameter[list[str]]] = bindparam("ids", expanding=True)
_MINE: Final[BindParameter[str]] = bindparam("organisation_id")
_INTERVIEWS: Final = select(interviews.c.id, interviews.c.listed).where(
    interviews.c.id.in_(_IDS), interviews.c.organisation_id == _MINE, interviews.c.status.not_in(_GONE)
)
_HEADS: Final = select(transcripts.c.id, transcripts.c.doc).where(
    transcripts.c.id.in_(_IDS), transcripts.c.organisation_id == _MINE
)
_p = transcript_parts.c
_SIZES: Final = (
    select(_p.transcript_id, _p.size).where(_p.transcript_id.in_(_IDS)).order_by(_p.transcript_id, _p.number)
)
_PARTS: Final = "SELECT transcript_id, number, doc FROM transcript_parts WHERE "
_PART: Final = "(transcript_id = ? AND number = ?)"


class SqliteQuotes:
    """`QuoteRepository`."""

    def __init__(self, store: Store, organisation_id: str) -> None:
        self._store = store
        self._organisation_id = organisation_id

    async def read(self, places: Collection[Place]) -> Mapping[Place, Quote]:
        if not places:
            return {}

        def work(connection: Connection) -> Mapping[Place, Quote]:
            with one_state(connection):
                return _read(connection, places, self._organisation_id)

        return await self._store.read(work)


def _read(connection: Connection, places: Collection[Place], organisation_id: str) -> Mapping[Place, Quote]:
    mine = {"organisation_id": organisation_id}
    shown = {
        row[0]: interview_from_json(row[1])
        for row in connection.execute(_INTERVIEWS, mine | {"ids": list({p.interview_id for p in places})})
    }
    keys = list({result_id(place.interview_id, place.revision) for place in places})
    heads = {row[0]: head_from_json(row[1]) for row in connection.execute(_HEADS, mine | {"ids": keys})}
    sizes: defaultdict[str, list[int]] = defaultdict(list)
    for key, size in connection.execute(_SIZES, {"ids": keys}):
        sizes[key].append(size)
    wanted: dict[Place, tuple[str, int, int]] = {}
    for place in places:
        key = result_id(place.interview_id, place.revision)
        where = part_of(sizes[key], place.number)
        if where is not None and key in heads and place.interview_id in shown:
            wanted[place] = (key, *where)
    parts = _parts(connection, {(key, part) for key, part, _ in wanted.values()})
    return {
        place: quote(shown[place.interview_id], heads[key], parts[key, part], line)
        for place, (key, part, line) in wanted.items()
    }


def _parts(connection: Connection, wanted: Set[tuple[str, int]]) -> Mapping[tuple[str, int], str]:
    """Parts of transcripts in one statement: dozens of small ones would take most of the time of a search."""
    if not wanted:
        return {}
    statement = _PARTS + " OR ".join([_PART] * len(wanted))
    rows = connection.exec_driver_sql(statement, tuple(chain.from_iterable(wanted)))
    return {(key, number): part for key, number, part in rows}
