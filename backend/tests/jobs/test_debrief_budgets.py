"""What debriefs may cost: limits for the day that all of an organisation's interviews share, and what is booked."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.models.usage import Usage
from tests.fixtures.debriefing import BODY, SCRIPT, Office, office
from tests.fixtures.openai import RunningOpenAI
from tests.fixtures.server import SettingsFactory, wait_until
from tests.jobs.test_debriefs import billed
from tests.standins.openai.analyst import Brain, ChatRequest
from tests.standins.openai.brains import diligent

pytestmark = pytest.mark.usefixtures("short_waits")

ALWAYS = 1000
READING = "full_reading"
ONE_READING = 25_000
"""Tokens: enough for the reading of one sample with all that it may be answered, not for two."""


async def used(desk: Office) -> Usage:
    """Of the day; the last one, should midnight pass in between."""
    days = await desk.container.repositories.usage(desk.organisation).list_newest(before=None, limit=1)
    assert days
    return days[0]


def held(brain: Brain, until: asyncio.Event) -> Brain:
    async def answer(request: ChatRequest) -> Any:
        await until.wait()
        return brain(request)

    return answer


class TestDay:
    async def test_two_interviews_at_once_share_it(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        go_on = asyncio.Event()
        diligent_openai.brains[READING] = held(diligent()[READING], go_on)
        limit = {"analysis_day_tokens": ONE_READING}
        async with office(each_settings_with, diligent_openai, analysis=limit) as desk:
            both = [await desk.begin(), await desk.begin()]
            tasks = [asyncio.create_task(desk.done(interview)) for interview in both]
            # The first to ask has the budget in its hands until it is answered, so the other one cannot ask.
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            assert (await used(desk)).tokens <= ONE_READING
            go_on.set()
            await asyncio.gather(*tasks)
            debriefs = [await desk.debrief(interview) for interview in both]
            assert sorted(d["engine"]["name"] for d in debriefs) == ["baseline", "openai"]
            [without] = [d for d in debriefs if d["engine"]["name"] == "baseline"]
            [failed] = without["provenance"]["failed"]
            assert failed["code"] == "analysis_budget_spent"
            assert "midnight" in failed["detail"]
            assert (await used(desk)).tokens == billed(diligent_openai)

            # What was reserved and not used is there for the next one.
            third = await desk.debrief(await desk.debriefed())
            assert third["engine"]["name"] == "openai"
            day = await used(desk)
        assert day.tokens == billed(diligent_openai) <= ONE_READING

    async def test_an_organisation_may_allow_itself_less(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            await desk.rule(daily_tokens=5000)
            interview = await desk.debriefed()
            limited = await desk.debrief(interview)
            assert [f["code"] for f in limited["provenance"]["failed"]] == ["analysis_budget_spent"]
            assert diligent_openai.requests == []

            # Another organisation of the same installation is not concerned.
            bob = desk.server.client("bob")
            theirs = str((await bob.post("/interviews", json=BODY)).json()["id"])
            await bob.put(f"/interviews/{theirs}/transcript", content=SCRIPT)
            await wait_until(bob, theirs, "done")
            debrief = (await bob.get(f"/interviews/{theirs}/analysis")).json()
            assert debrief["engine"]["name"] == "openai"

            await desk.rule(daily_tokens=None)
            await desk.again(interview)
            assert (await desk.debrief(interview))["engine"]["name"] == "openai"

    async def test_a_limit_in_money_holds_as_well(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        # A reading is reserved with 12,000 tokens of output: about 0.008 US dollars.
        async with office(settings_with, diligent_openai, analysis={"analysis_day_usd": 0.009}) as desk:
            first = await desk.debrief(await desk.debriefed())
            made = [first]
            while made[-1]["engine"]["name"] == "openai" and len(made) < 12:
                made.append(await desk.debrief(await desk.debriefed()))
            day = await used(desk)
        assert first["engine"]["name"] == "openai"
        assert made[-1]["provenance"]["failed"][0]["code"] == "analysis_budget_spent"
        assert 0 < day.cost_micro_usd <= 9000


class TestBooked:
    @pytest.mark.parametrize(
        "failure",
        [
            {"fail_with": ["insufficient_quota"]},
            {"fail_with": [401]},
            {"fail_with": [503] * 20},
            {"drop_answer": 20},
            {"hang": 20},
        ],
        ids=["no credit", "refused key", "server error", "broken off", "no answer"],
    )
    async def test_a_reservation_is_given_back_when_the_request_fails(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI, failure: dict[str, Any]
    ) -> None:
        for name, value in failure.items():
            setattr(diligent_openai.switches, name, list(value) if isinstance(value, list) else value)
        settings = {"openai_timeout_seconds": 0.1} if "hang" in failure else {}
        async with office(each_settings_with, diligent_openai, openai=settings) as desk:
            await desk.rule(when_down="fail")
            assert (await desk.finished(await desk.begin()))["status"] == "failed"
            day = await used(desk)
        assert (day.tokens, day.cost_micro_usd) == (0, 0)
        assert day.calls >= 1

    @pytest.mark.parametrize("switch", ["refuse", "content_filter", "truncate", "invalid_json"])
    async def test_an_answer_that_is_of_no_use_has_to_be_paid_for(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI, switch: str
    ) -> None:
        setattr(diligent_openai.switches, switch, ALWAYS)
        async with office(settings_with, diligent_openai) as desk:
            await desk.debriefed()
            day = await used(desk)
        assert day.calls == len(diligent_openai.requests)
        # What a refusal or an omission came to is estimated where the vendor says nothing of it.
        assert day.tokens >= billed(diligent_openai) > 0

    async def test_a_measurement_is_paid_for_like_as_many_debriefs(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            interview = await desk.debriefed()
            await desk.measure(interview, 3)
            day = await used(desk)
        assert day.tokens == billed(diligent_openai)
        assert day.calls == len(diligent_openai.requests)
