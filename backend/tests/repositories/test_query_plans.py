"""The frequent queries are answered from an index of the embedded database, however much is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import Connection, Select, TextClause, Update

from app.core.database.sqlite import SqliteDatabase, open_sqlite
from app.models.interview import STEPS
from app.repositories.sqlite import (
    deliveries,
    highlights,
    inbox,
    interviews,
    jobs,
    notices,
    owned,
    people,
    results,
    scorecard_requests,
    scorecards,
    search,
    search_index,
    tables,
    usage,
)

Plan = tuple[Select[Any] | Update, dict[str, Any], str]

_SCOPE = {"organisation_id": "acme"}
_PAGE = {**_SCOPE, "limit": 25}


def listing(*given: str, is_resumed: bool = False, **values: Any) -> tuple[Select[Any], dict[str, Any]]:
    after = {"after_at": 5, "after_id": "x"} if is_resumed else {}
    return interviews.list_query(frozenset(given), resumed=is_resumed), {**_PAGE, **after, **values}


_MINE = {"organisation_id_": "acme", "limit": 25}
_HERS = {**_MINE, "user_id_": "ann"}
_AFTER = {"after_at": 5, "after_id": "x"}
_DUE = {"now": 1, "limit": 9}


def delivered(*given: str) -> tuple[Select[Any], dict[str, Any]]:
    query = deliveries.list_query(frozenset(given), resumed=True)
    return query, {**_MINE, **_AFTER, **dict.fromkeys(given, "x")}


_CANCELLED = {"at": 1, "at_as_text": "x", "never_as_text": "x"}

TELLING: dict[str, Plan] = {
    "channels": (owned.CHANNELS.newest[False], _MINE, "channels_newest"),
    "own channels": (owned.CHANNELS_OF[False], {**_MINE, "owner": None}, "channels_newest"),
    "next endpoints": (owned.ENDPOINTS.newest[True], {**_MINE, **_AFTER}, "endpoints_newest"),
    "enabled connections": (owned.CONNECTIONS.enabled, _MINE, "connections_enabled"),
    "inbox": (inbox.LIST[False, False], _HERS, "inbox_newest"),
    "next inbox": (inbox.LIST[False, True], {**_HERS, **_AFTER}, "inbox_newest"),
    "unread": (inbox.LIST[True, False], _HERS, "inbox_unread"),
    "next unread": (inbox.LIST[True, True], {**_HERS, **_AFTER}, "inbox_unread"),
    "count of unread": (inbox.COUNT_UNREAD, _HERS, "inbox_unread"),
    "items between": (inbox.BETWEEN[False, False], {**_HERS, "since": 1, "until": 2}, "inbox_newest"),
    "digest": (
        inbox.BETWEEN[True, False],
        {**_HERS, "since": 1, "until": 2, "quoted_carrier": '"email"'},
        "inbox_newest",
    ),
    "next digest": (
        inbox.BETWEEN[True, True],
        {**_HERS, **_AFTER, "since": 1, "until": 2, "quoted_carrier": '"email"'},
        "inbox_newest",
    ),
    "inboxes": (inbox.SINCE, {**_MINE, "since": 1}, "inbox_since"),
    "deliveries": (*delivered(), "deliveries_newest"),
    "deliveries by status": (*delivered("status"), "deliveries_by_status"),
    "deliveries by carrier": (*delivered("carrier"), "deliveries_by_carrier"),
    "deliveries by target": (*delivered("carrier", "target_id"), "deliveries_by_target"),
    "deliveries of an interview": (*delivered("interview_id"), "deliveries_interview"),
    "delivery claim": (deliveries.DUE, {"now": 1}, "deliveries_due"),
    "oldest delivery": (deliveries.OLDEST_DUE, {"now": 1}, "deliveries_due"),
    "waiting deliveries": (
        deliveries.CANCEL,
        {**_MINE, "its_carrier": "email", "its_target": "x", "except_id": None, **_CANCELLED},
        "deliveries_by_",  # those of the target, or those that wait: either are few
    ),
    "finished deliveries": (deliveries.FINISHED, {"before": 1, "limit": 9}, "deliveries_finished"),
    "notices": (notices.DUE, _DUE, "notices_due"),
    "requests": (
        scorecard_requests.REQUESTS_FOR,
        {**_MINE, "interview_id_": "i"},
        "scorecard_requests_interview",
    ),
    "requests of a person": (
        scorecard_requests.REQUESTS_OF,
        {**_MINE, "user_id_": "ann", "limit": 9},
        "scorecard_requests_person",
    ),
    "reminders": (scorecard_requests.DUE, _DUE, "scorecard_requests_due"),
    "backlog": (jobs.WAITING, {"until": 1}, "interviews_due"),
    "unread answers": (jobs.UNREAD_ANSWERS, {"until": 1}, "interviews_due"),
    "untold": (jobs.MESSAGES, {"until": 1}, "interviews_outbox"),
}
EMBEDDED: dict[str, Plan] = {
    **TELLING,
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
    "users": (people.USERS[False], {"limit": 9}, "autoindex"),
    "more organisations": (people.ORGANISATIONS[True], {"limit": 9, "after_id": "x"}, "autoindex"),
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
    "edits": (results.EDITS.before, {**_PAGE, "interview_id": "i", "before": 9}, "edits_interview"),
    "highlights": (
        highlights.NEWEST[True],
        {**_MINE, **_AFTER, "interview_id_": "i"},
        "highlights_interview",
    ),
    "neighbours in the index": (search_index.NEIGHBOURS, {"from": 1, "to": 2}, "search_places_order"),
    "passages": (search_index.ROWS, {"its_id": 1}, "PRIMARY KEY"),
    "cards": (scorecards.CARDS_FOR, {**_SCOPE, "interview_ids": ["i", "j"]}, "scorecards_interview"),
    "usage": (usage.NEWEST[False], {"organisation_id_": "acme", "limit": 9}, "PRIMARY KEY"),
    "earlier usage": (
        usage.NEWEST[True],
        {"organisation_id_": "acme", "limit": 9, "before": "2026-03-01"},
        "PRIMARY KEY",
    ),
}
SORTED_FROM_AN_INDEX = EMBEDDED.keys() - {"by candidate", "by position"}


def explain(connection: Connection, query: Select[Any] | TextClause, values: Mapping[str, Any]) -> list[str]:
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


SEARCHED = {
    "words": '"a" AND "b c"',
    **_SCOPE,
    "least": -1,
    "below": 9,
    "from_at": None,
    "to_at": 5,
    "limit": 9,
    "at": 1,
    "interview_id": "i",
    **dict.fromkeys(("candidate", "candidate_end", "position", "position_end", "tag", "template_id"), "x"),
}


class TestEmbeddedSearch:
    """Hits come in the order of the list from the index of words, so that a page needs no more than its rows."""

    async def plan(self, database: SqliteDatabase, query: TextClause) -> list[str]:
        names = query.compile().params
        values = {name: SEARCHED[name] for name in names}
        return await database.read(lambda connection: explain(connection, query, values))

    async def test_hits_are_looked_up_one_by_one(self, database: SqliteDatabase) -> None:
        words, *others = await self.plan(database, search.HITS)
        assert words.startswith("SCAN w VIRTUAL TABLE INDEX")
        assert [step.split(" (")[0] for step in others] == [
            "SEARCH p USING INTEGER PRIMARY KEY",
            "SEARCH s USING INTEGER PRIMARY KEY",
            "SEARCH i USING INDEX sqlite_autoindex_interviews_1",
        ]

    @pytest.mark.parametrize(
        ("given", "index"),
        [
            ("candidate", "interviews_by_candidate"),
            ("position", "interviews_by_position"),
            ("tag", "interview_tags"),
            ("template_id", "interviews_"),
        ],
    )
    async def test_what_narrows_it_has_an_index(
        self, database: SqliteDatabase, given: str, index: str
    ) -> None:
        plan = await self.plan(database, search.narrowed(frozenset({given})))
        assert any(index in step for step in plan), plan
        assert any("search_places_interview" in step for step in plan), plan
        assert not [step for step in plan if step.startswith("SCAN")], plan

    @pytest.mark.parametrize(
        ("query", "index"), [(search.PLACE, "search_places_interview"), (search.OLDER, "search_places_order")]
    )
    async def test_a_page_is_resumed_from_an_index(
        self, database: SqliteDatabase, query: TextClause, index: str
    ) -> None:
        plan = await self.plan(database, query)
        assert any(index in step for step in plan), plan
        assert not [step for step in plan if step.startswith("SCAN") or "TEMP B-TREE" in step], plan
