"""`stability`: starts a measurement, waits for it, shows what flips."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from rich.console import Console
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.api.v1.schemas.analyses import StabilityBody, StabilityOut
from app.api.v1.schemas.interviews import InterviewOut
from app.command_line import stability
from app.models.base import utc_now
from app.models.interview import Failure, Interview, Status
from app.models.provenance import Provenance
from app.models.stability import CriterionStability, StabilityReport
from app.models.template import Level
from app.services.debriefing.stability import FEWEST_RUNS, MOST_RUNS
from tests.command_line.debrief.printed import words_of
from tests.command_line.test_debriefs import command
from tests.fixtures.documents import a_stability_report, an_interview
from tests.fixtures.server import RunningServer, make_settings, serving

STEADY = CriterionStability(
    criterion_id="depth", name="Depth [of knowledge]", levels=(Level.YES,) * 3, agreement=1.0, flips=False
)
FLIPPING = CriterionStability(
    criterion_id="testing",
    name="Testing",
    levels=(Level.YES, None, Level.YES),
    agreement=0.6667,
    flips=True,
)


def a_report(*criteria: CriterionStability) -> StabilityReport:
    return a_stability_report(
        "x",
        runs=3,
        criteria=criteria,
        suggestions=(Level.YES, Level.YES, None),
        claims_kept=0.82,
        provenance=Provenance(input_tokens=18_400, output_tokens=5_700, cost_usd=0.0062),
    )


def printed(report: StabilityReport, *, width: int = 80) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, highlight=False)
    stability.print_stability(console, StabilityOut.of(report).model_dump(mode="json"))
    return file.getvalue()


class TestTheReport:
    def test_shows_every_run_and_what_flips(self) -> None:
        shown = printed(a_report(STEADY, FLIPPING))
        assert "run 3" in shown
        assert "Depth [of knowledge]" in shown
        assert "67%, flips" in shown
        assert "1 of 2 criteria flip: the debrief shows no level for them." in shown
        assert "82% of the claims were made by the other runs as well" in shown
        assert "18,400 tokens in, 5,700 out · $0.0062" in words_of(shown)
        assert max(map(len, shown.splitlines())) <= 80

    def test_says_so_when_nothing_flips(self) -> None:
        assert "Every criterion got the same level in every run." in printed(a_report(STEADY))

    def test_a_report_without_criteria_does_not_claim_that_they_are_steady(self) -> None:
        shown = printed(a_report())
        assert "There are no criteria to compare" in shown

    def test_ten_runs_fit_a_narrow_terminal(self) -> None:
        ten = STEADY.model_copy(update={"levels": (Level.STRONG_YES,) * 10})
        report = a_report(ten).model_copy(update={"runs": 10, "suggestions": (Level.STRONG_YES,) * 10})
        assert max(map(len, printed(report).splitlines())) <= 80


@dataclass
class Measurements:
    """The three routes that the command needs, by the contract of the API: a measurement takes three looks."""

    interview: Interview = field(default_factory=lambda: an_interview(status=Status.DONE))
    fails: bool = False
    asked: list[int] = field(default_factory=list)
    looks: int = 0

    def app(self) -> Starlette:
        place = f"/api/v1/interviews/{self.interview.id}"
        return Starlette(
            routes=[
                Route(f"{place}/stability", self._start, methods=["POST"]),
                Route(f"{place}/stability", self._report, methods=["GET"]),
                Route(place, self._show, methods=["GET"]),
            ]
        )

    async def _start(self, request: Request) -> Response:
        self.asked.append(StabilityBody.model_validate(await request.json()).runs)
        return self._answer(status=Status.MEASURING)

    async def _show(self, _: Request) -> Response:
        self.looks += 1
        if self.looks < 3:
            return self._answer(status=Status.MEASURING, progress=self.looks / 3)
        if not self.fails:
            return self._answer(status=Status.DONE)
        failure = Failure(
            step=Status.MEASURING,
            code="model_quota_exhausted",
            message="The account has no credit left.",
            attempts=1,
            failed_at=utc_now(),
        )
        return self._answer(status=Status.FAILED, failure=failure)

    async def _report(self, _: Request) -> Response:
        return JSONResponse(StabilityOut.of(a_report(STEADY, FLIPPING)).model_dump(mode="json"))

    def _answer(self, **changes: Any) -> Response:
        shown = InterviewOut.model_validate(self.interview.model_copy(update=changes))
        return JSONResponse(
            shown.model_dump(mode="json"), 202 if changes["status"] is Status.MEASURING else 200
        )


@pytest.fixture
def measurements() -> Measurements:
    return Measurements()


@pytest.fixture
async def measuring(measurements: Measurements, tmp_path: Any) -> AsyncIterator[RunningServer]:
    async with serving(measurements.app()) as url:
        yield RunningServer(url, make_settings(tmp_path))


class TestTheCommand:
    async def test_starts_waits_and_shows(self, measurements: Measurements, measuring: RunningServer) -> None:
        done = await command(measuring, "stability", measurements.interview.id, "--runs", "5")
        assert done.exit_code == 0, done.output
        assert measurements.asked == [5]
        assert measurements.looks == 3
        assert "67%, flips" in done.output

    async def test_a_measurement_that_failed_says_why(
        self, measurements: Measurements, measuring: RunningServer
    ) -> None:
        measurements.fails = True
        failed = await command(measuring, "stability", measurements.interview.id)
        assert failed.exit_code == 1
        assert "model_quota_exhausted: The account has no credit left." in failed.output

    async def test_the_last_report_is_shown_without_measuring(
        self, measurements: Measurements, measuring: RunningServer
    ) -> None:
        shown = await command(measuring, "stability", measurements.interview.id, "--last")
        assert shown.exit_code == 0
        assert measurements.asked == []
        assert "67%, flips" in shown.output

    def test_the_limits_are_those_of_the_service(self) -> None:
        assert (stability.FEWEST_RUNS, stability.MOST_RUNS) == (FEWEST_RUNS, MOST_RUNS)
