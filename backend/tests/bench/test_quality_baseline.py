"""The offline baseline on the labelled set: it keeps its floors, and the docs show its figures."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.core.config import load_settings
from app.core.errors import ProviderRejected
from app.models.analysis import AnalysisDraft
from app.services.analysis.base import AnalysisInput, AnalysisRun
from bench.quality.__main__ import app
from bench.quality.figures import Figure
from bench.quality.floors import Floors, load_floors, missed
from bench.quality.interview import load, names
from bench.quality.report import NoPlace, put_into
from bench.quality.running import Measured, Result, analyzer_for, measure

pytestmark = pytest.mark.slow
DOCS = Path(__file__).parents[3] / "docs" / "quality.md"
ONE = "ward_nurse"
EMPTY = "before\n<!-- quality: baseline -->\n<!-- /quality -->\nafter\n"


@pytest.fixture(scope="module")
def result() -> Result:
    settings = load_settings(env_file=Path("/dev/null"))

    async def run() -> Result:
        async with analyzer_for(Measured.BASELINE, settings) as analyzer:
            return await measure(analyzer, [load(name) for name in names()], runs=2)

    return asyncio.run(run())


class Refusing:
    name = "refusing"

    async def analyze(
        self,
        request: AnalysisInput,  # noqa: ARG002 - the protocol's
        run: AnalysisRun,  # noqa: ARG002 - the protocol's
    ) -> AnalysisDraft:
        raise ProviderRejected("No credit.")


class TestTheBaseline:
    def test_keeps_its_floors(self, result: Result) -> None:
        assert list(missed(load_floors()["baseline"], result.total.values())) == []
        assert result.failed == ()

    def test_judges_nobody(self, result: Result) -> None:
        judged = {kind: count for kind, count in result.total.claimed.items() if kind != "facts"}
        assert judged == {"strengths": 0, "red_flags": 0, "levels": 0}
        assert result.total.falls == ()

    def test_finds_practical_facts(self, result: Result) -> None:
        assert result.total.claimed["facts"] > 0
        assert result.total.shares[Figure.FACTS_PRECISION].of == result.total.claimed["facts"]

    def test_quotes_nothing_that_was_not_said(self, result: Result) -> None:
        shares = [i.score.shares[Figure.EVIDENCE_VALID] for i in result.interviews]
        assert all(share.of > 50 for share in shares)
        assert all(share.value == 1.0 for share in shares)

    def test_says_the_same_in_every_run(self, result: Result) -> None:
        assert result.total.shares[Figure.CLAIMS_STABLE].value == 1.0

    def test_is_in_the_docs_with_these_figures(self, result: Result) -> None:
        document = DOCS.read_text(encoding="utf-8")
        again = "python -m bench.quality --engine baseline --runs 2 --markdown ../docs/quality.md"
        assert put_into(document, result) == document, f"in backend/: {again}"


class TestRunning:
    async def test_a_run_that_fails_is_part_of_the_result(self) -> None:
        refused = await measure(Refusing(), [load(ONE)], runs=2)
        assert [(f.interview, f.code) for f in refused.failed] == [(ONE, ProviderRejected.code)] * 2
        assert refused.drafts == ()
        assert refused.total.shares[Figure.QA_RECALL].value is None


class TestTheCommand:
    def test_writes_the_figures_and_the_table(self, tmp_path: Path) -> None:
        figures, document = tmp_path / "figures.json", tmp_path / "doc.md"
        document.write_text(EMPTY, encoding="utf-8")
        arguments = ["--engine", "baseline", "--runs", "1", "--interviews", ONE]
        done = CliRunner().invoke(app, [*arguments, "--json", str(figures), "--markdown", str(document)])
        assert done.exit_code == 0, done.output
        written = json.loads(figures.read_text(encoding="utf-8"))
        assert (written["engine"], written["runs"], list(written["interviews"])) == ("baseline", 1, [ONE])
        assert written["all"]["evidence_valid"] == 1.0
        assert written["all"]["unsupported"] is None
        text = document.read_text(encoding="utf-8")
        assert text.startswith("before\n")
        assert text.endswith("\nafter\n")
        assert "| Q&A pairs: recall |" in text

    def test_names_the_interviews_when_one_is_not_there(self) -> None:
        refused = CliRunner().invoke(app, ["--engine", "baseline", "--interviews", "nobody"])
        assert refused.exit_code == 2
        assert "There is no nobody" in refused.output

    @pytest.mark.parametrize(("recall", "code"), [("0.5", 0), ("1.1", 1)])
    def test_fails_below_a_floor(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recall: str, code: int
    ) -> None:
        floors = tmp_path / "floors.toml"
        floors.write_text(f"[baseline.at_least]\nqa_recall = {recall}\n", encoding="utf-8")
        monkeypatch.setattr("bench.quality.__main__.load_floors", lambda: load_floors(floors))
        done = CliRunner().invoke(
            app, ["--engine", "baseline", "--runs", "1", "--interviews", ONE, "--check"]
        )
        assert done.exit_code == code
        assert ("qa_recall: 1.000 is below 1.1" in done.output) == bool(code)


class TestFloors:
    def test_a_figure_that_nobody_measured_is_missed(self) -> None:
        floors = Floors(at_least={"qa_recall": 0.5, "typo": 0.5}, at_most={"unsupported": 0.1, "mistyped": 1})
        problems = list(missed(floors, {"qa_recall": None, "unsupported": None}))
        assert [p.split(":")[0] for p in problems] == ["qa_recall", "typo", "mistyped"]

    def test_both_sides_are_kept(self) -> None:
        floors = Floors(at_least={"qa_recall": 0.5}, at_most={"unsupported": 0.1})
        assert list(missed(floors, {"qa_recall": 0.5, "unsupported": 0.1})) == []
        assert len(list(missed(floors, {"qa_recall": 0.4, "unsupported": 0.2}))) == 2

    def test_every_floor_names_a_figure(self, result: Result) -> None:
        known = set(result.total.values())
        for floors in load_floors().values():
            assert {*floors.at_least, *floors.at_most} <= known


class TestTheTable:
    def test_needs_its_markers(self, result: Result) -> None:
        with pytest.raises(NoPlace, match="<!-- quality: baseline -->"):
            put_into("no markers", result)

    def test_replaces_an_older_one(self, result: Result) -> None:
        once = put_into(EMPTY, result)
        assert put_into(once, result) == once
