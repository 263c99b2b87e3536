"""What an organisation uses of its daily budget, in MongoDB."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from pymongo.errors import DuplicateKeyError

from app.models.usage import Usage
from app.repositories.base import UsageLimits
from app.repositories.mongo.store import Collection, Document, many, one, translating


@translating
class MongoUsage:
    """`UsageRepository`. A day is stored as ISO text, which sorts like the date."""

    def __init__(self, usage: Collection, organisation_id: str) -> None:
        self._usage = usage
        self._organisation_id = organisation_id

    async def reserve(self, day: date, *, tokens: int, cost_micro_usd: int, limits: UsageLimits) -> bool:
        within: Document = {"_id": self._key(day)}
        if limits.tokens is not None:
            within["tokens"] = {"$lte": limits.tokens - tokens}
        if limits.cost_micro_usd is not None:
            within["cost_micro_usd"] = {"$lte": limits.cost_micro_usd - cost_micro_usd}
        added: Document = {"$inc": {"tokens": tokens, "cost_micro_usd": cost_micro_usd, "calls": 1}}
        if await self._usage.find_one_and_update(within, added) is not None:
            return True
        # The limit is reached, or this is the first call of the day: an upsert could not tell the two apart.
        await self._begin(day)
        return await self._usage.find_one_and_update(within, added) is not None

    async def settle(self, day: date, *, tokens: int, cost_micro_usd: int) -> None:
        await self._begin(day)
        difference = {"tokens": tokens, "cost_micro_usd": cost_micro_usd}
        await self._usage.update_one({"_id": self._key(day)}, {"$inc": difference})

    async def get(self, day: date) -> Usage:
        found = await one(self._usage, Usage, {"_id": self._key(day)})
        return found or Usage(organisation_id=self._organisation_id, day=day)

    async def list_newest(self, *, before: date | None, limit: int) -> Sequence[Usage]:
        used: Document = {"organisation_id": self._organisation_id, "calls": {"$gt": 0}}
        if before is not None:
            used["day"] = {"$lt": before.isoformat()}
        return await many(self._usage, Usage, used, sort=[("day", -1)], limit=limit)

    async def _begin(self, day: date) -> None:
        """Make sure that the day's document exists."""
        empty = Usage(organisation_id=self._organisation_id, day=day).model_dump(mode="json")
        # Of two upserts at once one may be refused by the key: the document exists then, too.
        with suppress(DuplicateKeyError):
            await self._usage.update_one({"_id": self._key(day)}, {"$setOnInsert": empty}, upsert=True)

    def _key(self, day: date) -> str:
        return usage_key(self._organisation_id, day)


def usage_key(organisation_id: str, day: date) -> str:
    return f"{organisation_id}:{day.isoformat()}"


def usage_document(usage: Usage) -> Document:
    return {"_id": usage_key(usage.organisation_id, usage.day), **usage.model_dump(mode="json")}
