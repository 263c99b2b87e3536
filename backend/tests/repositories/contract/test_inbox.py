"""What both databases must do with inboxes and with what people wish to hear of."""

from __future__ import annotations

import asyncio
from datetime import time

import pytest

from app.models.delivery import Carrier
from app.models.notification import InboxItem, QuietHours, Scope, Topic, TopicWish, Wish
from app.repositories.base import PageKey, Repositories
from tests.fixtures.databases import OpenDatabase
from tests.fixtures.documents import NOON, an_inbox_item, minutes, some_preferences


async def fill(repositories: Repositories, count: int, user_id: str = "ann") -> None:
    """Items `<user>0` … of which two each came at the same moment; every third is read."""
    inbox = repositories.inbox("acme")
    for n in range(count):
        read = NOON + minutes(99) if n % 3 == 2 else None
        item = an_inbox_item(user_id, id=f"{user_id}{n}", created_at=NOON + minutes(n // 2), read_at=read)
        await inbox.put(item)


class TestPut:
    async def test_gives_back_every_field(self, repositories: Repositories) -> None:
        inbox = repositories.inbox("acme")
        item = an_inbox_item(
            topic=Topic.MENTION,
            interview_id=None,
            subject="Zoë 👩‍💻",
            payload={"by": "bo", "über": [1, {"a": None}]},
            read_at=NOON + minutes(1),
        )
        assert await inbox.put(item)
        assert await inbox.list_newest("ann", unread_only=False, after=None, limit=9) == [item]

    async def test_a_second_time_changes_nothing(self, repositories: Repositories) -> None:
        inbox = repositories.inbox("acme")
        item = an_inbox_item(subject="first")
        tries = [item.model_copy(update={"subject": f"{n}"}) for n in range(8)]
        put = await asyncio.gather(*(inbox.put(each) for each in tries))
        assert put.count(True) == 1
        found = await inbox.list_newest("ann", unread_only=False, after=None, limit=9)
        assert found == [tries[put.index(True)]]

    async def test_dates_are_kept_to_the_millisecond(self, repositories: Repositories) -> None:
        inbox = repositories.inbox("acme")
        await inbox.put(an_inbox_item(created_at=NOON.replace(microsecond=123_987)))
        [found] = await inbox.list_newest("ann", unread_only=False, after=None, limit=9)
        assert found.created_at == NOON.replace(microsecond=123_000)

    async def test_survives_a_restart(self, open_database: OpenDatabase) -> None:
        item = an_inbox_item()
        async with open_database() as first:
            await first.inbox("acme").put(item)
        async with open_database() as second:
            found = await second.inbox("acme").list_newest("ann", unread_only=True, after=None, limit=9)
        assert found == [item]


class TestScope:
    async def test_another_organisation_neither_reads_nor_writes(self, repositories: Repositories) -> None:
        await fill(repositories, 2)
        other = repositories.inbox("other")
        assert await other.list_newest("ann", unread_only=False, after=None, limit=9) == []
        assert await other.list_between("ann", NOON, NOON + minutes(9), limit=9) == []
        assert await other.list_since(NOON, limit=9) == []
        assert await other.count_unread("ann") == 0
        assert await other.mark_read("ann", NOON, item_ids=None) == 0
        assert await other.mark_read("ann", NOON, item_ids=["ann0"]) == 0
        assert await repositories.inbox("acme").count_unread("ann") == 2

    async def test_an_item_of_another_organisation_is_refused(self, repositories: Repositories) -> None:
        with pytest.raises(ValueError, match="another organisation"):
            await repositories.inbox("other").put(an_inbox_item())


class TestLists:
    async def test_a_persons_items_newest_first_in_pages(self, repositories: Repositories) -> None:
        await fill(repositories, 5)
        await fill(repositories, 2, "bo")
        inbox = repositories.inbox("acme")
        first = await inbox.list_newest("ann", unread_only=False, after=None, limit=3)
        after = PageKey(first[-1].created_at, first[-1].id)
        rest = await inbox.list_newest("ann", unread_only=False, after=after, limit=3)
        assert [i.id for i in (*first, *rest)] == ["ann4", "ann3", "ann2", "ann1", "ann0"]

    async def test_the_unread_in_pages(self, repositories: Repositories) -> None:
        await fill(repositories, 6)
        inbox = repositories.inbox("acme")
        first = await inbox.list_newest("ann", unread_only=True, after=None, limit=2)
        after = PageKey(first[-1].created_at, first[-1].id)
        rest = await inbox.list_newest("ann", unread_only=True, after=after, limit=9)
        assert [i.id for i in (*first, *rest)] == ["ann4", "ann3", "ann1", "ann0"]

    async def test_those_between_two_moments_oldest_first(self, repositories: Repositories) -> None:
        await fill(repositories, 8)
        await fill(repositories, 8, "bo")
        inbox = repositories.inbox("acme")
        found = await inbox.list_between("ann", NOON + minutes(1), NOON + minutes(3), limit=9)
        assert [i.id for i in found] == ["ann2", "ann3", "ann4", "ann5"]
        found = await inbox.list_between("ann", NOON + minutes(1), NOON + minutes(3), limit=3)
        assert [i.id for i in found] == ["ann2", "ann3", "ann4"]

    async def test_those_of_one_ways_digest_in_pages(self, repositories: Repositories) -> None:
        inbox = repositories.inbox("acme")
        ways = [("email", "channel"), ("channel",), (), ("email",), ("email",), ("channel",)]
        for n, digests in enumerate(ways):
            item = an_inbox_item(id=f"i{n}", digests=digests, created_at=NOON + minutes(n // 2))
            await inbox.put(item)

        async def page(limit: int, after: PageKey | None = None) -> list[InboxItem]:
            return list(
                await inbox.list_between(
                    "ann", NOON, NOON + minutes(9), digest=Carrier.EMAIL, after=after, limit=limit
                )
            )

        assert [i.id for i in await page(9)] == ["i0", "i3", "i4"]
        found: list[InboxItem] = []
        while more := await page(1, PageKey(found[-1].created_at, found[-1].id) if found else None):
            found += more
        assert [i.id for i in found] == ["i0", "i3", "i4"]
        everything: list[InboxItem] = []
        while more := await inbox.list_between(
            "ann",
            NOON,
            NOON + minutes(2),
            after=PageKey(everything[-1].created_at, everything[-1].id) if everything else None,
            limit=3,
        ):
            everything += more
        assert [i.id for i in everything] == ["i0", "i1", "i2", "i3"]

    async def test_everybodys_since_a_moment_oldest_first(self, repositories: Repositories) -> None:
        await fill(repositories, 4, "bo")
        await fill(repositories, 4)
        inbox = repositories.inbox("acme")
        found = await inbox.list_since(NOON + minutes(1), limit=9)
        assert [i.id for i in found] == ["ann2", "ann3", "bo2", "bo3"]
        assert [i.id for i in await inbox.list_since(NOON, limit=2)] == ["ann0", "ann1"]
        rest = await inbox.list_since(NOON, after_id="ann1", limit=9)
        assert [i.id for i in rest] == ["bo0", "bo1", "ann2", "ann3", "bo2", "bo3"]


class TestMarkRead:
    async def test_marks_those_that_are_named_and_unread(self, repositories: Repositories) -> None:
        await fill(repositories, 3)
        await fill(repositories, 1, "bo")
        inbox = repositories.inbox("acme")
        at = NOON + minutes(5)
        assert await inbox.mark_read("ann", at, item_ids=["ann0", "ann2", "bo0", "gone"]) == 1
        assert await inbox.mark_read("ann", at, item_ids={"ann0"}) == 0
        assert await inbox.mark_read("ann", at, item_ids=[]) == 0
        items = {i.id: i for i in await inbox.list_newest("ann", unread_only=False, after=None, limit=9)}
        assert {name: item.read_at for name, item in items.items()} == {
            "ann0": at,
            "ann1": None,
            "ann2": NOON + minutes(99),
        }
        assert await inbox.count_unread("ann") == 1
        assert await inbox.count_unread("bo") == 1

    async def test_marks_all_and_leaves_the_rest_of_them_as_it_was(self, repositories: Repositories) -> None:
        inbox = repositories.inbox("acme")
        item = an_inbox_item(subject='Zoë "q" \\ 👩‍💻 \u2028', payload={"n": 1.5, "x": "é"})
        await inbox.put(item)
        await fill(repositories, 2)
        at = (NOON + minutes(5)).replace(microsecond=7_999)
        assert await inbox.mark_read("ann", at, item_ids=None) == 3
        assert await inbox.count_unread("ann") == 0
        found = await inbox.list_newest("ann", unread_only=False, after=None, limit=9)
        assert item.model_copy(update={"read_at": at.replace(microsecond=7_000)}) in found
        assert await inbox.list_newest("ann", unread_only=True, after=None, limit=9) == []

    async def test_of_many_at_once_each_item_is_counted_once(self, repositories: Repositories) -> None:
        await fill(repositories, 9)
        inbox = repositories.inbox("acme")
        counts = await asyncio.gather(*(inbox.mark_read("ann", NOON, item_ids=None) for _ in range(8)))
        assert sum(counts) == 6


FULL = {
    "topics": {
        Topic.DEBRIEF_READY: TopicWish(in_app=False, email=Wish.DIGEST, channels=Wish.NOW),
        Topic.MENTION: TopicWish(email=Wish.NOW),
    },
    "scope": Scope.ALL,
    "quiet_hours": QuietHours(begin=time(22, 30), end=time(6, 5)),
    "digest_at": time(17, 45),
    "time_zone": "America/Argentina/Buenos_Aires",
}


class TestPreferences:
    async def test_gives_back_every_field(self, repositories: Repositories) -> None:
        acme = repositories.preferences("acme")
        wishes = some_preferences(**FULL)
        assert await acme.save(wishes, expected_version=0)
        assert await acme.get("ann") == wishes
        fewer = some_preferences(version=2)
        assert await acme.save(fewer, expected_version=1)
        assert await acme.get("ann") == fewer

    async def test_who_saved_none_has_none(self, repositories: Repositories) -> None:
        acme = repositories.preferences("acme")
        assert await acme.get("ann") is None
        assert not await acme.save(some_preferences(version=2), expected_version=1)
        assert await acme.list_for(["ann"]) == []

    async def test_those_of_several_people(self, repositories: Repositories) -> None:
        acme = repositories.preferences("acme")
        saved = [some_preferences(user, **FULL) for user in ("ann", "bo", "cy")]
        for wishes in saved:
            await acme.save(wishes, expected_version=0)
        found = await acme.list_for({"ann", "cy", "gone"})
        assert sorted(found, key=lambda p: p.user_id) == [saved[0], saved[2]]
        assert await acme.list_for([]) == []

    @pytest.mark.parametrize("expected_version", [0, 1])
    async def test_of_two_writers_one_wins(self, repositories: Repositories, expected_version: int) -> None:
        acme = repositories.preferences("acme")
        if expected_version:
            await acme.save(some_preferences(), expected_version=0)
        writers = [some_preferences(version=expected_version + 1, digest_at=time(n)) for n in range(8)]
        won = await asyncio.gather(*(acme.save(w, expected_version=expected_version) for w in writers))
        assert won.count(True) == 1
        assert await acme.get("ann") == writers[won.index(True)]

    async def test_another_organisation_has_its_own(self, repositories: Repositories) -> None:
        acme, other = repositories.preferences("acme"), repositories.preferences("other")
        await acme.save(some_preferences(), expected_version=0)
        assert await other.get("ann") is None
        assert await other.list_for(["ann"]) == []
        with pytest.raises(ValueError, match="another organisation"):
            await other.save(some_preferences(), expected_version=0)

    async def test_survives_a_restart(self, open_database: OpenDatabase) -> None:
        wishes = some_preferences(**FULL)
        async with open_database() as first:
            await first.preferences("acme").save(wishes, expected_version=0)
        async with open_database() as second:
            assert await second.preferences("acme").get("ann") == wishes
