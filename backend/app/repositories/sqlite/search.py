"""Search in the embedded database: the words in FTS5, what is shown of a hit and what narrows the search beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Row, TextClause, text

from app.models.transcript import SpeakerRole
from app.repositories.base import (
    RELEVANCE_WINDOW,
    IndexedTranscript,
    Quote,
    SearchHit,
    SearchOrder,
    SearchQuery,
)
from app.repositories.folding import LAST, fold
from app.repositories.quoting import interview_from_json
from app.repositories.search_positions import Position, read_newest, read_scored, relevance
from app.repositories.sqlite import search_index
from app.repositories.sqlite.search_terms import escaped, match, unescaped
from app.repositories.sqlite.store import Store
from app.repositories.values import from_milliseconds, result_id, to_milliseconds

Rows = Sequence[Row[Any]]

_IDS: Final = 2**63
_READ_AHEAD: Final = 64
"""Hits that are read at once where some of them may be of interviews that are not asked for."""

_CURRENT: Final = """
    s.organisation_id = :organisation_id AND i.organisation_id = :organisation_id
    AND i.status NOT IN ('deleting', 'deleted')
    AND json_extract(i.listed, '$.transcript_revision') = s.revision
"""
# `CROSS JOIN` is SQLite's way of saying that the words come first: their order is the order of the hits.
HITS: Final = text(f"""
    SELECT p.id, p.utterance_id, p.number, p.begins, p.ends, p.speaker, p.role, p.text, p.language, p.terms,
        s.interview_id, s.revision, s.created_at, i.listed
    FROM passage_words AS w
    CROSS JOIN passages AS p ON p.id = w.rowid
    CROSS JOIN search_places AS s ON s.id = p.place_id
    CROSS JOIN interviews AS i ON i.id = s.interview_id
    WHERE w.passage_words MATCH :words AND w.rowid >= :least AND w.rowid < :below AND {_CURRENT}
    AND (:from_at IS NULL OR s.created_at >= :from_at) AND (:to_at IS NULL OR s.created_at < :to_at)
    ORDER BY w.rowid DESC LIMIT :limit
""")  # noqa: S608 - of constants
_NARROWING: Final = {
    "candidate": "i.candidate_folded BETWEEN :candidate AND :candidate_end",
    "position": "i.position_folded BETWEEN :position AND :position_end",
    "template_id": "json_extract(i.doc, '$.template.id') = :template_id",
    "tag": """i.id IN (
        SELECT interview_id FROM interview_tags WHERE organisation_id = :organisation_id AND tag = :tag
    )""",
}
# The place after which the list goes on, when the interview of the cursor is still there, and when it is not.
PLACE: Final = text(f"""
    SELECT s.first, s.size FROM search_places AS s JOIN interviews AS i ON i.id = s.interview_id
    WHERE s.interview_id = :interview_id AND s.created_at = :at AND {_CURRENT}
""")  # noqa: S608 - of constants
OLDER: Final = text("""
    SELECT first + size FROM search_places WHERE (created_at, interview_id) < (:at, :interview_id)
    ORDER BY created_at DESC, interview_id DESC, revision DESC LIMIT 1
""")
# Of an interview that is there to be found, and whose words under this number are not somebody else's by now.
_REVISION: Final = text("""
    SELECT json_extract(i.listed, '$.transcript_revision') FROM interviews AS i
    WHERE i.id = :id AND i.organisation_id = :organisation_id AND i.status NOT IN ('deleting', 'deleted')
    AND NOT EXISTS (SELECT 1 FROM transcripts WHERE id = :transcript_id AND epoch > :epoch)
""")


@lru_cache(maxsize=64)
def narrowed(given: frozenset[str]) -> TextClause:
    """The places of the interviews that are asked for, the newest first."""
    conditions = " AND ".join(_NARROWING[name] for name in sorted(given))
    return text(f"""
        SELECT s.first, s.first + s.size AS "end"
        FROM interviews AS i JOIN search_places AS s ON s.interview_id = i.id
        WHERE {_CURRENT} AND {conditions} ORDER BY s.first DESC
    """)  # noqa: S608 - of constants


@dataclass(frozen=True, slots=True)
class _Question:
    phrases: Sequence[Sequence[str]]
    values: dict[str, Any]
    narrowing: frozenset[str]


class SqliteSearch:
    """`SearchRepository`."""

    def __init__(self, store: Store, organisation_id: str) -> None:
        self._store = store
        self._organisation_id = organisation_id

    async def put(self, indexed: IndexedTranscript) -> None:
        mine = self._organisation_id

        def work(connection: Connection) -> None:
            values = {
                "id": indexed.interview_id,
                "organisation_id": mine,
                "transcript_id": result_id(indexed.interview_id, indexed.revision),
                "epoch": indexed.epoch,
            }
            current: int | None = connection.execute(_REVISION, values).scalar()
            if current is None or current > indexed.revision:
                return
            search_index.replace(connection, indexed, mine, current=current)

        await self._store.write(work)

    async def delete(self, interview_id: str) -> None:
        def work(connection: Connection) -> None:
            search_index.remove(connection, interview_id, of=self._organisation_id)
            search_index.merge(connection)

        await self._store.write(work)

    async def search(
        self, query: SearchQuery, *, order: SearchOrder, cursor: str | None, limit: int
    ) -> Sequence[SearchHit]:
        question = _question(query, self._organisation_id)
        if not question.phrases:
            return []
        if order is SearchOrder.NEWEST:
            after = None if cursor is None else read_newest(cursor)
            return await self._store.read(lambda c: _newest(c, question, after, limit))
        last = None if cursor is None else read_scored(cursor)
        return await self._store.read(lambda c: _most_relevant(c, question, last, limit))


def _question(query: SearchQuery, organisation_id: str) -> _Question:
    phrases = [
        words for phrase in (*((t,) for t in query.terms), *query.phrases) if (words := escaped(phrase))
    ]
    bounds = [None if at is None else to_milliseconds(at) for at in (query.created_from, query.created_to)]
    from_at, to_at = bounds
    values: dict[str, Any] = {
        "words": match(organisation_id, phrases, query.role),
        "organisation_id": organisation_id,
        "from_at": from_at,
        "to_at": to_at,
        "least": -_IDS if from_at is None else search_index.first_id(from_at),
        "below": _IDS - 1 if to_at is None else search_index.first_id(to_at + 1000),
    }
    narrowing = {n: v for n in ("tag", "template_id") if (v := getattr(query, n)) is not None}
    for name in ("candidate", "position"):
        if (wanted := getattr(query, name)) is not None:
            narrowing[name] = fold(wanted)
            values[f"{name}_end"] = fold(wanted) + LAST
    return _Question(phrases, values | narrowing, frozenset(narrowing))


def _newest(
    connection: Connection, question: _Question, after: Position | None, limit: int
) -> list[SearchHit]:
    below = question.values["below"]
    if after is not None:
        below = min(below, _bound(connection, after, question.values["organisation_id"]))
    return [_hit(row, _position(row).cursor()) for row in _read(connection, question, below, limit)]


def _most_relevant(
    connection: Connection, question: _Question, last: tuple[int, Position] | None, limit: int
) -> list[SearchHit]:
    rows = _read(connection, question, question.values["below"], RELEVANCE_WINDOW)
    scored = [(relevance(row.terms.split(" "), question.phrases), row) for row in rows]
    scored.sort(key=lambda each: -each[0])
    if last is not None:
        scored = [(score, row) for score, row in scored if _position(row).comes_after(score, last)]
    return [_hit(row, _position(row).cursor(score)) for score, row in scored[:limit]]


def _bound(connection: Connection, after: Position, organisation_id: str) -> int:
    """All hits after the position have lower ids than this, and those before it have not."""
    values = {"at": after.at, "interview_id": after.interview_id, "organisation_id": organisation_id}
    place = connection.execute(PLACE, values).first()
    if place is not None:
        return int(max(place.first, place.first + place.size - 1 - after.number))
    older: int | None = connection.execute(OLDER, values).scalar()
    return -_IDS if older is None else older


def _read(connection: Connection, question: _Question, below: int, limit: int) -> Rows:
    """The newest hits below an id, those of the interviews that are asked for."""
    if not question.narrowing:
        return connection.execute(HITS, {**question.values, "below": below, "limit": limit}).all()
    ranges = connection.execute(narrowed(question.narrowing), question.values).all()
    found: list[Row[Any]] = []
    number = 0
    while number < len(ranges) and len(found) < limit:
        rows = connection.execute(HITS, {**question.values, "below": below, "limit": _READ_AHEAD}).all()
        for row in rows:
            number = _next_range(ranges, number, row.id)
            if number < len(ranges) and row.id < ranges[number].end:
                found.append(row)
        if len(rows) < _READ_AHEAD or number == len(ranges):
            break
        # What lies between here and the next interview that is asked for is not even read.
        below = min(rows[-1].id, ranges[number].end)
    return found[:limit]


def _next_range(ranges: Rows, number: int, row_id: int) -> int:
    """The first range from `number` on that does not lie above the id."""
    while number < len(ranges) and ranges[number].first > row_id:
        number += 1
    return number


def _position(row: Row[Any]) -> Position:
    return Position(row.created_at, row.interview_id, row.number)


def _hit(row: Row[Any], cursor: str) -> SearchHit:
    interview = interview_from_json(row.listed)
    quote = Quote(
        title=interview.title,
        candidate=interview.candidate_name,
        position=interview.position,
        created_at=from_milliseconds(row.created_at),
        utterance_id=row.utterance_id,
        speaker=row.speaker,
        role=SpeakerRole(row.role),
        start=row.begins,
        end=row.ends,
        text=row.text,
        language=row.language,
    )
    return SearchHit(row.interview_id, row.revision, row.number, quote, unescaped(row.terms), cursor)
