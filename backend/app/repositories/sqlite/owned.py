"""Channels, endpoints and connections of one organisation, in the embedded database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Delete, Insert, Select, Table, Update, bindparam, delete, func, insert, select

from app.models.connection import Connection
from app.models.endpoint import Endpoint
from app.models.notification import Channel
from app.repositories.base import PageKey
from app.repositories.sqlite.store import (
    Store,
    by_id,
    many,
    newest_page,
    older_first,
    one,
    page_values,
    replace_version,
    versioned,
)
from app.repositories.sqlite.telling_tables import channels, connections, endpoints
from app.repositories.values import ensure_of, to_milliseconds, with_precision

Owned = TypeVar("Owned", Channel, Endpoint, Connection)


@dataclass(frozen=True, slots=True)
class OwnedQueries:
    """The statements for one table of such documents."""

    get: Select[Any]
    newest: dict[bool, Select[Any]]
    """Of the first page, and of those after it."""
    enabled: Select[Any]
    insert: Insert
    replace: Update
    delete: Delete


def _queries(table: Table) -> OwnedQueries:
    mine = table.c.organisation_id == bindparam("organisation_id_")
    listed = select(table.c.doc).where(mine)
    return OwnedQueries(
        get=by_id(table).where(mine),
        newest={resumed: newest_page(table, listed, resumed=resumed) for resumed in (False, True)},
        enabled=older_first(table, listed.where(table.c.enabled == 1)).limit(bindparam("limit")),
        insert=insert(table),
        replace=versioned(table),
        delete=delete(table).where(table.c.id == bindparam("id_"), mine),
    )


CHANNELS: Final = _queries(channels)
_OWN_CHANNELS: Final = select(channels.c.doc).where(
    channels.c.organisation_id == bindparam("organisation_id_"),
    func.json_extract(channels.c.doc, "$.user_id").is_(bindparam("owner")),
)
CHANNELS_OF: Final = {
    resumed: newest_page(channels, _OWN_CHANNELS, resumed=resumed) for resumed in (False, True)
}
ENDPOINTS: Final = _queries(endpoints)
CONNECTIONS: Final = _queries(connections)


class SqliteOwned(Generic[Owned]):
    """`OwnedRepository`."""

    def __init__(self, store: Store, queries: OwnedQueries, model: type[Owned], organisation_id: str) -> None:
        self._store = store
        self._queries = queries
        self._model: type[Owned] = model
        self._scope = {"organisation_id_": organisation_id}

    async def insert(self, document: Owned) -> None:
        row = self._row(document)
        await self._store.write(lambda c: c.execute(self._queries.insert, row).rowcount)

    async def get(self, document_id: str) -> Owned | None:
        values = {"id": document_id, **self._scope}
        return await self._store.read(lambda c: one(c, self._queries.get, self._model, **values))

    async def list_newest(self, *, after: PageKey | None, limit: int) -> Sequence[Owned]:
        query = self._queries.newest[after is not None]
        values = {**self._scope, **page_values(after, limit)}
        return await self._store.read(lambda c: many(c, query, self._model, **values))

    async def list_enabled(self, *, limit: int) -> Sequence[Owned]:
        values = {**self._scope, "limit": limit}
        return await self._store.read(lambda c: many(c, self._queries.enabled, self._model, **values))

    async def replace(self, document: Owned, *, expected_version: int) -> bool:
        row = self._row(document)
        return await self._store.write(
            lambda c: replace_version(c, self._queries.replace, row, expected_version)
        )

    async def delete(self, document_id: str) -> bool:
        values = {"id_": document_id, **self._scope}
        return await self._store.write(lambda c: c.execute(self._queries.delete, values).rowcount == 1)

    def _row(self, document: Owned) -> dict[str, Any]:
        ensure_of(self._scope["organisation_id_"], document)
        return owned_row(document)


class SqliteChannels(SqliteOwned[Channel]):
    """`ChannelRepository`."""

    def __init__(self, store: Store, organisation_id: str) -> None:
        super().__init__(store, CHANNELS, Channel, organisation_id)

    async def list_of(self, owner: str | None, *, after: PageKey | None, limit: int) -> Sequence[Channel]:
        query = CHANNELS_OF[after is not None]
        values = {**self._scope, "owner": owner, **page_values(after, limit)}
        return await self._store.read(lambda c: many(c, query, Channel, **values))


def owned_row(document: Channel | Endpoint | Connection) -> dict[str, Any]:
    precise = with_precision(document)
    return {
        "id": precise.id,
        "organisation_id": precise.organisation_id,
        "enabled": int(precise.enabled),
        "created_at": to_milliseconds(precise.created_at),
        "version": precise.version,
        "doc": precise.model_dump_json(),
    }
