"""Channels, endpoints and connections of one organisation, in MongoDB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from app.models.connection import Connection
from app.models.endpoint import Endpoint
from app.models.notification import Channel
from app.repositories.base import PageKey
from app.repositories.mongo.store import (
    Collection,
    many,
    newest,
    one,
    replace_version,
    to_document,
    translating,
)
from app.repositories.values import ensure_of

Owned = TypeVar("Owned", Channel, Endpoint, Connection)


@translating
class MongoOwned(Generic[Owned]):
    """`OwnedRepository`."""

    def __init__(self, documents: Collection, model: type[Owned], organisation_id: str) -> None:
        self._documents = documents
        self._model: type[Owned] = model
        self._organisation_id = organisation_id
        self._mine = {"organisation_id": organisation_id}

    async def insert(self, document: Owned) -> None:
        ensure_of(self._organisation_id, document)
        await self._documents.insert_one(to_document(document))

    async def get(self, document_id: str) -> Owned | None:
        return await one(self._documents, self._model, {"_id": document_id, **self._mine})

    async def list_newest(self, *, after: PageKey | None, limit: int) -> Sequence[Owned]:
        return await newest(self._documents, self._model, {**self._mine}, after=after, limit=limit)

    async def list_enabled(self, *, limit: int) -> Sequence[Owned]:
        condition = {**self._mine, "enabled": True}
        order = [("created_at", 1), ("_id", 1)]
        return await many(self._documents, self._model, condition, sort=order, limit=limit)

    async def replace(self, document: Owned, *, expected_version: int) -> bool:
        ensure_of(self._organisation_id, document)
        return await replace_version(self._documents, to_document(document), expected_version)

    async def delete(self, document_id: str) -> bool:
        return (await self._documents.delete_one({"_id": document_id, **self._mine})).deleted_count == 1


@translating
class MongoChannels(MongoOwned[Channel]):
    """`ChannelRepository`."""

    def __init__(self, channels: Collection, organisation_id: str) -> None:
        super().__init__(channels, Channel, organisation_id)

    async def list_of(self, owner: str | None, *, after: PageKey | None, limit: int) -> Sequence[Channel]:
        condition = {**self._mine, "user_id": owner}
        return await newest(self._documents, Channel, condition, after=after, limit=limit)
