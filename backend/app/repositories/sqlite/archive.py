"""Everything stored, kind by kind, in the embedded database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, delete, exists, insert, select
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as upsert

from app.models.base import Stored
from app.models.transcript import Transcript
from app.models.usage import Usage
from app.repositories.base import MODELS, Archived, Kind
from app.repositories.sqlite import interviews as of_interviews
from app.repositories.sqlite import results, tables, telling_tables, words_tables
from app.repositories.sqlite.deliveries import delivery_row
from app.repositories.sqlite.highlights import highlight_row
from app.repositories.sqlite.inbox import item_row, preferences_row
from app.repositories.sqlite.notices import notice_row
from app.repositories.sqlite.owned import owned_row
from app.repositories.sqlite.people import invitation_row, membership_row, organisation_row, user_row
from app.repositories.sqlite.scorecard_requests import request_row
from app.repositories.sqlite.scorecards import card_row, review_row
from app.repositories.sqlite.store import Store, replacing
from app.repositories.sqlite.templates import template_row
from app.repositories.transcript_parts import join

Row = dict[str, Any]

_ROWS: Final[Mapping[Kind, tuple[Table, Callable[[Any], Row]]]] = {
    Kind.ORGANISATIONS: (tables.organisations, organisation_row),
    Kind.USERS: (tables.users, user_row),
    Kind.MEMBERSHIPS: (tables.memberships, membership_row),
    Kind.INVITATIONS: (tables.invitations, invitation_row),
    Kind.TEMPLATES: (tables.templates, template_row),
    Kind.PREFERENCES: (telling_tables.preferences, preferences_row),
    Kind.CHANNELS: (telling_tables.channels, owned_row),
    Kind.ENDPOINTS: (telling_tables.endpoints, owned_row),
    Kind.CONNECTIONS: (telling_tables.connections, owned_row),
    Kind.TRANSCRIPTS: (tables.transcripts, results.result_row),
    Kind.EDITS: (words_tables.edits, results.result_row),
    Kind.ANALYSES: (tables.analyses, results.result_row),
    Kind.STABILITY: (tables.stability, results.result_row),
    Kind.SCORECARDS: (tables.scorecards, card_row),
    Kind.REVIEWS: (tables.reviews, review_row),
    Kind.HIGHLIGHTS: (words_tables.highlights, highlight_row),
    Kind.INTERVIEWS: (tables.interviews, of_interviews.interview_row),
    Kind.INBOX: (telling_tables.inbox, item_row),
    Kind.SCORECARD_REQUESTS: (telling_tables.scorecard_requests, request_row),
    Kind.NOTICES: (telling_tables.notices, notice_row),
    Kind.DELIVERIES: (telling_tables.deliveries, delivery_row),
}
"""Where the documents of a kind lie, and how one becomes a row. The use of models has counters for documents."""


def _page(columns: Sequence[Any], key: ColumnElement[Any]) -> dict[bool, Select[Any]]:
    """The first page, and those after it."""
    first = select(key, *columns).order_by(key).limit(bindparam("limit"))
    return {False: first, True: first.where(key > bindparam("after"))}


_PAGES: Final = {
    Kind.USAGE: _page(list(tables.usage.columns), tables.usage.c.organisation_id + ":" + tables.usage.c.day),
    **{kind: _page([table.c.doc], table.c.id) for kind, (table, _) in _ROWS.items()},
}
_REPLACE: Final = {kind: replacing(table) for kind, (table, _) in _ROWS.items()}
_ANY: Final = [select(exists(select(table))) for table in (tables.usage, *(t for t, _ in _ROWS.values()))]
_RESTORING: Final = select(tables.restoring.c.id)
_FORGET: Final = delete(tables.restoring)
_REMEMBER: Final = insert(tables.restoring)


def _replacing_usage() -> Insert:
    statement = upsert(tables.usage)
    keys = tables.usage.primary_key.columns
    counters = {c.name: statement.excluded[c.name] for c in tables.usage.columns if c.name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=counters)


_REPLACE_USAGE: Final = _replacing_usage()


class SqliteArchive:
    """`Archive`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def page(self, kind: Kind, *, after: str | None, limit: int) -> Sequence[Archived]:
        query = _PAGES[kind][after is not None]
        values: Row = {"limit": limit} if after is None else {"limit": limit, "after": after}

        def work(connection: Connection) -> Sequence[Archived]:
            if kind is Kind.TRANSCRIPTS:
                with results.one_state(connection):
                    heads = connection.execute(query, values).all()
                    parts = [results.parts_of(connection, key) for key, _ in heads]
                found = [Transcript.model_validate_json(doc) for _, doc in heads]
                joined = [join(head, some) for head, some in zip(found, parts, strict=True)]
                return [Archived(row[0], each) for row, each in zip(heads, joined, strict=True)]
            return [_archived(kind, row) for row in connection.execute(query, values)]

        return await self._store.read(work)

    async def put(self, kind: Kind, documents: Sequence[Stored]) -> None:
        def work(connection: Connection) -> None:
            for document in documents:
                _replace(connection, kind, document)

        await self._store.write(work)

    async def is_empty(self) -> bool:
        def work(connection: Connection) -> bool:
            return not any(connection.execute(query).scalar_one() for query in _ANY)

        return await self._store.read(work)

    async def restoring(self) -> str | None:
        return await self._store.read(lambda c: c.execute(_RESTORING).scalar_one_or_none())

    async def begin_restore(self, note: str) -> None:
        def work(connection: Connection) -> None:
            connection.execute(_FORGET)
            connection.execute(_REMEMBER, {"id": note})

        await self._store.write(work)

    async def end_restore(self) -> None:
        await self._store.write(lambda connection: connection.execute(_FORGET).rowcount)


def _archived(kind: Kind, row: Any) -> Archived:
    if kind is Kind.USAGE:
        return Archived(row[0], Usage.model_validate(dict(zip(tables.usage.c.keys(), row[1:], strict=True))))
    return Archived(row[0], MODELS[kind].model_validate_json(row[1]))


def _replace(connection: Connection, kind: Kind, document: Any) -> None:
    match kind:
        case Kind.TRANSCRIPTS:
            results.replace_transcript(connection, document)
        case Kind.USAGE:
            connection.execute(_REPLACE_USAGE, document.model_dump(mode="json"))
        case Kind.INTERVIEWS:
            of_interviews.replace(connection, document)
        case _:
            _, row = _ROWS[kind]
            connection.execute(_REPLACE[kind], row(document))
