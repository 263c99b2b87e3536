"""Quotes out of MongoDB: the interviews and heads at once, then the parts beside one another."""

from __future__ import annotations

import asyncio
from collections.abc import Collection as Several
from collections.abc import Mapping
from typing import Final

from app.models.interview import Status
from app.repositories.base.quotes import Place, Quote
from app.repositories.mongo.store import Collection, Document, translating
from app.repositories.quoting import head_from, interview_from, part_of, quote
from app.repositories.values import result_id

_GONE: Final = [Status.DELETING.value, Status.DELETED.value]
_INTERVIEW: Final = dict.fromkeys(("title", "candidate", "position", "created_at"), True)
_HEAD: Final = dict.fromkeys(("speakers", "language", "sizes", "epoch"), True)


@translating
class MongoQuotes:
    """`QuoteRepository`."""

    def __init__(self, interviews: Collection, transcripts: Collection, organisation_id: str) -> None:
        self._interviews = interviews
        self._transcripts = transcripts
        self._organisation_id = organisation_id

    async def read(self, places: Several[Place]) -> Mapping[Place, Quote]:
        if not places:
            return {}
        wanted = {place.interview_id for place in places}
        keys = {result_id(place.interview_id, place.revision) for place in places}
        visible = {"status": {"$nin": _GONE}}
        shown, heads = await asyncio.gather(
            self._by_id(self._interviews, wanted, visible, _INTERVIEW),
            self._by_id(self._transcripts, keys, {}, _HEAD),
        )
        known = [place for place in places if place.interview_id in shown]
        quotes = await asyncio.gather(
            *(self._quote(place, shown[place.interview_id], heads) for place in known)
        )
        return {place: one for place, one in zip(known, quotes, strict=True) if one is not None}

    async def _by_id(
        self, collection: Collection, ids: Several[str], condition: Document, fields: Mapping[str, bool]
    ) -> dict[str, Document]:
        query = {"_id": {"$in": list(ids)}, "organisation_id": self._organisation_id, **condition}
        return {document["_id"]: document for document in await collection.find(query, fields).to_list()}

    async def _quote(self, place: Place, interview: Document, heads: Mapping[str, Document]) -> Quote | None:
        head = heads.get(result_id(place.interview_id, place.revision))
        where = part_of(head["sizes"], place.number) if head else None
        if head is None or where is None:
            return None
        # The epoch: parts of another writer are cut elsewhere. Whoever asks again is shown the new ones.
        condition = {"_id": head["_id"], "epoch": head["epoch"], "organisation_id": self._organisation_id}
        parts = await self._transcripts.find_one(condition, {"parts": {"$slice": [where[0], 1]}})
        return (
            quote(interview_from(interview), head_from(head), parts["parts"][0], where[1]) if parts else None
        )
