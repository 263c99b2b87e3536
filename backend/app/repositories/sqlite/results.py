"""Transcripts, their changes, analyses, stability reports: written once for each revision, under its writer's epoch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Connection, Select, Table, bindparam, delete, select
from sqlalchemy.dialects.sqlite import Insert, insert

from app.models.analysis import Analysis
from app.models.edit import TranscriptEdit
from app.models.stability import StabilityReport
from app.models.transcript import Transcript
from app.repositories.base import Fenced, TranscriptJson
from app.repositories.sqlite.store import Store, by_id, many, one, replacing
from app.repositories.sqlite.tables import analyses, stability, transcript_parts, transcripts
from app.repositories.sqlite.words_tables import edits
from app.repositories.transcript_parts import cut, join, span, split
from app.repositories.values import result_id, with_precision

Result = TypeVar("Result", Analysis, StabilityReport, TranscriptEdit)


def _fenced_put(table: Table) -> Insert:
    """Replaces what an older epoch of the same organisation wrote and nothing else."""
    statement = insert(table)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[table.c.id],
        set_={"epoch": new.epoch, "doc": new.doc},
        where=(table.c.epoch < new.epoch) & (table.c.organisation_id == new.organisation_id),
    )


_PUT_TRANSCRIPT: Final = _fenced_put(transcripts)
_REPLACE_TRANSCRIPT: Final = replacing(transcripts)
_MINE: Final = "organisation_id"
_TRANSCRIPT: Final = by_id(transcripts).where(transcripts.c.organisation_id == bindparam(_MINE))
_PARTS: Final = (
    select(transcript_parts.c.doc)
    .where(transcript_parts.c.transcript_id == bindparam("id"))
    .order_by(transcript_parts.c.number)
)
_SIZES: Final = (
    select(transcript_parts.c.size)
    .where(transcript_parts.c.transcript_id == bindparam("id"))
    .order_by(transcript_parts.c.number)
)
_SOME_PARTS: Final = _PARTS.where(transcript_parts.c.number.between(bindparam("first"), bindparam("last")))
_INSERT_PARTS: Final = insert(transcript_parts)
_DELETE_PARTS: Final = delete(transcript_parts).where(transcript_parts.c.transcript_id == bindparam("id"))
_FORGET: Final = delete(transcripts).where(
    transcripts.c.id == bindparam("id_"), transcripts.c.organisation_id == bindparam(_MINE)
)
_NO_LIMIT: Final = 2**62


@dataclass(frozen=True, slots=True)
class ResultQueries:
    """The statements for one table of results."""

    put: Insert
    get: Select[Any]
    before: Select[Any]


def _queries(table: Table) -> ResultQueries:
    t = table.c
    mine = t.organisation_id == bindparam(_MINE)
    older = select(t.doc).where(
        t.interview_id == bindparam("interview_id"), t.revision < bindparam("before"), mine
    )
    return ResultQueries(
        put=_fenced_put(table),
        get=by_id(table).where(mine),
        before=older.order_by(t.revision.desc()).limit(bindparam("limit")),
    )


ANALYSES: Final = _queries(analyses)
STABILITY: Final = _queries(stability)
EDITS: Final = _queries(edits)


class SqliteTranscripts:
    """`TranscriptRepository`."""

    def __init__(self, store: Store, organisation_id: str) -> None:
        self._store = store
        self._organisation_id = organisation_id

    async def put(self, transcript: Transcript) -> None:
        def work(connection: Connection) -> None:
            head, parts, sizes = split(with_precision(transcript))
            key = _put(connection, _PUT_TRANSCRIPT, head, self._organisation_id)
            _replace_parts(connection, key, parts, sizes)

        await self._store.write(work)

    async def get(self, interview_id: str, revision: int) -> Transcript | None:
        key = result_id(interview_id, revision)

        def work(connection: Connection) -> Transcript | None:
            with one_state(connection):
                head = self._head(connection, key)
                parts = parts_of(connection, key) if head else ()
            return join(head, parts) if head else None

        return await self._store.read(work)

    async def get_json(
        self, interview_id: str, revision: int, *, after: int = 0, limit: int | None = None
    ) -> TranscriptJson | None:
        key = result_id(interview_id, revision)

        def work(connection: Connection) -> TranscriptJson | None:
            with one_state(connection):
                head = self._head(connection, key)
                if head is None:
                    return None
                sizes = connection.execute(_SIZES, {"id": key}).scalars().all()
                where = span(sizes, after=after, limit=limit)
                bounds = {"id": key, "first": where.first, "last": where.first + where.parts - 1}
                parts = connection.execute(_SOME_PARTS, bounds).scalars().all()
            return TranscriptJson(head, sum(sizes), cut(parts, where))

        return await self._store.read(work)

    async def forget(self, interview_id: str, revision: int) -> None:
        values = {"id_": result_id(interview_id, revision), _MINE: self._organisation_id}
        await self._store.write(lambda connection: connection.execute(_FORGET, values).rowcount)

    def _head(self, connection: Connection, key: str) -> Transcript | None:
        return one(connection, _TRANSCRIPT, Transcript, id=key, organisation_id=self._organisation_id)


def replace_transcript(connection: Connection, transcript: Transcript) -> None:
    """Write it, whatever stands there."""
    head, parts, sizes = split(with_precision(transcript))
    row = result_row(head)
    connection.execute(_REPLACE_TRANSCRIPT, row)
    _replace_parts(connection, row["id"], parts, sizes)


def _replace_parts(connection: Connection, key: str, parts: Sequence[str], sizes: Sequence[int]) -> None:
    connection.execute(_DELETE_PARTS, {"id": key})
    rows = [
        {"transcript_id": key, "number": n, "size": size, "doc": part}
        for n, (part, size) in enumerate(zip(parts, sizes, strict=True))
    ]
    if rows:
        connection.execute(_INSERT_PARTS, rows)


def parts_of(connection: Connection, key: str) -> Sequence[str]:
    return connection.execute(_PARTS, {"id": key}).scalars().all()


@contextmanager
def one_state(connection: Connection) -> Iterator[None]:
    """Read head and parts from one state of the file, although a newer epoch may be replacing them."""
    connection.exec_driver_sql("BEGIN")
    try:
        yield
    finally:
        connection.exec_driver_sql("COMMIT")


class SqliteResults(Generic[Result]):
    """`AnalysisRepository`, `StabilityRepository` or `EditRepository`."""

    def __init__(
        self, store: Store, queries: ResultQueries, model: type[Result], organisation_id: str
    ) -> None:
        self._store = store
        self._queries = queries
        self._model: type[Result] = model
        self._organisation_id = organisation_id

    async def put(self, result: Result) -> None:
        precise = with_precision(result)
        await self._store.write(lambda c: _put(c, self._queries.put, precise, self._organisation_id))

    async def get(self, interview_id: str, revision: int) -> Result | None:
        values = {"id": result_id(interview_id, revision), _MINE: self._organisation_id}
        return await self._store.read(lambda c: one(c, self._queries.get, self._model, **values))

    async def list_newest(self, interview_id: str, *, before: int | None, limit: int) -> Sequence[Result]:
        values: dict[str, Any] = {
            "interview_id": interview_id,
            "before": _NO_LIMIT if before is None else before,
            "limit": limit,
            _MINE: self._organisation_id,
        }
        return await self._store.read(lambda c: many(c, self._queries.before, self._model, **values))


def _put(
    connection: Connection,
    statement: Insert,
    result: Transcript | Analysis | StabilityReport | TranscriptEdit,
    organisation_id: str,
) -> str:
    """Write the document and return its key. Raises `Fenced`."""
    key = result_id(result.interview_id, result.revision)
    written = 0
    if result.organisation_id == organisation_id:
        written = connection.execute(statement, result_row(result)).rowcount
    if not written:
        raise Fenced("A newer claim has written this revision already.")
    return key


def result_row(result: Transcript | Analysis | StabilityReport | TranscriptEdit) -> dict[str, Any]:
    result = with_precision(result)
    return {
        "id": result_id(result.interview_id, result.revision),
        "organisation_id": result.organisation_id,
        "interview_id": result.interview_id,
        "revision": result.revision,
        "epoch": result.epoch,
        "doc": result.model_dump_json(),
    }
