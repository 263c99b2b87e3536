"""Notices that stand by themselves, in the embedded database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, select

from app.models.notification import Notice
from app.repositories.sqlite.store import Store, insert_once, many_readable
from app.repositories.sqlite.telling_tables import notices
from app.repositories.values import to_milliseconds, with_precision

_t = notices.c
_PUT: Final = insert_once(notices)
DUE: Final = select(_t.doc).where(_t.due_at <= bindparam("now")).order_by(_t.due_at, _t.id)
_DELETE: Final = delete(notices).where(_t.id == bindparam("id_"))


class SqliteNotices:
    """`NoticeRepository`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def put(self, notice: Notice) -> bool:
        row = notice_row(notice)
        return await self._store.write(lambda connection: connection.execute(_PUT, row).rowcount == 1)

    async def list_due(self, now: datetime, *, limit: int) -> Sequence[Notice]:
        values = {"now": to_milliseconds(now)}
        return await self._store.read(lambda c: many_readable(c, DUE, Notice, values, limit=limit))

    async def delete(self, notice_id: str) -> bool:
        values = {"id_": notice_id}
        return await self._store.write(lambda connection: connection.execute(_DELETE, values).rowcount == 1)


def notice_row(notice: Notice) -> dict[str, Any]:
    precise = with_precision(notice)
    return {
        "id": precise.id,
        "interview_id": precise.interview_id,
        "due_at": to_milliseconds(precise.due_at),
        "doc": precise.model_dump_json(),
    }
