"""Analysis for the pipeline: guards before, the configured analyzer, verification after."""

from __future__ import annotations

from typing import Final

from app.models.analysis import AnalysisDraft, Outcome
from app.services.analysis.base import AnalysisInput, AnalysisRun, Analyzer
from app.services.analysis.evidence import verify

MIN_WORDS: Final = 40
MIN_CONFIDENCE: Final = 0.35
"""Mean word confidence under which a machine transcript is taken for noise."""


class AnalysisService:
    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    async def analyse(self, request: AnalysisInput, run: AnalysisRun | None = None) -> AnalysisDraft:
        """A verified draft. With too little to go by, one that says what is missing and claims nothing."""
        draft = await self._analyzer.analyze(request, run or AnalysisRun())
        reasons = insufficient_reasons(request)
        if reasons:
            return AnalysisDraft(
                engine=draft.engine,
                outcome=Outcome.INSUFFICIENT_DATA,
                reasons=reasons,
                talk_time=draft.talk_time,
                warnings=draft.warnings,
            )
        return verify(draft, request.transcript.utterances)


def insufficient_reasons(request: AnalysisInput) -> tuple[str, ...]:
    """Why nothing should be claimed from this transcript; empty when it will do."""
    utterances = request.transcript.utterances
    words = sum(len(u.text.split()) for u in utterances)
    if words == 0:
        return ("The transcript has no words.",)
    reasons = []
    if words < MIN_WORDS:
        reasons.append(f"The transcript has only {words} words; at least {MIN_WORDS} are needed.")
    if len({u.speaker for u in utterances if u.text.strip()}) < 2:
        reasons.append(
            "Only one speaker was found. If there were more, correct the speakers and analyse again."
        )
    known = [u.confidence for u in utterances if u.confidence is not None]
    if known and sum(known) / len(known) < MIN_CONFIDENCE:
        reasons.append("The speech engine was too unsure of the words. Import a better transcript.")
    return tuple(reasons)
