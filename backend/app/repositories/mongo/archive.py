"""Everything stored, kind by kind, in MongoDB."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from pymongo import ReplaceOne
from pymongo.asynchronous.database import AsyncDatabase

from app.models.base import Stored
from app.repositories.base import MODELS, Archived, Kind
from app.repositories.mongo.inbox import item_document, preferences_document, to_preferences
from app.repositories.mongo.interviews import interview_document
from app.repositories.mongo.people import invitation_document, organisation_document, to_organisation
from app.repositories.mongo.results import result_document, to_transcript, transcript_document
from app.repositories.mongo.scorecard_requests import request_document
from app.repositories.mongo.scorecards import card_document, review_document
from app.repositories.mongo.store import Document, to_document, to_model, translating
from app.repositories.mongo.usage import usage_document

_STORED: Final[Mapping[Kind, Callable[[Any], Document]]] = {
    Kind.ORGANISATIONS: organisation_document,
    Kind.INVITATIONS: invitation_document,
    Kind.USAGE: usage_document,
    Kind.PREFERENCES: preferences_document,
    Kind.TRANSCRIPTS: transcript_document,
    Kind.EDITS: result_document,
    Kind.ANALYSES: result_document,
    Kind.STABILITY: result_document,
    Kind.SCORECARDS: card_document,
    Kind.REVIEWS: review_document,
    Kind.INTERVIEWS: interview_document,
    Kind.INBOX: item_document,
    Kind.SCORECARD_REQUESTS: request_document,
}
"""How a document is stored whose stored form is more than itself. Each kind's collection has its name."""
_READ: Final[Mapping[Kind, Callable[[Document], Stored]]] = {
    Kind.ORGANISATIONS: to_organisation,
    Kind.PREFERENCES: to_preferences,
    Kind.TRANSCRIPTS: to_transcript,
}
_RESTORING: Final = {"_id": "restore"}


@translating
class MongoArchive:
    """`Archive`. What is being restored is noted beside the schema's version."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database

    async def page(self, kind: Kind, *, after: str | None, limit: int) -> Sequence[Archived]:
        if limit < 1:
            return []
        # The key of an invitation is the address here, so that there is one for each.
        key = "id" if kind is Kind.INVITATIONS else "_id"
        condition = {} if after is None else {key: {"$gt": after}}
        cursor = self._database[kind.value].find(condition, sort=[(key, 1)], limit=limit, batch_size=limit)
        return [Archived(found[key], _read(kind, found)) for found in await cursor.to_list()]

    async def put(self, kind: Kind, documents: Sequence[Stored]) -> None:
        stored = [_stored(kind, document) for document in documents]
        written = [ReplaceOne({"_id": each["_id"]}, each, upsert=True) for each in stored]
        if written:
            await self._database[kind.value].bulk_write(written, ordered=False)

    async def is_empty(self) -> bool:
        for kind in Kind:
            if await self._database[kind.value].find_one({}, ["_id"]) is not None:
                return False
        return True

    async def restoring(self) -> str | None:
        found = await self._database["schema"].find_one(_RESTORING)
        return None if found is None else str(found["backup"])

    async def begin_restore(self, note: str) -> None:
        noted = {**_RESTORING, "backup": note}
        await self._database["schema"].replace_one(_RESTORING, noted, upsert=True)

    async def end_restore(self) -> None:
        await self._database["schema"].delete_one(_RESTORING)


def _stored(kind: Kind, document: Stored) -> Document:
    return _STORED[kind](document) if kind in _STORED else to_document(document)


def _read(kind: Kind, found: Document) -> Stored:
    return _READ[kind](found) if kind in _READ else to_model(MODELS[kind], found)
