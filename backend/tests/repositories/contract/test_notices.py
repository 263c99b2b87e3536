"""What both databases must do with notices, and with requests for scorecards, which are notices of their own."""

from __future__ import annotations

import asyncio

import pytest

from app.models.notification import Topic
from app.repositories.base import Repositories
from tests.fixtures.databases import OpenDatabase
from tests.fixtures.documents import (
    FROM_THE_FUTURE,
    NOON,
    a_notice,
    a_scorecard_request,
    minutes,
    unreadable,
)


class TestNotices:
    async def test_gives_back_every_field(self, repositories: Repositories) -> None:
        notice = a_notice(
            topic=Topic.MENTION, interview_id=None, payload={"über": [1, {"a": None}]}, due_at=NOON
        )
        assert await repositories.notices.put(notice)
        assert await repositories.notices.list_due(NOON, limit=9) == [notice]

    async def test_a_second_time_changes_nothing(self, repositories: Repositories) -> None:
        tries = [a_notice(id="n", payload={"n": n}, due_at=NOON) for n in range(8)]
        put = await asyncio.gather(*(repositories.notices.put(each) for each in tries))
        assert put.count(True) == 1
        assert await repositories.notices.list_due(NOON, limit=9) == [tries[put.index(True)]]

    async def test_lists_what_is_due_oldest_first(self, repositories: Repositories) -> None:
        for n, at in enumerate((NOON, NOON - minutes(2), NOON + minutes(1), NOON - minutes(1))):
            await repositories.notices.put(a_notice("other" if n % 2 else "acme", id=f"n{n}", due_at=at))
        await repositories.notices.put(a_notice())
        assert [n.id for n in await repositories.notices.list_due(NOON, limit=9)] == ["n1", "n3", "n0"]
        assert [n.id for n in await repositories.notices.list_due(NOON, limit=1)] == ["n1"]

    async def test_deletes_once(self, repositories: Repositories) -> None:
        await repositories.notices.put(a_notice(id="n", due_at=NOON))
        assert await repositories.notices.delete("n")
        assert not await repositories.notices.delete("n")
        assert await repositories.notices.list_due(NOON, limit=9) == []

    async def test_dates_are_kept_to_the_millisecond(self, repositories: Repositories) -> None:
        exact = NOON.replace(microsecond=123_987)
        await repositories.notices.put(a_notice(created_at=exact, due_at=exact))
        [found] = await repositories.notices.list_due(NOON, limit=9)
        assert (found.created_at, found.due_at) == (NOON, NOON)

    @FROM_THE_FUTURE
    async def test_those_that_cannot_be_read_stay_and_keep_no_other_back(
        self, repositories: Repositories
    ) -> None:
        for n in range(3):
            strange = a_notice(id=f"s{n}", due_at=NOON - minutes(9))
            await repositories.notices.put(unreadable(strange, topic="from.the.future"))
        fine = [a_notice(id=f"n{n}", due_at=NOON) for n in range(2)]
        for notice in fine:
            await repositories.notices.put(notice)
        assert await repositories.notices.list_due(NOON, limit=9) == fine
        assert await repositories.notices.list_due(NOON, limit=1) == fine[:1]
        assert await repositories.notices.list_due(NOON, limit=0) == []
        assert await repositories.notices.delete("s0")

    async def test_survives_a_restart(self, open_database: OpenDatabase) -> None:
        notice = a_notice(due_at=NOON)
        async with open_database() as first:
            await first.notices.put(notice)
        async with open_database() as second:
            assert await second.notices.list_due(NOON, limit=9) == [notice]


class TestScorecardRequests:
    async def test_gives_back_every_field(self, repositories: Repositories) -> None:
        requests = repositories.scorecard_requests("acme")
        request = a_scorecard_request("i")
        assert await requests.save(request, expected_version=0)
        assert await requests.get("i", "ann") == request
        told = request.model_copy(
            update={
                "told": (Topic.SCORECARD_REQUESTED,),
                "notify_at": request.due_at,
                "due_at": NOON.replace(microsecond=123_987),
                "version": 2,
            }
        )
        assert await requests.save(told, expected_version=1)
        found = await requests.get("i", "ann")
        assert found == told.model_copy(update={"due_at": NOON})

    async def test_a_person_is_asked_once_whatever_the_id_says(self, repositories: Repositories) -> None:
        requests = repositories.scorecard_requests("acme")
        assert await requests.save(a_scorecard_request("i", id="one"), expected_version=0)
        assert not await requests.save(a_scorecard_request("i", id="two"), expected_version=0)
        assert [r.id for r in await requests.list_for("i")] == ["i:ann"]

    @pytest.mark.parametrize("expected_version", [0, 1])
    async def test_of_many_writers_one_wins(self, repositories: Repositories, expected_version: int) -> None:
        requests = repositories.scorecard_requests("acme")
        if expected_version:
            await requests.save(a_scorecard_request("i"), expected_version=0)
        writers = [
            a_scorecard_request("i", version=expected_version + 1, requested_by=f"{n}") for n in range(8)
        ]
        won = await asyncio.gather(*(requests.save(w, expected_version=expected_version) for w in writers))
        assert won.count(True) == 1
        assert await requests.get("i", "ann") == writers[won.index(True)]

    async def test_those_of_an_interview_oldest_first(self, repositories: Repositories) -> None:
        requests = repositories.scorecard_requests("acme")
        for user, age in (("ann", 1), ("bo", 2), ("cy", 1)):
            created = NOON - minutes(age)
            await requests.save(a_scorecard_request("i", user, created_at=created), expected_version=0)
        await requests.save(a_scorecard_request("i2"), expected_version=0)
        assert [r.user_id for r in await requests.list_for("i")] == ["bo", "ann", "cy"]
        assert await requests.list_for("gone") == []

    async def test_those_of_a_person_oldest_first(self, repositories: Repositories) -> None:
        requests = repositories.scorecard_requests("acme")
        for interview, age in (("i1", 1), ("i2", 2), ("i3", 0)):
            created = NOON - minutes(age)
            await requests.save(a_scorecard_request(interview, created_at=created), expected_version=0)
        await requests.save(a_scorecard_request("i1", "bo"), expected_version=0)
        assert [r.interview_id for r in await requests.list_of("ann", limit=9)] == ["i2", "i1", "i3"]
        assert [r.interview_id for r in await requests.list_of("ann", limit=1)] == ["i2"]
        assert await repositories.scorecard_requests("other").list_of("ann", limit=9) == []

    async def test_deletes_once(self, repositories: Repositories) -> None:
        requests = repositories.scorecard_requests("acme")
        await requests.save(a_scorecard_request("i"), expected_version=0)
        assert await requests.delete("i", "ann")
        assert not await requests.delete("i", "ann")
        assert await requests.get("i", "ann") is None

    async def test_another_organisation_neither_reads_nor_writes(self, repositories: Repositories) -> None:
        standing = a_scorecard_request("i")
        await repositories.scorecard_requests("acme").save(standing, expected_version=0)
        other = repositories.scorecard_requests("other")
        assert await other.get("i", "ann") is None
        assert await other.list_for("i") == []
        assert not await other.delete("i", "ann")
        for expected_version in (0, 1):
            foreign = a_scorecard_request("i", organisation_id="other", version=2)
            assert not await other.save(foreign, expected_version=expected_version)
        with pytest.raises(ValueError, match="another organisation"):
            await other.save(standing, expected_version=0)
        assert await repositories.scorecard_requests("acme").get("i", "ann") == standing

    async def test_survives_a_restart(self, open_database: OpenDatabase) -> None:
        request = a_scorecard_request("i")
        async with open_database() as first:
            await first.scorecard_requests("acme").save(request, expected_version=0)
        async with open_database() as second:
            assert await second.scorecard_requests("acme").get("i", "ann") == request
            assert await second.reminders.list_due(NOON, limit=9) == [request]


class TestReminders:
    async def test_lists_what_is_to_be_told_of_all_organisations_oldest_first(
        self, repositories: Repositories
    ) -> None:
        moments = {"ann": NOON, "bo": NOON - minutes(2), "cy": NOON + minutes(1), "dee": NOON - minutes(1)}
        for user, at in moments.items():
            organisation = "other" if user == "bo" else "acme"
            request = a_scorecard_request("i", user, organisation, notify_at=at)
            await repositories.scorecard_requests(organisation).save(request, expected_version=0)
        found = await repositories.reminders.list_due(NOON, limit=9)
        assert [r.user_id for r in found] == ["bo", "dee", "ann"]
        assert [r.user_id for r in await repositories.reminders.list_due(NOON, limit=1)] == ["bo"]

    @FROM_THE_FUTURE
    async def test_those_that_cannot_be_read_keep_no_other_back(self, repositories: Repositories) -> None:
        acme = repositories.scorecard_requests("acme")
        for user in ("ann", "bo", "cy"):
            strange = a_scorecard_request("i", user, notify_at=NOON - minutes(9))
            await acme.save(unreadable(strange, told=("from.the.future",)), expected_version=0)
        await acme.save(a_scorecard_request("i", "dee", notify_at=NOON), expected_version=0)
        assert [r.user_id for r in await repositories.reminders.list_due(NOON, limit=1)] == ["dee"]
