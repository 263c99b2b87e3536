"""What an organisation may choose for the time while its engine does not work: wait, take the next, or stop."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.models.interview import Interview, Status
from tests.fixtures.debriefing import Office, office
from tests.fixtures.deepgram import RunningDeepgram
from tests.fixtures.openai import RunningOpenAI
from tests.fixtures.server import SettingsFactory

pytestmark = pytest.mark.usefixtures("short_waits")

ALWAYS = 1000


def analysing(shown: dict[str, Any]) -> list[tuple[str, str | None]]:
    """Outcome and code of every attempt at the debrief."""
    return [(r["outcome"], r["code"]) for r in shown["history"] if r["step"] == "analysing"]


async def put_off(desk: Office, interview: str, times: int) -> Interview:
    """The interview once its debrief has been put off so often."""
    async with asyncio.timeout(60):
        while True:
            stored = await desk.interview(interview)
            if stored.analysis_waits >= times:
                return stored
            await asyncio.sleep(0.02)


class TestWait:
    async def test_it_outlasts_the_attempts_and_is_done_when_the_vendor_is_back(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        diligent_openai.switches.fail_with = [503] * ALWAYS
        async with office(each_settings_with, diligent_openai) as desk:
            await desk.rule(when_down="wait")
            interview = await desk.begin()
            waiting = await put_off(desk, interview, 5)
            assert waiting.status is Status.ANALYSING
            assert waiting.analysis_revision == 0
            diligent_openai.switches.fail_with = []
            shown = await desk.done(interview)
            stored = await desk.interview(interview)
            debrief = await desk.debrief(interview)
        assert stored.analysis_waits == 0
        *waits, last = analysing(shown)
        assert len(waits) >= 5, "more than the attempts that a step has"
        assert set(waits) == {("retry", "provider_unavailable")}
        assert last == ("committed", None)
        assert {r["attempt"] for r in shown["history"]} == {1}, "waiting counts no attempt"
        assert debrief["engine"]["name"] == "openai"
        assert debrief["warnings"] == []

    async def test_the_waits_grow(
        self,
        settings_with: SettingsFactory,
        diligent_openai: RunningOpenAI,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("app.jobs.debriefs._LONGEST_WAIT", 0.1)
        diligent_openai.switches.fail_with = [503] * ALWAYS
        seen: dict[int, float] = {}
        async with office(settings_with, diligent_openai) as desk:
            await desk.rule(when_down="wait")
            interview = await desk.begin()
            for waits in range(1, 5):
                stored = await put_off(desk, interview, waits)
                if stored.history[-1].outcome == "retry" and stored.lease_owner is None:
                    wait = stored.due_at - stored.history[-1].finished_at
                    seen[stored.analysis_waits] = wait.total_seconds()
            diligent_openai.switches.fail_with = []
            await desk.done(interview)
        # Each wait is read where it was caught between two attempts; dates are kept to the millisecond.
        assert seen
        for waits, seconds in seen.items():
            assert seconds == pytest.approx(min(0.02 * 2 ** (waits - 1), 0.1), abs=0.015)

    async def test_it_comes_back_when_the_vendor_says(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        diligent_openai.switches.fail_with, diligent_openai.switches.retry_after = [429], "45"
        async with office(settings_with, diligent_openai) as desk:
            await desk.rule(when_down="wait")
            stored = await put_off(desk, await desk.begin(), 1)
        assert (stored.due_at - stored.history[-1].finished_at).total_seconds() >= 45
        assert len(diligent_openai.requests) == 1, "a minute is not waited for within the step"

    async def test_for_ever_is_too_long(
        self,
        settings_with: SettingsFactory,
        diligent_openai: RunningOpenAI,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("app.jobs.debriefs._MOST_WAITS", 2)
        diligent_openai.switches.fail_with = [503] * ALWAYS
        async with office(settings_with, diligent_openai) as desk:
            await desk.rule(when_down="wait")
            failed = await desk.finished(await desk.begin())
        assert failed["status"] == "failed"
        assert failed["failure"]["code"] == "provider_unavailable"
        assert len(analysing(failed)) == 2 + 3

    async def test_what_would_only_come_again_is_not_waited_for(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI, deepgram: RunningDeepgram
    ) -> None:
        diligent_openai.switches.fail_with = ["insufficient_quota"]
        async with office(each_settings_with, diligent_openai, deepgram) as desk:
            await desk.rule(when_down="wait")
            interview = await desk.debriefed()
            debrief = await desk.debrief(interview)
            stored = await desk.interview(interview)
        assert debrief["engine"]["name"] == "deepgram-intelligence"
        assert [f["code"] for f in debrief["provenance"]["failed"]] == ["model_quota_exhausted"]
        assert stored.analysis_waits == 0

    async def test_the_second_engine_is_waited_for_as_well(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI, deepgram: RunningDeepgram
    ) -> None:
        diligent_openai.switches.fail_with = ["insufficient_quota"] * ALWAYS
        deepgram.switches.fail_with = [503] * 4
        async with office(settings_with, diligent_openai, deepgram) as desk:
            await desk.rule(when_down="wait")
            debrief = await desk.debrief(await desk.debriefed())
        assert debrief["engine"]["name"] == "deepgram-intelligence"
        assert len(deepgram.requests) == 5


class TestFail:
    @pytest.mark.parametrize(
        ("failure", "code", "attempts"),
        [
            (503, "provider_unavailable", 3),
            ("insufficient_quota", "model_quota_exhausted", 1),
            (401, "model_key_refused", 1),
        ],
    )
    async def test_it_stops_with_the_reason_and_a_person_can_retry(
        self,
        each_settings_with: SettingsFactory,
        diligent_openai: RunningOpenAI,
        failure: int | str,
        code: str,
        attempts: int,
    ) -> None:
        diligent_openai.switches.fail_with = [failure] * ALWAYS
        async with office(each_settings_with, diligent_openai) as desk:
            await desk.rule(when_down="fail")
            interview = await desk.begin()
            failed = await desk.finished(interview)
            assert failed["status"] == "failed"
            assert (failed["failure"]["step"], failed["failure"]["code"]) == ("analysing", code)
            assert failed["failure"]["attempts"] == attempts
            assert failed["failure"]["message"]
            assert diligent_openai.key not in str(failed)
            assert failed["transcript_revision"] == 1
            diligent_openai.switches.fail_with = []
            assert (await desk.api.post(f"/interviews/{interview}/retry")).status_code == 202
            await desk.done(interview)
            assert (await desk.debrief(interview))["engine"]["name"] == "openai"

    @pytest.mark.parametrize("switch", ["refuse", "invalid_json", "truncate", "content_filter"])
    async def test_a_retry_asks_again_what_the_model_did_not_answer(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI, switch: str
    ) -> None:
        setattr(diligent_openai.switches, switch, ALWAYS)
        async with office(settings_with, diligent_openai) as desk:
            await desk.rule(when_down="fail")
            interview = await desk.begin()
            failed = await desk.finished(interview)
            assert failed["failure"]["code"] == "model_unusable"
            setattr(diligent_openai.switches, switch, 0)
            assert (await desk.api.post(f"/interviews/{interview}/retry")).status_code == 202
            await desk.done(interview)
            debrief = await desk.debrief(interview)
        assert debrief["engine"]["name"] == "openai"
        assert {call["outcome"] for call in debrief["provenance"]["calls"]} == {"complete"}

    async def test_what_was_answered_before_the_vendor_failed_is_not_asked_again(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        diligent_openai.switches.only_for_schema = "judgement"
        diligent_openai.switches.fail_with = [503] * ALWAYS
        async with office(settings_with, diligent_openai) as desk:
            await desk.rule(when_down="fail")
            interview = await desk.begin()
            await desk.finished(interview)
            diligent_openai.switches.fail_with = []
            await desk.api.post(f"/interviews/{interview}/retry")
            await desk.done(interview)
        readings = [r for r in diligent_openai.requests if r.schema == "full_reading"]
        assert len(readings) == 1
