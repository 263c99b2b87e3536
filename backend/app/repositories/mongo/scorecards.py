"""Scorecards of people and their reviews of analyses, in MongoDB."""

from __future__ import annotations

from collections.abc import Collection as Group
from collections.abc import Sequence

from app.models.scorecard import Review, Scorecard, card_id, review_id
from app.repositories.mongo.store import (
    Collection,
    Document,
    many,
    one,
    save_version,
    to_document,
    translating,
)


@translating
class MongoScorecards:
    """`ScorecardRepository`."""

    def __init__(self, scorecards: Collection, organisation_id: str) -> None:
        self._scorecards = scorecards
        self._mine = {"organisation_id": organisation_id}

    async def get(self, interview_id: str, user_id: str) -> Scorecard | None:
        return await one(self._scorecards, Scorecard, {"_id": card_id(interview_id, user_id), **self._mine})

    async def list_for(self, interview_ids: Group[str]) -> Sequence[Scorecard]:
        condition: Document = {"interview_id": {"$in": list(interview_ids)}, **self._mine}
        order = [("interview_id", 1), ("created_at", 1), ("_id", 1)]
        return await many(self._scorecards, Scorecard, condition, sort=order)

    async def save(self, card: Scorecard, *, expected_version: int) -> bool:
        if card.organisation_id != self._mine["organisation_id"]:
            raise ValueError("the scorecard belongs to another organisation")
        return await save_version(self._scorecards, card_document(card), expected_version)


@translating
class MongoReviews:
    """`ReviewRepository`."""

    def __init__(self, reviews: Collection, organisation_id: str) -> None:
        self._reviews = reviews
        self._mine = {"organisation_id": organisation_id}

    async def get(self, interview_id: str, revision: int) -> Review | None:
        return await one(self._reviews, Review, {"_id": review_id(interview_id, revision), **self._mine})

    async def save(self, review: Review, *, expected_version: int) -> bool:
        if review.organisation_id != self._mine["organisation_id"]:
            raise ValueError("the review belongs to another organisation")
        return await save_version(self._reviews, review_document(review), expected_version)


def card_document(card: Scorecard) -> Document:
    return to_document(card.model_copy(update={"id": card_id(card.interview_id, card.user_id)}))


def review_document(review: Review) -> Document:
    return to_document(review.model_copy(update={"id": review_id(review.interview_id, review.revision)}))
