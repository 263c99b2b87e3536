"""The feed: what other processes change is found in the database, however much it is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NoReturn

import pytest

from app.models.base import utc_now
from app.models.event import Event, EventKind
from app.repositories.base import Repositories
from app.services.events import feed
from app.services.events.local import LocalEventBus
from tests.fixtures.documents import an_inbox_item, an_interview

BATCH = 3


@pytest.fixture(autouse=True)
def _small_and_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "_BATCH", BATCH)
    monkeypatch.setattr(feed, "_INTERVAL", 0.01)


@contextmanager
def heard(bus: LocalEventBus, organisation: str = "acme") -> Iterator[list[Event]]:
    events: list[Event] = []
    with bus.listen(organisation, events.append):
        yield events


async def told(events: list[Event], wanted: set[tuple[str, Any]]) -> None:
    """Until all of it was told: pairs of a kind and the id of what it is about."""
    async with asyncio.timeout(30):
        while not wanted <= {_about(event) for event in events}:
            await asyncio.sleep(0.01)


def _about(event: Event) -> tuple[str, Any]:
    own = event.data.get("id") if event.kind is EventKind.NOTIFICATION else event.interview_id
    return event.kind.value, own


async def test_more_than_a_batch_within_the_overlap_is_told_to_its_end(repositories: Repositories) -> None:
    now, bus = utc_now(), LocalEventBus()
    ids = [f"i{n}" for n in range(3 * BATCH)]
    for each in ids:
        await repositories.interviews("acme").insert(an_interview(id=each, updated_at=now))
        await repositories.inbox("acme").put(an_inbox_item(id=f"to-{each}", created_at=now))
    watch = feed._Watch(repositories, bus, "acme", now)
    with heard(bus) as events:
        await watch.look(now)
        await repositories.interviews("acme").insert(an_interview(id="later", updated_at=now))
        await watch.look(now + timedelta(seconds=1))
    assert [e.interview_id for e in events if e.kind is EventKind.INTERVIEW_CHANGED] == [
        *ids,
        *ids,
        "later",
    ]
    items = [e for e in events if e.kind is EventKind.NOTIFICATION]
    assert [e.data["id"] for e in items] == [f"to-{each}" for each in ids], (
        "each once, for all of the overlap"
    )
    assert {e.data["unread"] for e in items} == {len(ids)}


async def test_unread_items_are_counted_once_for_a_person(
    repositories: Repositories, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, bus = utc_now(), LocalEventBus()
    inbox = repositories.inbox("acme")
    for user in ("ann", "bo"):
        for number in range(2 * BATCH):
            await inbox.put(an_inbox_item(id=f"{user}{number}", user_id=user, created_at=now))
    counted: list[str] = []
    count = type(inbox).count_unread

    async def counting(self: Any, user_id: str) -> int:
        counted.append(user_id)
        return await count(self, user_id)

    monkeypatch.setattr(type(inbox), "count_unread", counting)
    with heard(bus) as events:
        await feed._Watch(repositories, bus, "acme", now).look(now)
    assert len(events) == 4 * BATCH
    assert sorted(counted) == ["ann", "bo"]


async def test_what_cannot_be_read_ends_no_feed(
    repositories: Repositories, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus, crashed = LocalEventBus(), asyncio.Event()
    interviews = type(repositories.interviews("acme"))
    list_changed = interviews.list_changed

    async def unreadable(self: Any, *_: Any, **__: Any) -> NoReturn:
        crashed.set()
        raise ValueError("of a newer release")

    monkeypatch.setattr(interviews, "list_changed", unreadable)
    following = asyncio.create_task(feed.follow_changes(repositories, bus))
    with heard(bus) as events:
        await asyncio.wait_for(crashed.wait(), 30)
        monkeypatch.setattr(interviews, "list_changed", list_changed)
        await repositories.interviews("acme").insert(an_interview(id="i1", updated_at=utc_now()))
        await told(events, {("interview.changed", "i1")})
    following.cancel()
    await asyncio.wait([following])
