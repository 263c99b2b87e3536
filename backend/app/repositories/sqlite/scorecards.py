"""Scorecards of people and their reviews of analyses, in the embedded database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, select

from app.models.scorecard import Review, Scorecard, card_id, review_id
from app.repositories.sqlite.store import Store, by_id, many, one, save_version, saving
from app.repositories.sqlite.tables import reviews, scorecards
from app.repositories.values import to_milliseconds, with_precision

_t = scorecards.c
_CARD: Final = by_id(scorecards).where(_t.organisation_id == bindparam("organisation_id"))
CARDS_FOR: Final = (
    select(_t.doc)
    .where(
        _t.interview_id.in_(bindparam("interview_ids", expanding=True)),
        _t.organisation_id == bindparam("organisation_id"),
    )
    .order_by(_t.interview_id, _t.created_at, _t.id)
)
_REVIEW: Final = by_id(reviews).where(reviews.c.organisation_id == bindparam("organisation_id"))
_SAVE_CARD: Final = saving(scorecards)
_SAVE_REVIEW: Final = saving(reviews)


class SqliteScorecards:
    """`ScorecardRepository`."""

    def __init__(self, store: Store, organisation_id: str) -> None:
        self._store = store
        self._mine = {"organisation_id": organisation_id}

    async def get(self, interview_id: str, user_id: str) -> Scorecard | None:
        values = {"id": card_id(interview_id, user_id), **self._mine}
        return await self._store.read(lambda connection: one(connection, _CARD, Scorecard, **values))

    async def list_for(self, interview_ids: Collection[str]) -> Sequence[Scorecard]:
        values = {"interview_ids": list(interview_ids), **self._mine}
        return await self._store.read(lambda connection: many(connection, CARDS_FOR, Scorecard, **values))

    async def save(self, card: Scorecard, *, expected_version: int) -> bool:
        if card.organisation_id != self._mine["organisation_id"]:
            raise ValueError("the scorecard belongs to another organisation")
        row = card_row(card)
        return await self._store.write(lambda c: save_version(c, _SAVE_CARD, row, expected_version))


class SqliteReviews:
    """`ReviewRepository`."""

    def __init__(self, store: Store, organisation_id: str) -> None:
        self._store = store
        self._mine = {"organisation_id": organisation_id}

    async def get(self, interview_id: str, revision: int) -> Review | None:
        values = {"id": review_id(interview_id, revision), **self._mine}
        return await self._store.read(lambda connection: one(connection, _REVIEW, Review, **values))

    async def save(self, review: Review, *, expected_version: int) -> bool:
        if review.organisation_id != self._mine["organisation_id"]:
            raise ValueError("the review belongs to another organisation")
        row = review_row(review)
        return await self._store.write(lambda c: save_version(c, _SAVE_REVIEW, row, expected_version))


def card_row(card: Scorecard) -> dict[str, Any]:
    key = card_id(card.interview_id, card.user_id)
    precise = with_precision(card.model_copy(update={"id": key}))
    return _row(precise) | {"created_at": to_milliseconds(precise.created_at)}


def review_row(review: Review) -> dict[str, Any]:
    key = review_id(review.interview_id, review.revision)
    return _row(review.model_copy(update={"id": key}))


def _row(document: Scorecard | Review) -> dict[str, Any]:
    return {
        "id": document.id,
        "organisation_id": document.organisation_id,
        "interview_id": document.interview_id,
        "version": document.version,
        "doc": document.model_dump_json(),
    }
