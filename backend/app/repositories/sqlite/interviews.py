"""Interviews of one organisation, in the embedded database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, func, insert, select, update

from app.models.base import FAR_FUTURE
from app.models.interview import Interview, Status
from app.repositories.base import Expect, InterviewFilter, JsonPage, PageKey
from app.repositories.folding import LAST, fold, fold_email, fold_optional
from app.repositories.sqlite.store import (
    Store,
    at_or_after,
    by_id,
    many,
    newest_page,
    one,
    page_values,
    replacing,
)
from app.repositories.sqlite.tables import candidate_email, interview_tags, interviews
from app.repositories.values import (
    ROW_FIELDS,
    checked_changes,
    from_milliseconds,
    to_milliseconds,
    with_precision,
)

_GONE: Final = (Status.DELETING.value, Status.DELETED.value)
_t = interviews.c

_VISIBLE: Final = _t.status.not_in(_GONE)
_MINE: Final = _t.organisation_id == bindparam("organisation_id")

BY_ID: Final = by_id(interviews)
_GET: Final = BY_ID.where(_MINE, _VISIBLE)
BY_IDEMPOTENCY_KEY: Final = select(_t.doc).where(_MINE, _t.idempotency_key == bindparam("key"), _VISIBLE)
CHANGED: Final = (
    select(_t.doc)
    .where(_MINE, at_or_after(_t.updated_at, _t.id))
    .order_by(_t.updated_at, _t.id)
    .limit(bindparam("limit"))
)
_INSERT: Final = insert(interviews)
_REPLACE: Final = replacing(interviews)
_UPDATE: Final = update(interviews).where(_t.id == bindparam("its_id"))
_INSERT_TAGS: Final = insert(interview_tags)
_DELETE_TAGS: Final = delete(interview_tags).where(interview_tags.c.interview_id == bindparam("its_id"))

_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "status": _t.status == bindparam("status"),
    "candidate": _t.candidate_folded.between(bindparam("candidate"), bindparam("candidate_end")),
    "candidate_name": _t.candidate_folded == bindparam("candidate_name"),
    "candidate_email": candidate_email == bindparam("candidate_email"),
    "position": _t.position_folded.between(bindparam("position"), bindparam("position_end")),
    "external_id": _t.external_id == bindparam("external_id"),
    "needs_speakers": func.coalesce(func.json_extract(_t.doc, "$.needs_speakers"), 0)
    == bindparam("needs_speakers"),
    "created_from": _t.created_at >= bindparam("created_from"),
    "created_to": _t.created_at < bindparam("created_to"),
}


class SqliteInterviews:
    """`InterviewRepository`."""

    def __init__(self, store: Store, organisation_id: str) -> None:
        self._store = store
        self._organisation_id = organisation_id

    async def insert(self, interview: Interview) -> None:
        if interview.organisation_id != self._organisation_id:
            raise ValueError("the interview belongs to another organisation")
        await self._store.write(lambda connection: _insert(connection, with_precision(interview)))

    async def get(self, interview_id: str) -> Interview | None:
        values = {"id": interview_id, "organisation_id": self._organisation_id}
        return await self._store.read_again(
            f"{self._organisation_id}:{interview_id}", lambda c: one(c, _GET, Interview, **values)
        )

    async def find_by_idempotency_key(self, key: str) -> Interview | None:
        return await self._one(BY_IDEMPOTENCY_KEY, key=key)

    async def list_newest(
        self, where: InterviewFilter, *, after: PageKey | None, limit: int
    ) -> Sequence[Interview]:
        values = _filter_values(where)
        query = list_query(frozenset(values), resumed=after is not None)
        values |= page_values(after, limit)
        return await self._many(query, values)

    async def list_json(self, where: InterviewFilter, *, after: PageKey | None, limit: int) -> JsonPage:
        values = _filter_values(where)
        query = list_query(frozenset(values), resumed=after is not None, rows=True)
        values |= page_values(after, limit + 1) | {"organisation_id": self._organisation_id}

        def work(connection: Connection) -> JsonPage:
            found = connection.execute(query, values).all()
            last = found[limit - 1] if len(found) > limit else None
            return JsonPage(
                ",".join([row[2] for row in found[:limit]]).encode(),
                PageKey(from_milliseconds(last[1]), last[0]) if last else None,
            )

        return await self._store.read(work)

    async def list_changed(self, since: datetime, *, after_id: str = "", limit: int) -> Sequence[Interview]:
        values = {"since": to_milliseconds(since), "after_id": after_id, "limit": limit}
        return await self._many(CHANGED, values)

    async def compare_and_set(
        self, interview_id: str, expect: Expect, changes: Mapping[str, Any]
    ) -> Interview | None:
        return await compare_and_set(self._store, interview_id, expect, changes, self._organisation_id)

    async def _one(self, query: Select[Any], **values: Any) -> Interview | None:
        values["organisation_id"] = self._organisation_id
        return await self._store.read(lambda connection: one(connection, query, Interview, **values))

    async def _many(self, query: Select[Any], values: dict[str, Any]) -> Sequence[Interview]:
        values["organisation_id"] = self._organisation_id
        return await self._store.read(lambda connection: many(connection, query, Interview, **values))


@lru_cache(maxsize=256)
def list_query(given: frozenset[str], *, resumed: bool, rows: bool = False) -> Select[Any]:
    """The list for one combination of conditions.

    The inner query picks the page from an index alone; only the page's rows have their documents read.
    """
    conditions = [_MINE, _VISIBLE, *(c for name, c in _CONDITIONS.items() if name in given)]
    if "tag" in given:
        tags = interview_tags.c
        tagged = select(tags.interview_id).join(interviews, _t.id == tags.interview_id)
        tagged = tagged.where(
            tags.organisation_id == bindparam("organisation_id"), tags.tag == bindparam("tag"), *conditions
        )
        ids = newest_page(interview_tags, tagged, resumed=resumed, key="interview_id")
    else:
        ids = newest_page(interviews, select(_t.id).where(*conditions), resumed=resumed)
    wanted = select(_t.id, _t.created_at, _t.listed) if rows else select(_t.doc)
    return wanted.where(_t.id.in_(ids)).order_by(_t.created_at.desc(), _t.id.desc())


def _filter_values(where: InterviewFilter) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if where.status is not None:
        values["status"] = where.status.value
    for name in ("candidate", "position"):
        wanted = getattr(where, name)
        if wanted is not None:
            folded = fold(wanted)
            values |= {name: folded, f"{name}_end": folded + LAST}
    if where.candidate_name is not None:
        values["candidate_name"] = fold(where.candidate_name)
    if where.candidate_email is not None:
        values["candidate_email"] = fold_email(where.candidate_email)
    for name in ("tag", "external_id"):
        if getattr(where, name) is not None:
            values[name] = getattr(where, name)
    if where.needs_speakers is not None:
        values["needs_speakers"] = int(where.needs_speakers)
    for name in ("created_from", "created_to"):
        if getattr(where, name) is not None:
            values[name] = to_milliseconds(getattr(where, name))
    return values


async def compare_and_set(
    store: Store,
    interview_id: str,
    expect: Expect,
    changes: Mapping[str, Any],
    organisation_id: str | None = None,
) -> Interview | None:
    """In one transaction: read, compare, write. Without an organisation it looks at all of them."""
    checked = checked_changes(changes)

    def work(connection: Connection) -> Interview | None:
        current = one(connection, BY_ID, Interview, id=interview_id)
        if current is None or not _as_expected(current, expect):
            return None
        if organisation_id is not None and current.organisation_id != organisation_id:
            return None
        changed = current.model_copy(update={**checked, "version": current.version + 1})
        save(connection, current, changed)
        return changed

    return await store.write(work)


def _as_expected(interview: Interview, expect: Expect) -> bool:
    return (
        (expect.statuses is None or interview.status in expect.statuses)
        and (expect.epoch is None or interview.epoch == expect.epoch)
        and (expect.version is None or interview.version == expect.version)
    )


def save(connection: Connection, before: Interview, after: Interview) -> None:
    """Write the document and the columns that follow from it."""
    connection.execute(_UPDATE, {"its_id": after.id, **interview_row(after)})
    if before.tags != after.tags:
        connection.execute(_DELETE_TAGS, {"its_id": after.id})
        _insert_tags(connection, after)


def replace(connection: Connection, interview: Interview) -> None:
    """Write it, whatever stands there."""
    connection.execute(_REPLACE, interview_row(with_precision(interview)))
    connection.execute(_DELETE_TAGS, {"its_id": interview.id})
    _insert_tags(connection, interview)


def _insert(connection: Connection, interview: Interview) -> None:
    connection.execute(_INSERT, interview_row(interview))
    _insert_tags(connection, interview)


def _insert_tags(connection: Connection, interview: Interview) -> None:
    rows = [
        {
            "organisation_id": interview.organisation_id,
            "tag": tag,
            "created_at": to_milliseconds(interview.created_at),
            "interview_id": interview.id,
        }
        for tag in set(interview.tags)
    ]
    if rows:
        connection.execute(_INSERT_TAGS, rows)


def interview_row(interview: Interview) -> dict[str, Any]:
    return {
        "id": interview.id,
        "organisation_id": interview.organisation_id,
        "created_at": to_milliseconds(interview.created_at),
        "updated_at": to_milliseconds(interview.updated_at),
        "status": interview.status.value,
        "due_at": to_milliseconds(interview.due_at),
        # An empty outbox has nothing to tell, whatever its date says: it must not come up in every sweep.
        "outbox_at": to_milliseconds(interview.outbox_at if interview.outbox else FAR_FUTURE),
        "epoch": interview.epoch,
        "version": interview.version,
        "idempotency_key": interview.idempotency_key,
        "external_id": interview.external_id,
        "candidate_folded": fold_optional(interview.candidate.name if interview.candidate else None),
        "position_folded": fold_optional(interview.position),
        "listed": interview.model_dump_json(include=ROW_FIELDS),
        "doc": interview.model_dump_json(),
    }
