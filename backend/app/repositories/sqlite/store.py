"""What the embedded repositories share: errors in our terms, documents in and out, key paging."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    Table,
    Update,
    bindparam,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.core.database import DatabaseUnreachable
from app.core.database.sqlite import SqliteDatabase
from app.models.base import Stored
from app.repositories.base import DatabaseUnavailable, Duplicate, PageKey
from app.repositories.values import if_readable, to_milliseconds

T = TypeVar("T")
Model = TypeVar("Model", bound=Stored)


_MOST_KNOWN: Final = 1000


class Store:
    """The file as the repositories see it: one call is one transaction and one hop to a thread."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database
        self._known: dict[str, Any] = {}
        self._known_at: int | None = None

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await _translated(self._database.read, work)

    async def read_again(self, key: str, work: Callable[[Connection], T]) -> T:
        """As `read`, for what nearly every request asks for: known without a hop until anybody changes the file.

        The hop and its switching of threads cost a request more than all else that it does. What is given must be
        immutable, because others are given the same.
        """
        version = self._database.version()
        if version != self._known_at or len(self._known) >= _MOST_KNOWN:
            self._known.clear()
            self._known_at = version
        elif version is not None and key in self._known:
            known: T = self._known[key]
            return known
        found = await self.read(work)
        # Read at this version or a later one; at a later one it is forgotten before anybody asks.
        if version is not None and version == self._known_at:
            self._known[key] = found
        return found

    async def write(self, work: Callable[[Connection], T]) -> T:
        return await _translated(self._database.write, work)


async def _translated(run: Any, work: Callable[[Connection], T]) -> T:
    try:
        result: T = await run(work)
    except IntegrityError as error:
        raise Duplicate("Something with this key exists already.") from error
    except DatabaseUnreachable as error:
        raise DatabaseUnavailable(error.detail) from error
    except DBAPIError as error:
        raise DatabaseUnavailable(f"The embedded database did not answer: {error.orig}.") from error
    return result


def by_id(table: Table) -> Select[Any]:
    return select(table.c.doc).where(table.c.id == bindparam("id"))


def older_first(table: Table, query: Select[Any]) -> Select[Any]:
    return query.order_by(table.c.created_at, table.c.id)


def at_or_after(at: ColumnElement[Any], identity: ColumnElement[Any]) -> ColumnElement[bool]:
    """At or after `since`; of that very moment, the rows beyond `after_id`: all, where none is given."""
    return tuple_(at, identity) > tuple_(bindparam("since"), bindparam("after_id", ""))


def newest_page(table: Table, query: Select[Any], *, resumed: bool, key: str = "id") -> Select[Any]:
    """Newest first, `limit` rows; when resumed, those after (`after_at`, `after_id`)."""
    at, identity = table.c.created_at, table.c[key]
    if resumed:
        query = query.where(tuple_(at, identity) < tuple_(bindparam("after_at"), bindparam("after_id")))
    return query.order_by(at.desc(), identity.desc()).limit(bindparam("limit"))


def page_values(after: PageKey | None, limit: int) -> dict[str, Any]:
    if after is None:
        return {"limit": limit}
    return {"limit": limit, "after_at": to_milliseconds(after.created_at), "after_id": after.id}


def newest_by_id(table: Table, *, resumed: bool) -> Select[Any]:
    """All rows in the order of their ids, which tell the time, newest first; when resumed, those after `after_id`."""
    query = select(table.c.doc)
    if resumed:
        query = query.where(table.c.id < bindparam("after_id"))
    return query.order_by(table.c.id.desc()).limit(bindparam("limit"))


def id_page_values(after: str | None, limit: int) -> dict[str, Any]:
    return {"limit": limit} if after is None else {"limit": limit, "after_id": after}


def one(connection: Connection, query: Executable, model: type[Model], **values: Any) -> Model | None:
    """The document that the query selects, if there is one."""
    row = connection.execute(query, values).first()
    return None if row is None else model.model_validate_json(row[0])


def many(connection: Connection, query: Executable, model: type[Model], **values: Any) -> Sequence[Model]:
    return [model.model_validate_json(row[0]) for row in connection.execute(query, values)]


def many_readable(
    connection: Connection,
    query: Executable,
    model: type[Model],
    values: Mapping[str, Any],
    *,
    limit: int,
    wanted: Callable[[Model], bool] = lambda _: True,
) -> Sequence[Model]:
    """The first `limit` documents that can be read, and are wanted: the others must not keep these back."""
    found: list[Model] = []
    with connection.execute(query, values) as rows:
        for row in rows:
            if len(found) >= limit:
                break
            document = readable(model, row[0])
            if document is not None and wanted(document):
                found.append(document)
    return found


def claim_readable(
    connection: Connection,
    query: Executable,
    put_off: Executable,
    model: type[Model],
    *,
    until: datetime,
    **values: Any,
) -> Model | None:
    """The first document of the query (`doc`, `id`) that can be read. Those before it are put off (`its_id`, `until`):
    they would be the first every time."""
    while (row := connection.execute(query, values).first()) is not None:
        document = readable(model, row[0])
        if document is not None:
            return document
        connection.execute(put_off, {"its_id": row[1], "until": to_milliseconds(until)})
    return None


def readable(model: type[Model], document: str) -> Model | None:
    return if_readable(model, lambda: model.model_validate_json(document))


def insert_once(table: Table) -> Insert:
    """An insert that leaves alone what is there."""
    return insert(table).on_conflict_do_nothing()


def versioned(table: Table) -> Update:
    """Replaces the row `id_` of the organisation `organisation_id_` that has `expected_version`."""
    return update(table).where(
        table.c.id == bindparam("id_"),
        table.c.organisation_id == bindparam("organisation_id_"),
        table.c.version == bindparam("expected_version"),
    )


def replace_version(
    connection: Connection, statement: Update, row: Mapping[str, Any], expected_version: int
) -> bool:
    """Run a `versioned` statement; False when no row was as expected."""
    expected = {
        "id_": row["id"],
        "organisation_id_": row["organisation_id"],
        "expected_version": expected_version,
    }
    return connection.execute(statement, {**row, **expected}).rowcount == 1


@dataclass(frozen=True, slots=True)
class Saving:
    """The statements that write the versions of a table's documents."""

    insert: Insert
    replace: Update


def saving(table: Table) -> Saving:
    return Saving(insert_once(table), versioned(table))


def save_version(
    connection: Connection, statements: Saving, row: Mapping[str, Any], expected_version: int
) -> bool:
    """Insert the first version, or replace the expected one; False when something else stands there."""
    if expected_version == 0:
        return connection.execute(statements.insert, row).rowcount == 1
    return replace_version(connection, statements.replace, row, expected_version)


def replacing(table: Table) -> Insert:
    """An insert that replaces the row with the same id."""
    statement = insert(table)
    return statement.on_conflict_do_update(
        index_elements=[table.c.id],
        set_={c.name: statement.excluded[c.name] for c in table.columns if c.name != "id"},
    )
