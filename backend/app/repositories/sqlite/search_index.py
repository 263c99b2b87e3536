"""Writing the search index of the embedded database.

FTS5 gives hits by their ids, and stops when a page is full. So that these are the newest, the id of a passage is made
of the second in which its interview was created, and of a place in this second. Interviews of the same second lie
side by side in the order of the list, with room between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from app.repositories.base import IndexedTranscript, Passage
from app.repositories.sqlite.search_terms import escaped, indexed
from app.repositories.sqlite.words_tables import passages, search_places
from app.repositories.values import to_milliseconds

_SECOND_BITS: Final = 30
_SECOND: Final = 2**_SECOND_BITS
"""Ids in a second: a million for each of its milliseconds."""
_ROOM: Final = 2**16
"""Left free, if it can be, between two interviews of the same time."""
_MERGED_PAGES: Final = 256

_s = search_places.c
_p = passages.c
_PLACES: Final = select(_s.id, _s.organisation_id, _s.revision).where(
    _s.interview_id == bindparam("interview_id")
)
NEIGHBOURS: Final = (
    select(search_places)
    .where(_s.created_at.between(bindparam("from"), bindparam("to")))
    .order_by(_s.created_at, _s.interview_id, _s.revision)
)
_ADD_PLACE: Final = insert(search_places)
_MOVE_PLACE: Final = update(search_places).where(_s.id == bindparam("its_id")).values(first=bindparam("to"))
_REMOVE_PLACE: Final = delete(search_places).where(_s.id == bindparam("its_id"))
ROWS: Final = (
    select(passages, _s.organisation_id)
    .join(search_places, _s.id == _p.place_id)
    .where(
        _s.id == bindparam("its_id"),
        _p.id.between(_s.first, _s.first + _s.size - 1),
    )
)
_COLUMNS: Final = tuple(column.name for column in passages.columns)
_ADD_ROW: Final = insert(passages)
_REMOVE_ROW: Final = delete(passages).where(_p.id == bindparam("its_id"))
_ADD_WORDS: Final = "INSERT INTO passage_words (rowid, terms) VALUES (?, ?)"
# Without the text FTS5 cannot know what it is to forget.
_REMOVE_WORDS: Final = "INSERT INTO passage_words (passage_words, rowid, terms) VALUES ('delete', ?, ?)"
_MERGE: Final = "INSERT INTO passage_words (passage_words, rank) VALUES ('merge', ?)"


def first_id(at: int) -> int:
    """The lowest id in the second of this moment, in milliseconds."""
    return (at // 1000) << _SECOND_BITS


def replace(
    connection: Connection, indexed_transcript: IndexedTranscript, organisation_id: str, *, current: int
) -> None:
    """Index a revision anew. Older ones go, except for the current one; newer ones may be about to count."""
    revision = indexed_transcript.revision
    for place in connection.execute(_PLACES, {"interview_id": indexed_transcript.interview_id}).all():
        is_past = place.revision == revision or (place.revision < revision and place.revision != current)
        if place.organisation_id == organisation_id and is_past:
            _remove_place(connection, place.id)
    _add(connection, indexed_transcript, organisation_id)


def _add(connection: Connection, indexed_transcript: IndexedTranscript, organisation_id: str) -> None:
    """Index what is not indexed yet."""
    found = [(p, " ".join(escaped(p.terms))) for p in indexed_transcript.passages]
    found = [(passage, terms) for passage, terms in found if terms]
    if not found:
        return
    size = 1 + max(passage.number for passage, _ in found)
    key = (
        to_milliseconds(indexed_transcript.created_at),
        indexed_transcript.interview_id,
        indexed_transcript.revision,
    )
    first = _find_room(connection, key, size)
    place = {
        "organisation_id": organisation_id,
        "created_at": key[0],
        "interview_id": key[1],
        "revision": key[2],
        "first": first,
        "size": size,
    }
    place_id: Any = connection.execute(_ADD_PLACE, place).lastrowid
    last = first + size - 1
    rows = [_row(passage, terms, last - passage.number, place_id) for passage, terms in found]
    _write(connection, rows, organisation_id)


def remove(connection: Connection, interview_id: str, *, of: str | None = None) -> int:
    """Remove what is indexed of an interview; gives the number of passages.

    Without an organisation it removes those of all.
    """
    removed = 0
    for place in connection.execute(_PLACES, {"interview_id": interview_id}).all():
        if of in (None, place.organisation_id):
            removed += _remove_place(connection, place.id)
    return removed


def _remove_place(connection: Connection, place_id: int) -> int:
    removed = len(_take_out(connection, place_id))
    connection.execute(_REMOVE_PLACE, {"its_id": place_id})
    return removed


def merge(connection: Connection) -> None:
    """Merge some of the index, so that what was removed leaves the file.

    FTS5 notes a removal and keeps the words until it merges all of what it has. A small index is merged at once; the
    rest of a large one is with the writes that follow.
    """
    # A merge does not see what was changed in the same transaction, unless a savepoint had it written before.
    connection.exec_driver_sql("SAVEPOINT words")
    connection.exec_driver_sql("RELEASE words")
    connection.exec_driver_sql(_MERGE, (-_MERGED_PAGES,))


def _row(passage: Passage, terms: str, row_id: int, place_id: int) -> dict[str, Any]:
    return {
        "id": row_id,
        "place_id": place_id,
        "utterance_id": passage.utterance_id,
        "number": passage.number,
        "begins": passage.start,
        "ends": passage.end,
        "speaker": passage.speaker,
        "role": passage.role.value,
        "text": passage.text,
        "language": passage.language,
        "terms": terms,
    }


def _write(connection: Connection, rows: Sequence[dict[str, Any]], organisation_id: str) -> None:
    connection.execute(_ADD_ROW, rows)
    # By rising id: FTS5 writes the words of all at once as long as they come in this order.
    words = sorted((row["id"], indexed(organisation_id, row["role"], row["terms"])) for row in rows)
    connection.exec_driver_sql(_ADD_WORDS, words)


def _take_out(connection: Connection, place_id: int) -> Sequence[Row[Any]]:
    rows = connection.execute(ROWS.order_by(_p.id), {"its_id": place_id}).all()
    words = [(row.id, indexed(row.organisation_id, row.role, row.terms)) for row in rows]
    connection.exec_driver_sql(_REMOVE_WORDS, words)
    connection.execute(_REMOVE_ROW, [{"its_id": row.id} for row in rows])
    return rows


def _find_room(connection: Connection, key: tuple[int, str, int], size: int) -> int:
    """The first of `size` free ids that are in order with those of the interview's second."""
    start = key[0] // 1000 * 1000
    neighbours = connection.execute(NEIGHBOURS, {"from": start, "to": start + 999}).all()
    before = [n for n in neighbours if (n.created_at, n.interview_id, n.revision) < key]
    after = neighbours[len(before) :]
    low = before[-1].first + before[-1].size if before else first_id(key[0])
    high = after[0].first if after else first_id(key[0]) + _SECOND
    if high - low < size:
        return _spread(connection, before, after, first_id(key[0]), size)
    # The middle of its millisecond, when nothing is in the way.
    wanted = first_id(key[0]) + ((key[0] - start) << 20) + (1 << 19)
    if low <= wanted and wanted + size <= high:
        return wanted
    return low + min(_ROOM, (high - low - size) // 2)


def _spread(
    connection: Connection, before: Sequence[Row[Any]], after: Sequence[Row[Any]], start: int, size: int
) -> int:
    """Lay the interviews of a second out anew, with equal room between them and for one more; gives its first id."""
    neighbours = [*before, *after]
    room = (_SECOND - size - sum(n.size for n in neighbours)) // (len(neighbours) + 2)
    taken = [(place, _take_out(connection, place.id)) for place in neighbours]
    low, first = start + room, start
    for number, (place, rows) in enumerate(taken):
        if number == len(before):
            first, low = low, low + size + room
        connection.execute(_MOVE_PLACE, {"its_id": place.id, "to": low})
        moved = [{name: getattr(row, name) for name in _COLUMNS} for row in rows]
        for row in moved:
            row["id"] += low - place.first
        _write(connection, moved, place.organisation_id)
        low += place.size + room
    return first if after else low
