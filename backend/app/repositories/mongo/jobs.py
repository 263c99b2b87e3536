"""The pipeline's view of MongoDB: claims, leases, commits, outbox and erasure."""

from __future__ import annotations

from collections.abc import Collection as Group
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.models.base import FAR_FUTURE
from app.models.interview import STEPS, Interview, Status
from app.repositories.base import Backlog, Expect
from app.repositories.mongo.interviews import compare_and_set
from app.repositories.mongo.store import Collection, Document, claim_readable, many_readable, one, translating


@translating
class MongoJobs:
    """`JobRepository`."""

    def __init__(self, interviews: Collection, results: Sequence[Collection]) -> None:
        self._interviews = interviews
        self._results = results

    async def claim_due(
        self, now: datetime, statuses: Group[Status], *, owner: str, lease_until: datetime
    ) -> Interview | None:
        due = {"status": {"$in": [status.value for status in statuses]}, "due_at": {"$lte": now}}
        claim = {
            "$set": {"due_at": lease_until, "lease_owner": owner},
            "$inc": {"epoch": 1, "attempt": 1, "version": 1},
        }
        return await claim_readable(self._interviews, Interview, due, claim)

    async def renew(
        self, interview_id: str, *, epoch: int, lease_until: datetime, progress: float | None
    ) -> bool:
        renewed = await self._interviews.update_one(
            {"_id": interview_id, "epoch": epoch},
            {"$set": {"due_at": lease_until, "progress": progress}},
        )
        return renewed.matched_count == 1

    async def get(self, interview_id: str) -> Interview | None:
        return await one(self._interviews, Interview, {"_id": interview_id})

    async def compare_and_set(
        self, interview_id: str, expect: Expect, changes: Mapping[str, Any]
    ) -> Interview | None:
        return await compare_and_set(self._interviews, interview_id, expect, changes, {})

    async def count_awaiting(self, now: datetime) -> int:
        return await self._interviews.count_documents(
            {"status": Status.AWAITING.value, "due_at": {"$gt": now}}
        )

    async def outbox_due(
        self, now: datetime, *, limit: int, kinds: Group[str] | None = None
    ) -> Sequence[Interview]:
        due = _outbox(now)
        if kinds is not None:
            due["outbox"] = {"$elemMatch": {"kind": {"$in": list(kinds)}}}
        return await many_readable(self._interviews, Interview, due, sort=[("outbox_at", 1)], limit=limit)

    async def outbox_remove(self, interview_id: str, entry_ids: Group[str]) -> None:
        ids = list(entry_ids)
        others = {"$elemMatch": {"id": {"$nin": ids}}}
        all_delivered: Document = {"_id": interview_id, "outbox": {"$not": others}}
        emptied: Document = {"$set": {"outbox": [], "outbox_at": FAR_FUTURE}}
        if (await self._interviews.update_one(all_delivered, emptied)).matched_count:
            return
        await self._interviews.update_one({"_id": interview_id}, {"$pull": {"outbox": {"id": {"$in": ids}}}})
        # Another process may have removed those that were left a moment ago.
        await self._interviews.update_one({"_id": interview_id, "outbox": []}, emptied)

    async def count_by_status(self) -> Mapping[Status, int]:
        groups = await self._interviews.aggregate([{"$group": {"_id": "$status", "count": {"$sum": 1}}}])
        counted = {Status(group["_id"]): int(group["count"]) for group in await groups.to_list()}
        return dict.fromkeys(Status, 0) | counted

    async def backlog(self, now: datetime, *, overdue: datetime) -> Backlog:
        oldest = await self._interviews.find_one(_due(now), ["due_at"], sort=[("due_at", 1)])
        answers = {"status": Status.INGESTING.value, "due_at": {"$lte": overdue}}
        return Backlog(
            waiting=await self._interviews.count_documents(_due(now)),
            oldest_due_at=None if oldest is None else oldest["due_at"],
            stuck=await self._interviews.count_documents(_due(overdue)),
            answers=await self._interviews.count_documents(
                {**answers, "transcription.delivery_key": {"$ne": None}}
            ),
            messages=await self._interviews.count_documents(_outbox(overdue)),
        )

    async def purge(self, interview_id: str, *, epoch: int) -> bool:
        tombstone: Document = {"_id": interview_id, "epoch": epoch}
        if await self._interviews.find_one(tombstone) is None:
            return False
        # The document goes last: as long as it stands, an interrupted purge is found and finished.
        await self._erase_results(interview_id)
        return (await self._interviews.delete_one(tombstone)).deleted_count == 1

    async def erase_results(self, interview_id: str) -> int:
        return await self._erase_results(interview_id)

    async def _erase_results(self, interview_id: str) -> int:
        removed = 0
        for collection in self._results:
            removed += (await collection.delete_many({"interview_id": interview_id})).deleted_count
        return removed


def _due(at: datetime) -> Document:
    return {"status": {"$in": [status.value for status in STEPS]}, "due_at": {"$lte": at}}


def _outbox(at: datetime) -> Document:
    # An outbox can be empty and due when a process ended between the two updates of `outbox_remove`.
    return {"outbox_at": {"$lte": at}, "outbox": {"$ne": []}}
