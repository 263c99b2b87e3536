"""Interviews of one organisation, in MongoDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pydantic_core import to_json
from pymongo import ReturnDocument

from app.models.interview import Interview, Participant, Status
from app.repositories.base import Expect, InterviewFilter, JsonPage, PageKey
from app.repositories.folding import LAST, fold, fold_email, fold_optional
from app.repositories.mongo.store import (
    Collection,
    Document,
    at_or_after,
    many,
    newest,
    one,
    resumed,
    to_document,
    to_model,
    translating,
)
from app.repositories.values import ROW_FIELDS, checked_changes, field_adapter

_GONE: Final = [Status.DELETING.value, Status.DELETED.value]
_ROW: Final = sorted(ROW_FIELDS - {"id"})
_VISIBLE: Final = {"status": {"$nin": _GONE}}


@translating
class MongoInterviews:
    """`InterviewRepository`."""

    def __init__(self, interviews: Collection, organisation_id: str) -> None:
        self._interviews = interviews
        self._organisation_id = organisation_id
        self._mine = {"organisation_id": organisation_id}

    async def insert(self, interview: Interview) -> None:
        if interview.organisation_id != self._organisation_id:
            raise ValueError("the interview belongs to another organisation")
        await self._interviews.insert_one(interview_document(interview))

    async def get(self, interview_id: str) -> Interview | None:
        return await one(self._interviews, Interview, {"_id": interview_id, **self._mine, **_VISIBLE})

    async def find_by_idempotency_key(self, key: str) -> Interview | None:
        condition = {**self._mine, "idempotency_key": key, **_VISIBLE}
        return await one(self._interviews, Interview, condition)

    async def list_newest(
        self, where: InterviewFilter, *, after: PageKey | None, limit: int
    ) -> Sequence[Interview]:
        if where.status is not None and where.status.value in _GONE:
            return []
        condition = list_condition(self._organisation_id, where)
        return await newest(self._interviews, Interview, condition, after=after, limit=limit)

    async def list_json(self, where: InterviewFilter, *, after: PageKey | None, limit: int) -> JsonPage:
        if where.status is not None and where.status.value in _GONE:
            return JsonPage(b"", None)
        condition = list_condition(self._organisation_id, where)
        if after is not None:
            condition = resumed(condition, after)
        cursor = self._interviews.find(
            condition, _ROW, sort=[("created_at", -1), ("_id", -1)], limit=limit + 1, batch_size=limit + 1
        )
        found = await cursor.to_list()
        last = found[limit - 1] if len(found) > limit else None
        following = PageKey(last["created_at"], last["_id"]) if last else None
        return JsonPage(b",".join(_row_json(document) for document in found[:limit]), following)

    async def list_changed(self, since: datetime, *, after_id: str = "", limit: int) -> Sequence[Interview]:
        condition = {**self._mine, **at_or_after("updated_at", since, after_id)}
        order = [("updated_at", 1), ("_id", 1)]
        return await many(self._interviews, Interview, condition, sort=order, limit=limit)

    async def compare_and_set(
        self, interview_id: str, expect: Expect, changes: Mapping[str, Any]
    ) -> Interview | None:
        return await compare_and_set(self._interviews, interview_id, expect, changes, self._mine)


def interview_document(interview: Interview) -> Document:
    folded = _folded({"candidate": interview.candidate, "position": interview.position})
    return to_document(interview, **folded)


def _row_json(document: Document) -> bytes:
    return to_json({"id": document.pop("_id"), **document})


def list_condition(organisation_id: str, where: InterviewFilter) -> Document:
    condition: Document = {"organisation_id": organisation_id, **_VISIBLE}
    if where.status is not None:
        condition["status"] = where.status.value
    for name in ("candidate", "position"):
        wanted = getattr(where, name)
        if wanted is not None:
            folded = fold(wanted)
            condition[f"{name}_folded"] = {"$gte": folded, "$lte": folded + LAST}
    if where.candidate_name is not None:
        condition.setdefault("candidate_folded", {})["$eq"] = fold(where.candidate_name)
    if where.candidate_email is not None:
        condition["candidate_email_folded"] = fold_email(where.candidate_email)
    if where.tag is not None:
        condition["tags"] = where.tag
    if where.external_id is not None:
        condition["external_id"] = where.external_id
    if where.needs_speakers is not None:
        # Interviews of older versions do not have the field.
        condition["needs_speakers"] = True if where.needs_speakers else {"$ne": True}
    bounds = {"$gte": where.created_from, "$lt": where.created_to}
    if given := {operator: at for operator, at in bounds.items() if at is not None}:
        condition["created_at"] = given
    return condition


async def compare_and_set(
    interviews: Collection,
    interview_id: str,
    expect: Expect,
    changes: Mapping[str, Any],
    scope: Mapping[str, str],
) -> Interview | None:
    """One update whose filter is the expectation."""
    condition: Document = {"_id": interview_id, **scope}
    if expect.statuses is not None:
        condition["status"] = {"$in": [status.value for status in expect.statuses]}
    if expect.epoch is not None:
        condition["epoch"] = expect.epoch
    if expect.version is not None:
        condition["version"] = expect.version
    checked = checked_changes(changes)
    values = {name: field_adapter(name).dump_python(value) for name, value in checked.items()}
    changed = await interviews.find_one_and_update(
        condition,
        {"$set": values | _folded(checked), "$inc": {"version": 1}},
        return_document=ReturnDocument.AFTER,
    )
    return None if changed is None else to_model(Interview, changed)


def _folded(changes: Mapping[str, Any]) -> dict[str, str | None]:
    """The searchable forms of those of `candidate` and `position` that change."""
    folded: dict[str, str | None] = {}
    if "candidate" in changes:
        candidate: Participant | None = changes["candidate"]
        folded["candidate_folded"] = fold_optional(candidate.name if candidate else None)
        email = candidate.email if candidate else None
        folded["candidate_email_folded"] = None if email is None else fold_email(email)
    if "position" in changes:
        folded["position_folded"] = fold_optional(changes["position"])
    return folded
