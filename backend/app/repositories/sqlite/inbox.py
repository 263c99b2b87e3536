"""Inboxes of an organisation's members and their wishes, in the embedded database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, or_, select, update

from app.models.delivery import Carrier
from app.models.notification import InboxItem, Preferences
from app.repositories.base import PageKey
from app.repositories.sqlite.store import (
    Store,
    at_or_after,
    by_id,
    insert_once,
    many,
    newest_page,
    older_first,
    one,
    page_values,
    save_version,
    saving,
)
from app.repositories.sqlite.telling_tables import inbox, preferences
from app.repositories.values import (
    ensure_of,
    field_adapter,
    preferences_id,
    to_milliseconds,
    to_precision,
    with_precision,
)

_t = inbox.c
_MINE: Final = _t.organisation_id == bindparam("organisation_id_")
_OF_USER: Final = (_MINE, _t.user_id == bindparam("user_id_"))
_UNREAD: Final = (*_OF_USER, _t.unread == 1)
_PUT: Final = insert_once(inbox)
LIST: Final = {
    (unread_only, resumed): newest_page(
        inbox, select(_t.doc).where(*(_UNREAD if unread_only else _OF_USER)), resumed=resumed
    )
    for unread_only in (False, True)
    for resumed in (False, True)
}
_IN_DIGEST: Final = func.instr(func.json_extract(_t.doc, "$.digests"), bindparam("quoted_carrier")) > 0
"""A list of plain names, as text."""


def _between(*, digest: bool, resumed: bool) -> Select[Any]:
    conditions = [*_OF_USER, _t.created_at >= bindparam("since"), _t.created_at < bindparam("until")]
    if digest:
        conditions.append(_IN_DIGEST)
    if resumed:
        # `since` is the moment of the position by then. A comparison of pairs would lead to the index of all inboxes.
        conditions.append(or_(_t.created_at > bindparam("after_at"), _t.id > bindparam("after_id")))
    return older_first(inbox, select(_t.doc).where(*conditions)).limit(bindparam("limit"))


BETWEEN: Final = {
    (digest, resumed): _between(digest=digest, resumed=resumed)
    for digest in (False, True)
    for resumed in (False, True)
}
SINCE: Final = older_first(inbox, select(_t.doc).where(_MINE, at_or_after(_t.created_at, _t.id))).limit(
    bindparam("limit")
)
COUNT_UNREAD: Final = select(func.count()).select_from(inbox).where(*_UNREAD)
# The document's date is set as text where it stands: an inbox may hold thousands.
_MARK_ALL: Final = (
    update(inbox).where(*_UNREAD).values(unread=0, doc=func.json_set(_t.doc, "$.read_at", bindparam("at")))
)
_MARK_SOME: Final = _MARK_ALL.where(_t.id.in_(bindparam("ids", expanding=True)))

_OWN: Final = preferences.c.organisation_id == bindparam("organisation_id_")
_PREFERENCES: Final = by_id(preferences).where(_OWN)
_PREFERENCES_OF: Final = select(preferences.c.doc).where(
    preferences.c.id.in_(bindparam("ids", expanding=True)), _OWN
)
_SAVE: Final = saving(preferences)


class SqliteInbox:
    """`InboxRepository`."""

    def __init__(self, store: Store, organisation_id: str) -> None:
        self._store = store
        self._scope = {"organisation_id_": organisation_id}

    async def put(self, item: InboxItem) -> bool:
        ensure_of(self._scope["organisation_id_"], item)
        row = item_row(item)
        return await self._store.write(lambda connection: connection.execute(_PUT, row).rowcount == 1)

    async def list_newest(
        self, user_id: str, *, unread_only: bool, after: PageKey | None, limit: int
    ) -> Sequence[InboxItem]:
        query = LIST[unread_only, after is not None]
        values = {**self._of(user_id), **page_values(after, limit)}
        return await self._store.read(lambda connection: many(connection, query, InboxItem, **values))

    async def list_between(
        self,
        user_id: str,
        since: datetime,
        until: datetime,
        *,
        limit: int,
        digest: Carrier | None = None,
        after: PageKey | None = None,
    ) -> Sequence[InboxItem]:
        query = BETWEEN[digest is not None, after is not None]
        values = self._of(user_id) | page_values(after, limit)
        begin = since if after is None else max(since, after.created_at)
        values |= {"since": to_milliseconds(begin), "until": to_milliseconds(until)}
        if digest is not None:
            values["quoted_carrier"] = f'"{digest.value}"'
        return await self._store.read(lambda connection: many(connection, query, InboxItem, **values))

    async def list_since(self, since: datetime, *, after_id: str = "", limit: int) -> Sequence[InboxItem]:
        values = {**self._scope, "since": to_milliseconds(since), "after_id": after_id, "limit": limit}
        return await self._store.read(lambda connection: many(connection, SINCE, InboxItem, **values))

    async def count_unread(self, user_id: str) -> int:
        values = self._of(user_id)
        return await self._store.read(lambda c: int(c.execute(COUNT_UNREAD, values).scalar_one()))

    async def mark_read(self, user_id: str, at: datetime, *, item_ids: Collection[str] | None) -> int:
        as_text = field_adapter("read_at", InboxItem).dump_python(to_precision(at), mode="json")
        values: dict[str, Any] = {**self._of(user_id), "at": as_text}
        if item_ids is not None:
            values["ids"] = list(item_ids)
        statement = _MARK_ALL if item_ids is None else _MARK_SOME
        return await self._store.write(lambda connection: connection.execute(statement, values).rowcount)

    def _of(self, user_id: str) -> dict[str, Any]:
        return {**self._scope, "user_id_": user_id}


class SqlitePreferences:
    """`PreferencesRepository`."""

    def __init__(self, store: Store, organisation_id: str) -> None:
        self._store = store
        self._organisation_id = organisation_id
        self._scope = {"organisation_id_": organisation_id}

    async def get(self, user_id: str) -> Preferences | None:
        values = {"id": preferences_id(self._organisation_id, user_id), **self._scope}
        return await self._store.read(lambda c: one(c, _PREFERENCES, Preferences, **values))

    async def list_for(self, user_ids: Collection[str]) -> Sequence[Preferences]:
        ids = [preferences_id(self._organisation_id, user_id) for user_id in user_ids]
        values = {"ids": ids, **self._scope}
        return await self._store.read(lambda c: many(c, _PREFERENCES_OF, Preferences, **values))

    async def save(self, preferences: Preferences, *, expected_version: int) -> bool:
        ensure_of(self._organisation_id, preferences)
        row = preferences_row(preferences)
        return await self._store.write(lambda c: save_version(c, _SAVE, row, expected_version))


def item_row(item: InboxItem) -> dict[str, Any]:
    precise = with_precision(item)
    return {
        "id": precise.id,
        "organisation_id": precise.organisation_id,
        "user_id": precise.user_id,
        "interview_id": precise.interview_id,
        "unread": int(precise.read_at is None),
        "created_at": to_milliseconds(precise.created_at),
        "doc": precise.model_dump_json(),
    }


def preferences_row(preferences: Preferences) -> dict[str, Any]:
    return {
        "id": preferences_id(preferences.organisation_id, preferences.user_id),
        "organisation_id": preferences.organisation_id,
        "version": preferences.version,
        "doc": preferences.model_dump_json(),
    }
