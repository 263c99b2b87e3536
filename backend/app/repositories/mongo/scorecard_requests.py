"""Requests for scorecards, and which of them something is to be told about, in MongoDB."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.models.notification import ScorecardRequest, request_id
from app.repositories.mongo.store import (
    Collection,
    Document,
    many,
    many_readable,
    one,
    save_version,
    to_document,
    translating,
)
from app.repositories.values import ensure_of


@translating
class MongoScorecardRequests:
    """`ScorecardRequestRepository`."""

    def __init__(self, requests: Collection, organisation_id: str) -> None:
        self._requests = requests
        self._organisation_id = organisation_id
        self._mine = {"organisation_id": organisation_id}

    async def get(self, interview_id: str, user_id: str) -> ScorecardRequest | None:
        condition = {"_id": request_id(interview_id, user_id), **self._mine}
        return await one(self._requests, ScorecardRequest, condition)

    async def list_for(self, interview_id: str) -> Sequence[ScorecardRequest]:
        condition = {"interview_id": interview_id, **self._mine}
        order = [("created_at", 1), ("_id", 1)]
        return await many(self._requests, ScorecardRequest, condition, sort=order)

    async def list_of(self, user_id: str, *, limit: int) -> Sequence[ScorecardRequest]:
        condition = {"user_id": user_id, **self._mine}
        order = [("created_at", 1), ("_id", 1)]
        return await many(self._requests, ScorecardRequest, condition, sort=order, limit=limit)

    async def save(self, request: ScorecardRequest, *, expected_version: int) -> bool:
        ensure_of(self._organisation_id, request)
        return await save_version(self._requests, request_document(request), expected_version)

    async def delete(self, interview_id: str, user_id: str) -> bool:
        condition = {"_id": request_id(interview_id, user_id), **self._mine}
        return (await self._requests.delete_one(condition)).deleted_count == 1


def request_document(request: ScorecardRequest) -> Document:
    key = request_id(request.interview_id, request.user_id)
    return to_document(request.model_copy(update={"id": key}))


@translating
class MongoReminders:
    """`ScorecardReminders`."""

    def __init__(self, requests: Collection) -> None:
        self._requests = requests

    async def list_due(self, now: datetime, *, limit: int) -> Sequence[ScorecardRequest]:
        due = {"notify_at": {"$lte": now}}
        order = [("notify_at", 1), ("_id", 1)]
        return await many_readable(self._requests, ScorecardRequest, due, sort=order, limit=limit)
