"""Whatever happens to Deepgram, the chain ends in a debrief that says so, or in a reason to wait."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from app.core.errors import ProviderUnavailable
from app.models.analysis import AnalysisDraft
from app.models.organisation import WhenDown
from app.models.transcript import EngineKind, TranscriptDraft
from app.services.analysis.base import AnalysisInput, AnalysisRun
from app.services.analysis.chain import FallbackAnalyzer
from app.services.analysis.providers.deepgram.analyzer import DeepgramAnalyzer
from tests.services.analysis.deepgram.conftest import BaselineHere, Bench, hide_names

PASSING: list[dict[str, Any]] = [{"fail_with": [429]}, {"fail_with": [503]}, {"hang": 1}, {"drop_answer": 1}]
LASTING: list[dict[str, Any]] = [
    {"fail_with": [401]},
    {"fail_with": [402]},
    {"fail_with": [400]},
    {"cut_results": 1},
    {"largest_text": 1},
]


async def run(
    bench: Bench, transcript: TranscriptDraft, when_down: WhenDown, switches: dict[str, Any]
) -> AnalysisDraft:
    for name, value in deepcopy(switches).items():
        setattr(bench.vendor.switches, name, value)
    deepgram = DeepgramAnalyzer(BaselineHere(), bench.reader(timeout=0.5), hide_names)
    chain = FallbackAnalyzer([deepgram, BaselineHere()], when_down)
    return await chain.analyze(AnalysisInput(transcript), AnalysisRun())


class TestNext:
    @pytest.mark.parametrize("switches", PASSING + LASTING, ids=str)
    async def test_the_baseline_takes_over_and_says_why(
        self, bench: Bench, sample: TranscriptDraft, switches: dict[str, Any]
    ) -> None:
        draft = await run(bench, sample, WhenDown.NEXT, switches)
        assert draft.engine.kind is EngineKind.OFFLINE_BASELINE
        [failure] = draft.provenance.failed
        assert failure.engine == "deepgram-intelligence"
        assert draft.warnings[0] == (
            f"Made by baseline, because deepgram-intelligence did not work: {failure.detail}"
        )
        assert (draft.topics, draft.sentiments, draft.provenance.calls) == ((), None, ())

    async def test_an_interview_in_another_language_is_not_deepgrams(
        self, bench: Bench, sample: TranscriptDraft
    ) -> None:
        german = sample.model_copy(update={"language": "de"})
        draft = await run(bench, german, WhenDown.WAIT, {})
        assert "English only" in draft.warnings[0]
        assert bench.vendor.requests == []


class TestWait:
    @pytest.mark.parametrize("switches", PASSING, ids=str)
    async def test_what_may_pass_is_waited_for(
        self, bench: Bench, sample: TranscriptDraft, switches: dict[str, Any]
    ) -> None:
        with pytest.raises(ProviderUnavailable):
            await run(bench, sample, WhenDown.WAIT, switches)

    @pytest.mark.parametrize("switches", LASTING, ids=str)
    async def test_what_lasts_is_not(
        self, bench: Bench, sample: TranscriptDraft, switches: dict[str, Any]
    ) -> None:
        draft = await run(bench, sample, WhenDown.WAIT, switches)
        assert draft.engine.kind is EngineKind.OFFLINE_BASELINE
