"""What both databases must do with the daily use of models."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from app.models.usage import Usage
from app.repositories.base import Repositories, UsageLimits, UsageRepository
from tests.fixtures.databases import OpenDatabase

DAY = date(2026, 3, 1)
UNLIMITED = UsageLimits()


async def use(usage: UsageRepository, day: date = DAY, *, tokens: int = 10, cost: int = 0) -> None:
    assert await usage.reserve(day, tokens=tokens, cost_micro_usd=cost, limits=UNLIMITED)


def used(tokens: int, cost: int, calls: int, day: date = DAY, organisation: str = "acme") -> Usage:
    return Usage(organisation_id=organisation, day=day, tokens=tokens, cost_micro_usd=cost, calls=calls)


class TestReserve:
    async def test_adds_up(self, repositories: Repositories) -> None:
        usage = repositories.usage("acme")
        await use(usage, tokens=10, cost=7)
        await use(usage, tokens=5_000_000_000, cost=1)
        assert await usage.get(DAY) == used(5_000_000_010, 8, 2)

    @pytest.mark.parametrize(
        "limits",
        [
            UsageLimits(tokens=200),
            UsageLimits(cost_micro_usd=600),
            UsageLimits(tokens=209, cost_micro_usd=10_000),
            UsageLimits(tokens=10_000, cost_micro_usd=629),
        ],
    )
    async def test_of_many_at_once_as_many_as_fit_are_granted(
        self, repositories: Repositories, limits: UsageLimits
    ) -> None:
        usage = repositories.usage("acme")
        granted = await asyncio.gather(
            *(usage.reserve(DAY, tokens=10, cost_micro_usd=30, limits=limits) for _ in range(50))
        )
        assert granted.count(True) == 20
        assert await usage.get(DAY) == used(200, 600, 20)

    async def test_without_limits_nobody_is_refused(self, repositories: Repositories) -> None:
        usage = repositories.usage("acme")
        await asyncio.gather(*(use(usage, tokens=3) for _ in range(30)))
        assert await usage.get(DAY) == used(90, 0, 30)

    async def test_fills_a_limit_exactly_and_passes_it_by_nothing(self, repositories: Repositories) -> None:
        usage = repositories.usage("acme")
        limits = UsageLimits(tokens=100)
        assert await usage.reserve(DAY, tokens=100, cost_micro_usd=0, limits=limits)
        assert not await usage.reserve(DAY, tokens=1, cost_micro_usd=0, limits=limits)
        assert await usage.get(DAY) == used(100, 0, 1)

    async def test_a_refusal_leaves_no_trace(self, repositories: Repositories) -> None:
        usage = repositories.usage("acme")
        assert not await usage.reserve(DAY, tokens=11, cost_micro_usd=0, limits=UsageLimits(tokens=10))
        assert await usage.get(DAY) == used(0, 0, 0)
        assert await usage.list_newest(before=None, limit=9) == []

    async def test_days_and_organisations_have_their_own_budget(self, repositories: Repositories) -> None:
        limits = UsageLimits(tokens=10)
        for organisation in ("acme", "other"):
            for day in (DAY, DAY + timedelta(days=1)):
                usage = repositories.usage(organisation)
                assert await usage.reserve(day, tokens=10, cost_micro_usd=1, limits=limits)
                assert not await usage.reserve(day, tokens=10, cost_micro_usd=1, limits=limits)
                assert await usage.get(day) == used(10, 1, 1, day, organisation)


class TestSettle:
    async def test_corrects_in_both_directions(self, repositories: Repositories) -> None:
        usage = repositories.usage("acme")
        await use(usage, tokens=100, cost=50)
        await usage.settle(DAY, tokens=-60, cost_micro_usd=5)
        assert await usage.get(DAY) == used(40, 55, 1)

    async def test_makes_room_again(self, repositories: Repositories) -> None:
        usage = repositories.usage("acme")
        limits = UsageLimits(tokens=100)
        assert await usage.reserve(DAY, tokens=100, cost_micro_usd=0, limits=limits)
        await usage.settle(DAY, tokens=-30, cost_micro_usd=0)
        assert not await usage.reserve(DAY, tokens=31, cost_micro_usd=0, limits=limits)
        assert await usage.reserve(DAY, tokens=30, cost_micro_usd=0, limits=limits)

    async def test_many_at_once_all_count(self, repositories: Repositories) -> None:
        usage = repositories.usage("acme")
        await use(usage, tokens=1000, cost=0)
        await asyncio.gather(*(usage.settle(DAY, tokens=-n, cost_micro_usd=n) for n in range(20)))
        assert await usage.get(DAY) == used(810, 190, 1)

    async def test_may_come_before_anything_else_on_a_day(self, repositories: Repositories) -> None:
        usage = repositories.usage("acme")
        await usage.settle(DAY, tokens=5, cost_micro_usd=2)
        assert await usage.get(DAY) == used(5, 2, 0)


class TestListNewest:
    async def test_gives_days_with_use_newest_first(self, repositories: Repositories) -> None:
        usage = repositories.usage("acme")
        days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 9, 30), date(2026, 10, 1)]
        for day in days:
            await use(usage, day)
        await use(repositories.usage("other"), date(2026, 11, 1))
        newest = await usage.list_newest(before=None, limit=3)
        assert [u.day for u in newest] == [days[3], days[2], days[1]]
        assert [u.day for u in await usage.list_newest(before=days[1], limit=9)] == [days[0]]
        assert newest[0] == used(10, 0, 1, days[3])

    async def test_survives_a_restart(self, open_database: OpenDatabase) -> None:
        async with open_database() as first:
            await use(first.usage("Ørg"), tokens=3, cost=4)
        async with open_database() as second:
            assert await second.usage("Ørg").get(DAY) == used(3, 4, 1, organisation="Ørg")
