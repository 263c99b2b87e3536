"""What both databases must do with stability reports."""

from __future__ import annotations

import asyncio

import pytest

from app.models.interview import TemplateRef
from app.models.provenance import CallOutcome, CallPurpose, ModelCall, Provenance
from app.models.stability import CriterionStability
from app.models.template import Level
from app.repositories.base import Fenced, Repositories
from tests.fixtures.databases import OpenDatabase
from tests.fixtures.documents import a_stability_report

FULL = a_stability_report(
    "i",
    template=TemplateRef(id="t", version=2),
    criteria=(
        CriterionStability(
            criterion_id="depth",
            name="Tiefe ✓",
            levels=(Level.YES, None, Level.YES),
            agreement=2 / 3,
            flips=True,
        ),
    ),
    suggestions=(Level.YES, None, Level.STRONG_YES),
    provenance=Provenance(
        parameters={"temperature": 0.0, "seed": 7, "strict": True, "tier": None},
        calls=(
            ModelCall(
                purpose=CallPurpose.JUDGE, input_hash="ab", outcome=CallOutcome.COMPLETE, cost_usd=0.0125
            ),
        ),
    ),
)


class TestStabilityReports:
    async def test_give_back_every_field(self, repositories: Repositories) -> None:
        await repositories.stability("acme").put(FULL)
        assert await repositories.stability("acme").get("i", 1) == FULL

    async def test_are_fenced_and_scoped_like_analyses(self, repositories: Repositories) -> None:
        reports = repositories.stability("acme")
        newer = a_stability_report("i", epoch=2, runs=5)
        await reports.put(a_stability_report("i", epoch=1))
        await reports.put(newer)
        for epoch in (1, 2):
            with pytest.raises(Fenced):
                await reports.put(a_stability_report("i", epoch=epoch))
        for foreign in (a_stability_report("i", "other", epoch=9), a_stability_report("i", epoch=9)):
            with pytest.raises(Fenced):
                await repositories.stability("other").put(foreign)
        assert await reports.get("i", 1) == newer
        assert await repositories.stability("other").get("i", 1) is None

    async def test_of_many_writers_the_newest_stands(self, repositories: Repositories) -> None:
        reports = repositories.stability("acme")
        writers = [a_stability_report("i", epoch=epoch) for epoch in range(1, 13)]
        results = await asyncio.gather(*(reports.put(r) for r in reversed(writers)), return_exceptions=True)
        assert all(r is None or isinstance(r, Fenced) for r in results)
        assert await reports.get("i", 1) == writers[-1]

    async def test_are_listed_by_falling_revision(self, repositories: Repositories) -> None:
        reports = repositories.stability("acme")
        stored = [a_stability_report("i", revision=n) for n in range(1, 13)]
        for report in (*stored, a_stability_report("i2", revision=20)):
            await reports.put(report)
        assert await reports.list_newest("i", before=None, limit=2) == [stored[11], stored[10]]
        assert await reports.list_newest("i", before=3, limit=9) == [stored[1], stored[0]]
        assert await repositories.stability("other").list_newest("i", before=None, limit=9) == []

    async def test_survive_a_restart(self, open_database: OpenDatabase) -> None:
        async with open_database() as first:
            await first.stability("acme").put(FULL)
        async with open_database() as second:
            assert await second.stability("acme").get("i", 1) == FULL
