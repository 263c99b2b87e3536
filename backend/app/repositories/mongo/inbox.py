"""Inboxes of an organisation's members and their wishes, in MongoDB."""

from __future__ import annotations

from collections.abc import Collection as Group
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from app.models.delivery import Carrier
from app.models.notification import InboxItem, Preferences
from app.repositories.base import PageKey
from app.repositories.mongo.store import (
    Collection,
    Document,
    at_or_after,
    insert_new,
    many,
    newest,
    save_version,
    to_document,
    translating,
)
from app.repositories.mongo.wishes import wishes_document, with_wishes_by_topic
from app.repositories.values import ensure_of, preferences_id

_OLDEST_FIRST: Final = [("created_at", 1), ("_id", 1)]


@translating
class MongoInbox:
    """`InboxRepository`. `unread` follows from `read_at`, for the index."""

    def __init__(self, items: Collection, organisation_id: str) -> None:
        self._items = items
        self._organisation_id = organisation_id
        self._mine = {"organisation_id": organisation_id}

    async def put(self, item: InboxItem) -> bool:
        ensure_of(self._organisation_id, item)
        return await insert_new(self._items, item_document(item))

    async def list_newest(
        self, user_id: str, *, unread_only: bool, after: PageKey | None, limit: int
    ) -> Sequence[InboxItem]:
        condition = self._unread(user_id) if unread_only else self._of(user_id)
        return await newest(self._items, InboxItem, condition, after=after, limit=limit)

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
        condition: Document = {**self._of(user_id), "created_at": {"$gte": since, "$lt": until}}
        if digest is not None:
            condition["digests"] = digest.value
        if after is not None:
            # The bound on `created_at` follows from the `$or`; it lets the index begin at the position.
            condition["created_at"] = {"$gte": max(since, after.created_at), "$lt": until}
            condition["$or"] = [
                {"created_at": {"$gt": after.created_at}},
                {"created_at": after.created_at, "_id": {"$gt": after.id}},
            ]
        return await many(self._items, InboxItem, condition, sort=_OLDEST_FIRST, limit=limit)

    async def list_since(self, since: datetime, *, after_id: str = "", limit: int) -> Sequence[InboxItem]:
        condition = {**self._mine, **at_or_after("created_at", since, after_id)}
        return await many(self._items, InboxItem, condition, sort=_OLDEST_FIRST, limit=limit)

    async def count_unread(self, user_id: str) -> int:
        return await self._items.count_documents(self._unread(user_id))

    async def mark_read(self, user_id: str, at: datetime, *, item_ids: Group[str] | None) -> int:
        condition = self._unread(user_id)
        if item_ids is not None:
            condition["_id"] = {"$in": list(item_ids)}
        read = {"$set": {"unread": False, "read_at": at}}
        return (await self._items.update_many(condition, read)).modified_count

    def _of(self, user_id: str) -> Document:
        return {**self._mine, "user_id": user_id}

    def _unread(self, user_id: str) -> Document:
        return {**self._of(user_id), "unread": True}


@translating
class MongoPreferences:
    """`PreferencesRepository`."""

    def __init__(self, preferences: Collection, organisation_id: str) -> None:
        self._preferences = preferences
        self._organisation_id = organisation_id

    async def get(self, user_id: str) -> Preferences | None:
        found = await self._list([user_id])
        return found[0] if found else None

    async def list_for(self, user_ids: Group[str]) -> Sequence[Preferences]:
        return await self._list(user_ids)

    async def save(self, preferences: Preferences, *, expected_version: int) -> bool:
        ensure_of(self._organisation_id, preferences)
        return await save_version(self._preferences, preferences_document(preferences), expected_version)

    async def _list(self, user_ids: Group[str]) -> Sequence[Preferences]:
        keys = [preferences_id(self._organisation_id, user_id) for user_id in user_ids]
        found = await self._preferences.find({"_id": {"$in": keys}}).to_list()
        return [to_preferences(document) for document in found]


def item_document(item: InboxItem) -> Document:
    return to_document(item, unread=item.read_at is None)


def preferences_document(preferences: Preferences) -> Document:
    key = preferences_id(preferences.organisation_id, preferences.user_id)
    return {"_id": key, **wishes_document(preferences)}


def to_preferences(document: Document) -> Preferences:
    return Preferences.model_validate(with_wishes_by_topic(document))
