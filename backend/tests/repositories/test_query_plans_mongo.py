"""The frequent queries are answered from an index of MongoDB, however much is stored; needs a server that explains."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from app.models.interview import STEPS
from app.models.transcript import SpeakerRole
from app.repositories.base import DeliveryFilter, InterviewFilter, PageKey, SearchQuery
from app.repositories.mongo import deliveries as mongo_deliveries
from app.repositories.mongo.indexes import INDEXES, upgrade
from app.repositories.mongo.interviews import list_condition
from app.repositories.mongo.search import ORDER, resumed_after, words_condition
from app.repositories.mongo.store import resumed
from app.repositories.search_positions import Position
from tests.fixtures.documents import NOON

_SCOPE = {"organisation_id": "acme"}


def condition(after: PageKey | None = None, **where: Any) -> dict[str, Any]:
    found = list_condition("acme", InterviewFilter(**where))
    return resumed(found, after) if after else found


def delivery_condition(after: PageKey | None = None, **where: Any) -> dict[str, Any]:
    found = mongo_deliveries.list_condition("acme", DeliveryFilter(**where))
    return resumed(found, after) if after else found


NEWEST = [("created_at", -1), ("_id", -1)]
OLDEST = [("created_at", 1), ("_id", 1)]
HERS = {**_SCOPE, "user_id": "ann"}
MONGO_TELLING: dict[str, tuple[str, dict[str, Any], list[tuple[str, int]], str]] = {
    "channels": ("channels", _SCOPE, NEWEST, "newest"),
    "next endpoints": ("endpoints", resumed(_SCOPE, PageKey(NOON, "x")), NEWEST, "newest"),
    "enabled connections": ("connections", {**_SCOPE, "enabled": True}, OLDEST, "enabled"),
    "inbox": ("inbox", HERS, NEWEST, "newest"),
    "unread": ("inbox", resumed({**HERS, "unread": True}, PageKey(NOON, "x")), NEWEST, "unread"),
    "inboxes": ("inbox", {**_SCOPE, "created_at": {"$gte": NOON}}, OLDEST, "since"),
    "deliveries": ("deliveries", delivery_condition(PageKey(NOON, "x")), NEWEST, "newest"),
    "deliveries by status": ("deliveries", delivery_condition(status="dead"), NEWEST, "by_status"),
    "deliveries by carrier": ("deliveries", delivery_condition(carrier="email"), NEWEST, "by_carrier"),
    "deliveries by target": ("deliveries", delivery_condition(target_id="x"), NEWEST, "by_target"),
    "deliveries of an interview": (
        "deliveries",
        delivery_condition(interview_id="i"),
        NEWEST,
        "interview",
    ),
    "delivery claim": (
        "deliveries",
        {"status": "pending", "due_at": {"$lte": NOON}},
        [("due_at", 1)],
        "due",
    ),
    "finished deliveries": (
        "deliveries",
        {"finished_at": {"$lt": NOON}},
        [("finished_at", 1)],
        "finished",
    ),
    "notices": ("notices", {"due_at": {"$lte": NOON}}, [("due_at", 1), ("_id", 1)], "due"),
    "notices of an interview": ("notices", {"interview_id": "i"}, [], "interview"),
    "items of an interview": ("inbox", {"interview_id": "i"}, [], "interview"),
    "requests": ("scorecard_requests", {"interview_id": "i", **_SCOPE}, OLDEST, "interview"),
    "requests of a person": ("scorecard_requests", {"user_id": "ann", **_SCOPE}, OLDEST, "person"),
    "reminders": (
        "scorecard_requests",
        {"notify_at": {"$lte": NOON}},
        [("notify_at", 1), ("_id", 1)],
        "due",
    ),
}
WORDS = words_condition("acme", SearchQuery(terms=("a", "b"), role=SpeakerRole.CANDIDATE))
MONGO: dict[str, tuple[str, dict[str, Any], list[tuple[str, int]], str]] = {
    **MONGO_TELLING,
    "claim": (
        "interviews",
        {"status": {"$in": [s.value for s in STEPS]}, "due_at": {"$lte": NOON}},
        [("due_at", 1)],
        "due",
    ),
    "outbox": (
        "interviews",
        {"outbox_at": {"$lte": NOON}, "outbox": {"$ne": []}},
        [("outbox_at", 1)],
        "outbox",
    ),
    "changed": (
        "interviews",
        {**_SCOPE, "updated_at": {"$gte": NOON}},
        [("updated_at", 1), ("_id", 1)],
        "changed",
    ),
    "idempotency": ("interviews", {**_SCOPE, "idempotency_key": "k"}, [], "idempotency"),
    "newest": ("interviews", condition(), NEWEST, "newest"),
    "next page": ("interviews", condition(PageKey(NOON, "x")), NEWEST, "newest"),
    "by status": ("interviews", condition(status=STEPS[0]), NEWEST, "by_status"),
    "by candidate": ("interviews", condition(candidate="ann"), NEWEST, "by_candidate"),
    "by name": ("interviews", condition(candidate_name="ann"), NEWEST, "by_candidate"),
    "by email": ("interviews", condition(candidate_email="a@example.com"), NEWEST, "by_email"),
    "by tag": ("interviews", condition(tag="senior"), NEWEST, "by_tag"),
    "memberships": ("memberships", {"user_id": "u"}, [("created_at", 1), ("_id", 1)], "of_user"),
    "stability": (
        "stability",
        {"interview_id": "i", **_SCOPE, "revision": {"$lt": 9}},
        [("revision", -1)],
        "interview",
    ),
    "cards of one interview": (
        "scorecards",
        {"interview_id": {"$in": ["i"]}, **_SCOPE},
        [("created_at", 1), ("_id", 1)],
        "interview",
    ),
    "reviews of one interview": ("reviews", {"interview_id": "i"}, [], "interview"),
    "edits": (
        "edits",
        {"interview_id": "i", **_SCOPE, "revision": {"$lt": 9}},
        [("revision", -1)],
        "interview",
    ),
    "highlights": (
        "highlights",
        resumed({"interview_id": "i", **_SCOPE}, PageKey(NOON, "x")),
        NEWEST,
        "interview",
    ),
    "hits": ("passages", WORDS, ORDER, "words"),
    "next hits": ("passages", resumed_after(WORDS, Position(1, "i", 3)), ORDER, "words"),
    "passages": (
        "passages",
        {"interview_id": "i", **_SCOPE, "revision": {"$lt": 3, "$ne": 2}},
        [],
        "interview",
    ),
    "usage": (
        "usage",
        {**_SCOPE, "day": {"$lt": "2026-03-01"}},
        [("day", -1)],
        "newest",
    ),
}


@pytest_asyncio.fixture
async def mongo(mongodb_url: str, mongodb_name: str) -> AsyncIterator[AsyncDatabase[dict[str, Any]]]:
    async with AsyncMongoClient[dict[str, Any]](mongodb_url) as client:
        await upgrade(client[mongodb_name])
        yield client[mongodb_name]


class TestMongo:
    @pytest.mark.parametrize("name", MONGO)
    def test_an_index_begins_with_the_fields_of_the_query_and_its_order(self, name: str) -> None:
        collection, query, order, index = MONGO[name]
        (declared,) = (i for i in INDEXES[collection] if i.document["name"] == index)
        keys = list(declared.document["key"].items())
        narrowing = {f for f in query if not f.startswith("$")} - {"status", "outbox"} | {keys[0][0]}
        assert narrowing <= {field for field, _ in keys}
        start = next((n for n in range(len(keys)) if keys[n : n + len(order)] == order), None)
        assert start is not None
        # What stands before the sorted fields is fixed by the query, or the order would not hold.
        assert {field for field, _ in keys[:start]} <= query.keys()

    async def test_every_index_is_created(self, mongo: AsyncDatabase[dict[str, Any]]) -> None:
        for collection, declared in INDEXES.items():
            existing = await mongo[collection].index_information()
            assert {i.document["name"] for i in declared} <= existing.keys()

    @pytest.mark.skipif("TEST_MONGODB_URL" not in os.environ, reason="the test server explains no queries")
    @pytest.mark.parametrize("name", MONGO)
    async def test_a_real_server_chooses_an_index(
        self, mongo: AsyncDatabase[dict[str, Any]], name: str
    ) -> None:
        collection, query, order, _ = MONGO[name]
        cursor = mongo[collection].find(query, sort=order or None, limit=25)
        plan = str((await cursor.explain())["queryPlanner"]["winningPlan"])
        assert "IXSCAN" in plan
        assert "COLLSCAN" not in plan
