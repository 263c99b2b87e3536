"""One transcript analysed several times: the report names the criteria that cannot be relied on, and no others."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.fixtures.debriefing import Office, office
from tests.fixtures.openai import RunningOpenAI
from tests.fixtures.server import SettingsFactory
from tests.jobs.test_debriefs import billed
from tests.standins.openai.analyst import ChatRequest
from tests.standins.openai.brains import diligent
from tests.standins.openai.journal import Json

pytestmark = pytest.mark.usefixtures("short_waits")


class Fickle:
    """Judges one criterion otherwise with every other answer, and keeps to its word on all others."""

    def __init__(self, criterion: str) -> None:
        self._criterion = criterion
        self._levels = itertools.cycle(["yes", "no"])
        self._honest = diligent()["judgement"]

    def __call__(self, request: ChatRequest) -> Json:
        answer = self._honest(request)
        assert isinstance(answer, dict)
        if request.data["criterion"]["name"] == self._criterion:
            answer = answer | {"level": next(self._levels)}
        return answer


async def report_of(desk: Office, interview: str) -> dict[str, Any]:
    answer = await desk.api.get(f"/interviews/{interview}/stability")
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


class TestReport:
    async def test_exactly_the_criterion_that_the_model_cannot_decide_flips(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            interview = await desk.debriefed()
            steady = await desk.debrief(interview)
            fickle = next(c["name"] for c in steady["criteria"] if c["level"] is not None)
            diligent_openai.brains["judgement"] = Fickle(fickle)
            assert (await desk.measure(interview, 4))["status"] == "done"
            report = await report_of(desk, interview)
            shown = await desk.debrief(interview)
        by_name = {criterion["name"]: criterion for criterion in report["criteria"]}
        assert [name for name, criterion in by_name.items() if criterion["flips"]] == [fickle]
        assert by_name[fickle]["levels"] == ["yes", "no", "yes", "no"]
        assert by_name[fickle]["agreement"] == 0.5
        assert {c["agreement"] for name, c in by_name.items() if name != fickle} == {1.0}
        assert (report["runs"], len(report["suggestions"]), report["claims_kept"]) == (4, 4, 1.0)
        assert report["engine"]["name"] == "openai"
        # The debrief shows no level that the model may as well have given otherwise.
        levels = {c["name"]: c["level"] for c in shown["criteria"]}
        assert levels[fickle] is None
        assert {n: v for n, v in levels.items() if n != fickle} == {
            c["name"]: c["level"] for c in steady["criteria"] if c["name"] != fickle
        }

    async def test_a_steady_model_flips_nowhere_and_every_run_is_asked_anew(
        self, each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(each_settings_with, diligent_openai) as desk:
            interview = await desk.debriefed()
            once, tokens = len(diligent_openai.requests), billed(diligent_openai)
            await desk.measure(interview, 3)
            report = await report_of(desk, interview)
            assert len(diligent_openai.requests) == 4 * once
            assert (await desk.interview(interview)).analysis_revision == 1
            await desk.measure(interview, 2)
            assert len(diligent_openai.requests) == 6 * once, "the second report is measured, not remembered"
            assert (await report_of(desk, interview))["revision"] == 2
        assert not any(criterion["flips"] for criterion in report["criteria"])
        assert report["input_tokens"] + report["output_tokens"] == 3 * tokens
        assert report["cost_usd"] > 0


class TestEngineDown:
    async def test_another_engine_does_not_take_a_run_over(
        self, settings_with: SettingsFactory, diligent_openai: RunningOpenAI
    ) -> None:
        async with office(settings_with, diligent_openai) as desk:
            interview = await desk.debriefed()
            before = await desk.debrief(interview)
            diligent_openai.switches.fail_with = ["insufficient_quota"]
            measured = await desk.measure(interview, 2)
            assert (measured["status"], measured["failure"]) == ("done", None)
            assert measured["stability_failure"]["code"] == "model_quota_exhausted"
            assert (await desk.api.get(f"/interviews/{interview}/stability")).status_code == 404
            assert await desk.debrief(interview) == before
            again = await desk.measure(interview, 2)
            assert again["stability_failure"] is None
            assert (await report_of(desk, interview))["runs"] == 2
