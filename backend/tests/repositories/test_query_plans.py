"""The frequent queries are answered from an index on both databases, however much is stored."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from sqlalchemy import Connection, Select

from app.core.database.sqlite import SqliteDatabase, open_sqlite
from app.models.interview import STEPS
from app.repositories.base import InterviewFilter, PageKey
from app.repositories.mongo.indexes import INDEXES, upgrade
from app.repositories.mongo.interviews import list_condition
from app.repositories.mongo.store import resumed
from app.repositories.sqlite import interviews, jobs, people, results, scorecards, tables, usage
from tests.fixtures.documents import NOON

Plan = tuple[Select[Any], dict[str, Any], str]

_SCOPE = {"organisation_id": "acme"}
_PAGE = {**_SCOPE, "limit": 25}


def listing(*given: str, is_resumed: bool = False, **values: Any) -> tuple[Select[Any], dict[str, Any]]:
    after = {"after_at": 5, "after_id": "x"} if is_resumed else {}
    return interviews.list_query(frozenset(given), resumed=is_resumed), {**_PAGE, **after, **values}


EMBEDDED: dict[str, Plan] = {
    "get": (interviews.BY_ID, {"id": "i"}, "autoindex"),
    "claim": (jobs.DUE, {"now": 1, "statuses": [s.value for s in STEPS]}, "interviews_due"),
    "awaiting": (jobs.AWAITING, {"now": 1, "never": 9}, "interviews_due"),
    "outbox": (jobs.OUTBOX_DUE, {"now": 1, "limit": 9}, "interviews_outbox"),
    "idempotency": (interviews.BY_IDEMPOTENCY_KEY, {**_SCOPE, "key": "k"}, "interviews_idempotency"),
    "changed": (interviews.CHANGED, {**_PAGE, "since": 1}, "interviews_changed"),
    "newest": (*listing(), "interviews_newest"),
    "next page": (*listing(is_resumed=True), "interviews_newest"),
    "by status": (*listing("status", status="done"), "interviews_by_status"),
    "by candidate": (
        *listing("candidate", "candidate_end", candidate="a", candidate_end="b"),
        "interviews_by_candidate",
    ),
    "by name": (*listing("candidate_name", candidate_name="a"), "interviews_by_candidate"),
    "by email": (*listing("candidate_email", candidate_email="a"), "interviews_by_email"),
    "by position": (
        *listing("position", "position_end", position="a", position_end="b"),
        "interviews_by_position",
    ),
    "by external id": (*listing("external_id", external_id="7"), "interviews_by_external_id"),
    "by tag": (*listing("tag", tag="senior"), "interview_tags"),
    "memberships": (people.MEMBERSHIPS_OF, {"user_id": "u"}, "memberships_user"),
    "members": (people.MEMBERS[False], _PAGE, "memberships_newest"),
    "invitations": (people.INVITATIONS_FOR, {"email_": "e", "now": 1}, "invitations_email"),
    "analyses": (
        results.ANALYSES.before,
        {**_PAGE, "interview_id": "i", "before": 9},
        "analyses_interview",
    ),
    "stability": (
        results.STABILITY.before,
        {**_PAGE, "interview_id": "i", "before": 9},
        "stability_interview",
    ),
    "cards": (scorecards.CARDS_FOR, {**_SCOPE, "interview_ids": ["i", "j"]}, "scorecards_interview"),
    "usage": (usage.NEWEST[False], {"organisation_id_": "acme", "limit": 9}, "PRIMARY KEY"),
    "earlier usage": (
        usage.NEWEST[True],
        {"organisation_id_": "acme", "limit": 9, "before": "2026-03-01"},
        "PRIMARY KEY",
    ),
}
SORTED_FROM_AN_INDEX = EMBEDDED.keys() - {"by candidate", "by position"}


def explain(connection: Connection, query: Select[Any], values: Mapping[str, Any]) -> list[str]:
    """The steps of SQLite's plan for the statement as it is sent."""
    sent = query.compile(connection).construct_expanded_state(dict(values))
    rows = connection.exec_driver_sql(
        f"EXPLAIN QUERY PLAN {sent.statement}", tuple(sent.positional_parameters)
    )
    return [str(row[3]) for row in rows]


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await open_sqlite(tmp_path / "d.db")
    await opened.write(tables.upgrade)
    yield opened
    await opened.close()


class TestEmbedded:
    @pytest.mark.parametrize("name", EMBEDDED)
    async def test_uses_its_index(self, database: SqliteDatabase, name: str) -> None:
        query, values, index = EMBEDDED[name]
        plan = await database.read(lambda connection: explain(connection, query, values))
        assert any(index in step for step in plan), plan
        assert not [step for step in plan if step.startswith("SCAN") and "USING" not in step], plan

    @pytest.mark.parametrize("name", sorted(SORTED_FROM_AN_INDEX))
    async def test_sorts_no_more_than_the_page(self, database: SqliteDatabase, name: str) -> None:
        query, values, _ = EMBEDDED[name]
        plan = await database.read(lambda connection: explain(connection, query, values))
        # The outer query of a list orders its page; that is the one sort there may be.
        page_sorts = 1 if any("LIST SUBQUERY" in step for step in plan) else 0
        assert sum("TEMP B-TREE FOR ORDER BY" in step for step in plan) <= page_sorts, plan


def condition(after: PageKey | None = None, **where: Any) -> dict[str, Any]:
    found = list_condition("acme", InterviewFilter(**where))
    return resumed(found, after) if after else found


NEWEST = [("created_at", -1), ("_id", -1)]
MONGO: dict[str, tuple[str, dict[str, Any], list[tuple[str, int]], str]] = {
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
