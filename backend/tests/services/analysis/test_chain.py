"""Which engine makes the debrief when others do not work, and what is told about it."""

from __future__ import annotations

import pytest

from app.core.errors import ProviderError, ProviderRejected, ProviderUnavailable
from app.models.analysis import AnalysisDraft, Outcome
from app.models.organisation import WhenDown
from app.models.provenance import EngineFailure, Provenance
from app.models.transcript import Engine, EngineKind, TranscriptDraft
from app.services.analysis.base import AnalysisInput, AnalysisRun
from app.services.analysis.chain import FallbackAnalyzer
from app.services.analysis.errors import BudgetSpent, ContextOverflow, ModelKeyRefused, QuotaExhausted
from app.services.analysis.providers.baseline.analyzer import BaselineAnalyzer

REQUEST = AnalysisInput(
    TranscriptDraft(engine=Engine(name="import:json", version="1", kind=EngineKind.IMPORTED))
)
DOWN = ProviderUnavailable("It did not answer in time.", retry_after=30)
REFUSED = ModelKeyRefused("The key is not valid.")


class Working:
    """An engine that does its work, and remembers how often."""

    def __init__(self, name: str, *, warnings: tuple[str, ...] = (), failed: tuple[EngineFailure, ...] = ()):
        self.name = name
        self.asked = 0
        self._draft = AnalysisDraft(
            engine=Engine(name=name, version="1", kind=EngineKind.VENDOR),
            outcome=Outcome.COMPLETE,
            warnings=warnings,
            provenance=Provenance(failed=failed),
        )

    async def analyze(self, request: AnalysisInput, run: AnalysisRun) -> AnalysisDraft:  # noqa: ARG002 - the protocol's
        self.asked += 1
        return self._draft


class Failing:
    def __init__(self, name: str, error: Exception) -> None:
        self.name = name
        self._error = error

    async def analyze(self, request: AnalysisInput, run: AnalysisRun) -> AnalysisDraft:  # noqa: ARG002 - the protocol's
        raise self._error


async def run(*analyzers: Working | Failing, when_down: WhenDown = WhenDown.NEXT) -> AnalysisDraft:
    return await FallbackAnalyzer(analyzers, when_down).analyze(REQUEST, AnalysisRun())


class TestWhileAllWorks:
    @pytest.mark.parametrize("when_down", list(WhenDown))
    async def test_the_first_makes_it_and_the_others_are_not_asked(self, when_down: WhenDown) -> None:
        first, second = Working("first"), Working("second")
        draft = await run(first, second, when_down=when_down)
        assert draft.engine.name == "first"
        assert (draft.warnings, draft.provenance.failed) == ((), ())
        assert (first.asked, second.asked) == (1, 0)

    def test_the_chain_goes_by_the_name_of_the_engine_that_is_wanted(self) -> None:
        assert FallbackAnalyzer([Working("first"), Working("second")], WhenDown.NEXT).name == "first"

    def test_no_engine_is_no_chain(self) -> None:
        with pytest.raises(ValueError, match="at least one"):
            FallbackAnalyzer([], WhenDown.NEXT)


class TestWhoGoesOn:
    @pytest.mark.parametrize(
        ("when_down", "error", "goes_on"),
        [
            (WhenDown.NEXT, DOWN, True),
            (WhenDown.NEXT, REFUSED, True),
            (WhenDown.WAIT, DOWN, False),
            (WhenDown.WAIT, REFUSED, True),
            (WhenDown.WAIT, BudgetSpent("The budget of the day is spent."), True),
            (WhenDown.WAIT, QuotaExhausted("No credit."), True),
            (WhenDown.WAIT, ContextOverflow("Too long."), True),
            (WhenDown.FAIL, DOWN, False),
            (WhenDown.FAIL, REFUSED, False),
        ],
    )
    async def test_depends_on_the_rule_and_on_the_kind_of_failure(
        self, when_down: WhenDown, error: ProviderError, goes_on: bool
    ) -> None:
        second = Working("second")
        if goes_on:
            assert (await run(Failing("first", error), second, when_down=when_down)).engine.name == "second"
        else:
            with pytest.raises(ProviderError) as raised:
                await run(Failing("first", error), second, when_down=when_down)
            assert raised.value is error
        assert second.asked == goes_on

    async def test_waiting_is_for_the_second_engine_too(self) -> None:
        with pytest.raises(ProviderUnavailable) as raised:
            await run(Failing("a", REFUSED), Failing("b", DOWN), Working("c"), when_down=WhenDown.WAIT)
        assert raised.value.retry_after == 30

    @pytest.mark.parametrize("when_down", list(WhenDown))
    async def test_a_fault_of_our_own_is_never_covered_up(self, when_down: WhenDown) -> None:
        with pytest.raises(ZeroDivisionError):
            await run(Failing("first", ZeroDivisionError()), Working("second"), when_down=when_down)


class TestWhenNobodyCan:
    @pytest.mark.parametrize(
        ("when_down", "last"),
        [
            (WhenDown.NEXT, DOWN),
            (WhenDown.NEXT, REFUSED),
            (WhenDown.WAIT, REFUSED),
            (WhenDown.FAIL, DOWN),
            (WhenDown.FAIL, REFUSED),
        ],
    )
    async def test_the_first_failure_is_told(self, when_down: WhenDown, last: ProviderError) -> None:
        first = ProviderRejected("The first one's reason.")
        with pytest.raises(ProviderError) as raised:
            await run(Failing("a", first), Failing("b", last), when_down=when_down)
        assert raised.value is first


class TestWhatIsTold:
    async def test_each_engine_that_failed_with_its_reason(self) -> None:
        draft = await run(
            Failing("openai", DOWN), Failing("deepgram-intelligence", REFUSED), Working("third")
        )
        assert draft.provenance.failed == (
            EngineFailure(engine="openai", code="provider_unavailable", detail="It did not answer in time."),
            EngineFailure(
                engine="deepgram-intelligence", code="model_key_refused", detail="The key is not valid."
            ),
        )
        assert draft.warnings == (
            "Made by third, because openai did not work: It did not answer in time.",
            "Made by third, because deepgram-intelligence did not work: The key is not valid.",
        )

    async def test_what_the_result_says_itself_stays(self) -> None:
        before = EngineFailure(engine="inner", code="x", detail="y")
        draft = await run(Failing("a", DOWN), Working("b", warnings=("Mind this.",), failed=(before,)))
        assert draft.warnings[-1] == "Mind this."
        assert [f.engine for f in draft.provenance.failed] == ["a", "inner"]

    async def test_the_baseline_is_a_last_resort_like_any_other(self, sample: TranscriptDraft) -> None:
        chain = FallbackAnalyzer([Failing("openai", REFUSED), BaselineAnalyzer()], WhenDown.WAIT)
        draft = await chain.analyze(AnalysisInput(sample), AnalysisRun())
        assert draft.engine.kind is EngineKind.OFFLINE_BASELINE
        assert len(draft.question_answers) == 12
        assert draft.warnings[0].startswith("Made by baseline, because openai did not work")
