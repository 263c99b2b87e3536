"""What changed, in its order; and changes that are made only where nobody else was first."""

from __future__ import annotations

import asyncio

import pytest

from app.models.base import utc_now
from app.models.interview import Interview, Status
from app.repositories.base import (
    Expect,
    InterviewFilter,
    InterviewRepository,
    Repositories,
)
from tests.fixtures.documents import NOON, an_interview, minutes

EVERYTHING = InterviewFilter()
NAMES = [
    "Zoë Łukasiewicz",
    "אבי כהן",
    "محمد علي",
    "山田太郎",
    "👩🏽‍💻 Ada",
    "e\u0301toile",
    'O\'Brien "$where" {}',
]


async def insert_all(repository: InterviewRepository, *interviews: Interview) -> None:
    for interview in interviews:
        await repository.insert(interview)


async def list_ids(repository: InterviewRepository, where: InterviewFilter = EVERYTHING) -> list[str]:
    return [found.id for found in await repository.list_newest(where, after=None, limit=100)]


class TestListChanged:
    async def test_oldest_change_first_from_the_given_moment_on(self, repositories: Repositories) -> None:
        acme = repositories.interviews("acme")
        await insert_all(
            acme, *(an_interview(id=f"i{n}", updated_at=NOON + minutes(n)) for n in (3, 1, 2, 0))
        )
        changed = await acme.list_changed(NOON + minutes(1), limit=2)
        assert [i.id for i in changed] == ["i1", "i2"]

    async def test_after_a_full_page_it_goes_on_within_the_same_moment(
        self, repositories: Repositories
    ) -> None:
        acme = repositories.interviews("acme")
        await insert_all(acme, *(an_interview(id=f"i{n}", updated_at=NOON) for n in (2, 0, 1, 3)))
        await insert_all(acme, an_interview(id="a", updated_at=NOON + minutes(1)))
        first = await acme.list_changed(NOON, limit=2)
        rest = await acme.list_changed(first[-1].updated_at, after_id=first[-1].id, limit=9)
        assert [i.id for i in (*first, *rest)] == ["i0", "i1", "i2", "i3", "a"]


class TestCompareAndSet:
    async def test_sets_the_fields_and_raises_the_version(self, repositories: Repositories) -> None:
        acme = repositories.interviews("acme")
        interview = an_interview(tags=("old",))
        await acme.insert(interview)
        before = utc_now()
        changed = await acme.compare_and_set(
            interview.id,
            Expect(statuses=(Status.CREATED,), epoch=0, version=1),
            {"status": Status.PREPARING, "due_at": NOON, "tags": ("new",)},
        )
        assert changed is not None
        assert before <= changed.updated_at <= utc_now()
        assert changed == interview.model_copy(
            update={
                "status": Status.PREPARING,
                "due_at": NOON,
                "tags": ("new",),
                "version": 2,
                "updated_at": changed.updated_at,
            }
        )
        assert await acme.get(interview.id) == changed

    @pytest.mark.parametrize(
        "expect", [Expect(statuses=(Status.DONE,)), Expect(statuses=()), Expect(epoch=1), Expect(version=2)]
    )
    async def test_changes_nothing_when_the_expectation_fails(
        self, repositories: Repositories, expect: Expect
    ) -> None:
        acme = repositories.interviews("acme")
        interview = an_interview()
        await acme.insert(interview)
        assert await acme.compare_and_set(interview.id, expect, {"title": "changed"}) is None
        assert await acme.get(interview.id) == interview

    async def test_of_many_with_one_expected_version_one_wins(self, repositories: Repositories) -> None:
        acme = repositories.interviews("acme")
        await acme.insert(an_interview(id="i"))
        results = await asyncio.gather(
            *(acme.compare_and_set("i", Expect(version=1), {"title": f"from {n}"}) for n in range(30))
        )
        winners = [r for r in results if r is not None]
        assert len(winners) == 1
        assert await acme.get("i") == winners[0]

    async def test_keeps_the_given_time_of_the_change(self, repositories: Repositories) -> None:
        acme = repositories.interviews("acme")
        await acme.insert(an_interview(id="i"))
        changed = await acme.compare_and_set("i", Expect(), {"updated_at": NOON + minutes(7)})
        assert changed is not None
        assert changed.updated_at == NOON + minutes(7)

    async def test_sets_to_nothing_and_to_empty(self, repositories: Repositories) -> None:
        acme = repositories.interviews("acme")
        await acme.insert(an_interview(id="i", position="Cook", tags=("a",), progress=0.5))
        changed = await acme.compare_and_set("i", Expect(), {"position": None, "tags": (), "progress": None})
        assert changed is not None
        assert (changed.position, changed.tags, changed.progress) == (None, (), None)
        assert await acme.get("i") == changed

    @pytest.mark.parametrize("name", ["id", "organisation_id", "created_at", "version", "no_such_field"])
    async def test_refuses_what_never_changes(self, repositories: Repositories, name: str) -> None:
        with pytest.raises(ValueError, match=name):
            await repositories.interviews("acme").compare_and_set("i", Expect(), {name: "x"})
