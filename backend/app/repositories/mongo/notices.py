"""Notices that stand by themselves, in MongoDB."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.models.notification import Notice
from app.repositories.mongo.store import Collection, insert_new, many_readable, to_document, translating


@translating
class MongoNotices:
    """`NoticeRepository`."""

    def __init__(self, notices: Collection) -> None:
        self._notices = notices

    async def put(self, notice: Notice) -> bool:
        return await insert_new(self._notices, to_document(notice))

    async def list_due(self, now: datetime, *, limit: int) -> Sequence[Notice]:
        order = [("due_at", 1), ("_id", 1)]
        return await many_readable(self._notices, Notice, {"due_at": {"$lte": now}}, sort=order, limit=limit)

    async def delete(self, notice_id: str) -> bool:
        return (await self._notices.delete_one({"_id": notice_id})).deleted_count == 1
