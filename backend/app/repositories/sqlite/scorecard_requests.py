"""Requests for scorecards, and which of them something is to be told about, in the embedded database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, select

from app.models.notification import ScorecardRequest, request_id
from app.repositories.sqlite.store import (
    Store,
    by_id,
    many,
    many_readable,
    older_first,
    one,
    save_version,
    saving,
)
from app.repositories.sqlite.telling_tables import scorecard_requests
from app.repositories.values import ensure_of, to_milliseconds, with_precision

_t = scorecard_requests.c
_MINE: Final = _t.organisation_id == bindparam("organisation_id_")
_GET: Final = by_id(scorecard_requests).where(_MINE)
REQUESTS_FOR: Final = older_first(
    scorecard_requests, select(_t.doc).where(_t.interview_id == bindparam("interview_id_"), _MINE)
)
REQUESTS_OF: Final = older_first(
    scorecard_requests, select(_t.doc).where(_t.user_id == bindparam("user_id_"), _MINE)
).limit(bindparam("limit"))
DUE: Final = select(_t.doc).where(_t.notify_at <= bindparam("now")).order_by(_t.notify_at, _t.id)
_SAVE: Final = saving(scorecard_requests)
_DELETE: Final = delete(scorecard_requests).where(_t.id == bindparam("id_"), _MINE)


class SqliteScorecardRequests:
    """`ScorecardRequestRepository`."""

    def __init__(self, store: Store, organisation_id: str) -> None:
        self._store = store
        self._scope = {"organisation_id_": organisation_id}

    async def get(self, interview_id: str, user_id: str) -> ScorecardRequest | None:
        values = {"id": request_id(interview_id, user_id), **self._scope}
        return await self._store.read(lambda connection: one(connection, _GET, ScorecardRequest, **values))

    async def list_for(self, interview_id: str) -> Sequence[ScorecardRequest]:
        values = {"interview_id_": interview_id, **self._scope}
        return await self._store.read(lambda c: many(c, REQUESTS_FOR, ScorecardRequest, **values))

    async def list_of(self, user_id: str, *, limit: int) -> Sequence[ScorecardRequest]:
        values = {"user_id_": user_id, "limit": limit, **self._scope}
        return await self._store.read(lambda c: many(c, REQUESTS_OF, ScorecardRequest, **values))

    async def save(self, request: ScorecardRequest, *, expected_version: int) -> bool:
        ensure_of(self._scope["organisation_id_"], request)
        row = request_row(request)
        return await self._store.write(lambda c: save_version(c, _SAVE, row, expected_version))

    async def delete(self, interview_id: str, user_id: str) -> bool:
        values = {"id_": request_id(interview_id, user_id), **self._scope}
        return await self._store.write(lambda connection: connection.execute(_DELETE, values).rowcount == 1)


class SqliteReminders:
    """`ScorecardReminders`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def list_due(self, now: datetime, *, limit: int) -> Sequence[ScorecardRequest]:
        values = {"now": to_milliseconds(now)}
        return await self._store.read(lambda c: many_readable(c, DUE, ScorecardRequest, values, limit=limit))


def request_row(request: ScorecardRequest) -> dict[str, Any]:
    key = request_id(request.interview_id, request.user_id)
    precise = with_precision(request.model_copy(update={"id": key}))
    return {
        "id": key,
        "organisation_id": precise.organisation_id,
        "interview_id": precise.interview_id,
        "user_id": precise.user_id,
        "created_at": to_milliseconds(precise.created_at),
        "notify_at": to_milliseconds(precise.notify_at),
        "version": precise.version,
        "doc": precise.model_dump_json(),
    }
