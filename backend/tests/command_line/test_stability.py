"""`stability`: starts a measurement, waits for it, shows what flips."""

from __future__ import annotations

import io

from rich.console import Console

from app.api.v1.schemas.analyses import StabilityOut
from app.command_line import stability
from app.models.provenance import Provenance
from app.models.stability import CriterionStability, StabilityReport
from app.models.template import Level
from app.services.debriefing.stability import FEWEST_RUNS, MOST_RUNS
from tests.command_line.conftest import Analysed, command
from tests.command_line.debrief.printed import words_of
from tests.fixtures.documents import a_stability_report
from tests.standins.openai.analyst import ChatRequest
from tests.standins.openai.brains import judge
from tests.standins.openai.journal import Json

ASSESSED = 4
"""Criteria of the sample that there is evidence for."""
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


class TestTheCommand:
    async def test_measures_waits_and_shows_what_flips(self, analysed: Analysed) -> None:
        given: list[str] = []

        def changes_its_mind(request: ChatRequest) -> Json:
            given.append("yes" if len(given) < ASSESSED else "no")
            return judge(request) | {"level": given[-1]}

        analysed.openai.brains["judgement"] = changes_its_mind
        done = await command(analysed.server, "stability", analysed.interview, "--runs", "2")
        assert done.exit_code == 0, done.output
        assert "run 2" in done.output
        assert "run 3" not in done.output
        assert f"{ASSESSED} of 5 criteria flip" in done.output
        assert "Report 1" in done.output
        asked = len(analysed.openai.requests)

        last = await command(analysed.server, "stability", analysed.interview, "--last")
        assert "Report 1" in last.output
        assert len(analysed.openai.requests) == asked, "nothing was measured again"

    async def test_a_measurement_that_failed_says_why(self, analysed: Analysed) -> None:
        analysed.openai.switches.fail_with = ["insufficient_quota"] * 20
        failed = await command(analysed.server, "stability", analysed.interview)
        assert failed.exit_code == 1
        assert "model_quota_exhausted: The account has no credit left" in failed.output

    async def test_without_a_report_there_is_none_to_show(self, analysed: Analysed) -> None:
        missing = await command(analysed.server, "stability", analysed.interview, "--last")
        assert missing.exit_code == 1
        assert "stability" in missing.output
        assert "Traceback" not in missing.output

    def test_the_limits_are_those_of_the_service(self) -> None:
        assert (stability.FEWEST_RUNS, stability.MOST_RUNS) == (FEWEST_RUNS, MOST_RUNS)
