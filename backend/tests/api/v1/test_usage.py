"""Use of models over HTTP, on both databases: what each day cost, and which limits hold."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.repositories.base import UsageLimits
from tests.fixtures.drafting import drafted, drafting
from tests.fixtures.openai import RunningOpenAI
from tests.fixtures.panel import Team
from tests.fixtures.server import SettingsFactory

DAY = date(2026, 3, 1)


async def use(team: Team, *days: date) -> None:
    for n, day in enumerate(days, start=1):
        usage = team.stored.usage(team.organisation)
        assert await usage.reserve(day, tokens=1000 * n, cost_micro_usd=250_001 * n, limits=UsageLimits())


async def test_days_come_newest_first_and_page_by_page(team: Team) -> None:
    await use(team, *(DAY + timedelta(days=n) for n in range(5)))
    first = (await team.rex.get("/usage", params={"limit": 2})).json()
    assert first["items"] == [
        {"day": "2026-03-05", "tokens": 5000, "cost_usd": 1.250005, "calls": 1},
        {"day": "2026-03-04", "tokens": 4000, "cost_usd": 1.000004, "calls": 1},
    ]
    second = (await team.rex.get("/usage", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [d["day"] for d in second["items"]] == ["2026-03-03", "2026-03-02"]
    third = (await team.rex.get("/usage", params={"limit": 2, "cursor": second["next_cursor"]})).json()
    assert ([d["day"] for d in third["items"]], third["next_cursor"]) == (["2026-03-01"], None)


async def test_earlier_days_can_be_left_out(team: Team) -> None:
    await use(team, *(DAY + timedelta(days=n) for n in range(5)))
    query = {"from": "2026-03-03", "limit": 2}
    first = (await team.rex.get("/usage", params=query)).json()
    rest = (await team.rex.get("/usage", params={**query, "cursor": first["next_cursor"]})).json()
    assert [d["day"] for d in (*first["items"], *rest["items"])] == ["2026-03-05", "2026-03-04", "2026-03-03"]
    assert rest["next_cursor"] is None


async def test_another_organisation_sees_its_own(team: Team) -> None:
    await use(team, DAY)
    assert (await team.server.client("eve").get("/usage")).json()["items"] == []


@pytest.mark.parametrize("query", [{"from": "yesterday"}, {"cursor": "x"}, {"limit": 0}])
async def test_what_is_no_day_is_refused(team: Team, query: dict[str, Any]) -> None:
    answer = await team.rex.get("/usage", params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


@pytest.mark.parametrize(
    ("own", "day"), [(None, 50_000_000), (0, 0), (7, 7), (60_000_000, 50_000_000)], ids=str
)
async def test_the_lower_limit_is_in_force(team: Team, own: int | None, day: int) -> None:
    await team.ada.patch("/organisation", json={"analysis": {"daily_tokens": own}})
    assert (await team.rex.get("/usage")).json()["limits"] == {
        "interview": {"tokens": 1_000_000, "cost_usd": None},
        "day": {"tokens": day, "cost_usd": None},
    }


async def test_a_debrief_is_counted_with_its_cost(
    settings_with: SettingsFactory, openai: RunningOpenAI
) -> None:
    dear = {"analysis_day_usd": 2.5}
    async with drafting(settings_with, openai, analysis=dear) as server:
        api = server.client()
        interview = await drafted(api)
        made_by = (await api.get(f"/interviews/{interview}/analysis")).json()["provenance"]
        usage = (await api.get("/usage")).json()
    [today] = usage["items"]
    assert today["tokens"] == made_by["input_tokens"] + made_by["output_tokens"]
    assert today["calls"] == len(made_by["calls"]) == len(openai.requests)
    assert today["cost_usd"] == pytest.approx(made_by["cost_usd"], abs=1e-5)
    assert usage["limits"]["day"]["cost_usd"] == 2.5


async def test_an_organisation_that_allows_itself_nothing_asks_no_model(
    settings_with: SettingsFactory, openai: RunningOpenAI
) -> None:
    async with drafting(settings_with, openai) as server:
        api = server.client()
        await api.patch("/organisation", json={"analysis": {"daily_tokens": 0}})
        interview = await drafted(api)
        analysis = (await api.get(f"/interviews/{interview}/analysis")).json()
    assert analysis["engine"]["kind"] == "offline_baseline"
    assert openai.requests == []
