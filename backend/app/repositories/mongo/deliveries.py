"""Deliveries, as an organisation sees its own and as the workers see all, in MongoDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pymongo import ReturnDocument

from app.models.delivery import Carrier, Delivery, DeliveryStatus
from app.repositories.base import DeliveryFilter, PageKey
from app.repositories.mongo.store import (
    Collection,
    Document,
    claim_readable,
    insert_new,
    newest,
    one,
    to_document,
    to_model,
    translating,
)
from app.repositories.values import cancelled, checked_record, ensure_of, field_adapter, revived

_PENDING: Final = {"status": DeliveryStatus.PENDING.value}
_FINISHED: Final = {"status": {"$in": [s.value for s in DeliveryStatus if s is not DeliveryStatus.PENDING]}}
_FENCE: Final = {"epoch": 1}


@translating
class MongoDeliveries:
    """`DeliveryRepository`."""

    def __init__(self, deliveries: Collection, organisation_id: str) -> None:
        self._deliveries = deliveries
        self._organisation_id = organisation_id
        self._mine = {"organisation_id": organisation_id}

    async def put(self, delivery: Delivery) -> bool:
        ensure_of(self._organisation_id, delivery)
        return await insert_new(self._deliveries, to_document(delivery))

    async def get(self, delivery_id: str) -> Delivery | None:
        return await one(self._deliveries, Delivery, {"_id": delivery_id, **self._mine})

    async def list_newest(
        self, where: DeliveryFilter, *, after: PageKey | None, limit: int
    ) -> Sequence[Delivery]:
        condition = list_condition(self._organisation_id, where)
        return await newest(self._deliveries, Delivery, condition, after=after, limit=limit)

    async def revive(self, delivery_id: str, now: datetime) -> Delivery | None:
        found = await self._deliveries.find_one_and_update(
            {"_id": delivery_id, **self._mine, **_FINISHED},
            {"$set": _stored(revived(now)), "$inc": _FENCE},
            return_document=ReturnDocument.AFTER,
        )
        return None if found is None else to_model(Delivery, found)

    async def cancel_pending(
        self, carrier: Carrier, target_id: str, now: datetime, *, except_id: str | None = None
    ) -> int:
        waiting: Document = {**self._mine, **_PENDING, "carrier": carrier.value, "target_id": target_id}
        if except_id is not None:
            waiting["_id"] = {"$ne": except_id}
        done = await self._deliveries.update_many(waiting, {"$set": _stored(cancelled(now)), "$inc": _FENCE})
        return done.modified_count


@translating
class MongoDeliveryQueue:
    """`DeliveryQueue`."""

    def __init__(self, deliveries: Collection) -> None:
        self._deliveries = deliveries

    async def claim_due(self, now: datetime, *, lease_until: datetime) -> Delivery | None:
        due = {**_PENDING, "due_at": {"$lte": now}}
        claim = {"$set": {"due_at": lease_until}, "$inc": {"epoch": 1, "attempt": 1}}
        return await claim_readable(self._deliveries, Delivery, due, claim)

    async def record(self, delivery_id: str, *, epoch: int, changes: Mapping[str, Any]) -> bool:
        held = {"_id": delivery_id, "epoch": epoch}
        written = await self._deliveries.update_one(held, {"$set": _stored(checked_record(changes))})
        return written.matched_count == 1

    async def count_by_status(self) -> Mapping[DeliveryStatus, int]:
        groups = await self._deliveries.aggregate([{"$group": {"_id": "$status", "count": {"$sum": 1}}}])
        counted = {DeliveryStatus(g["_id"]): int(g["count"]) for g in await groups.to_list()}
        return dict.fromkeys(DeliveryStatus, 0) | counted

    async def oldest_due(self, now: datetime) -> datetime | None:
        due = {**_PENDING, "due_at": {"$lte": now}}
        found = await self._deliveries.find_one(due, ["due_at"], sort=[("due_at", 1)])
        return None if found is None else found["due_at"]

    async def delete_finished(self, before: datetime, *, limit: int) -> int:
        if limit < 1:
            return 0
        # What is not finished has null there, which is below no date.
        condition: Document = {"finished_at": {"$lt": before}}
        found = self._deliveries.find(
            condition, ["_id"], sort=[("finished_at", 1)], limit=limit, batch_size=limit
        )
        ids = [document["_id"] for document in await found.to_list()]
        # One of them may have been revived meanwhile.
        return (await self._deliveries.delete_many({"_id": {"$in": ids}, **condition})).deleted_count


def list_condition(organisation_id: str, where: DeliveryFilter) -> Document:
    condition: Document = {"organisation_id": organisation_id}
    for name in ("status", "carrier", "target_id", "interview_id"):
        if (wanted := getattr(where, name)) is not None:
            condition[name] = wanted
    return condition


def _stored(changes: Mapping[str, Any]) -> Document:
    return {name: field_adapter(name, Delivery).dump_python(value) for name, value in changes.items()}
