"""One analysis: guards before, the analyzer, what every analysis has by code, verification after."""

from __future__ import annotations

from functools import partial
from typing import Final

from app.models.analysis import AnalysisDraft, Outcome
from app.models.transcript import Engine, EngineKind
from app.services.analysis.base import AnalysisInput, AnalysisRun, Analyzer
from app.services.analysis.in_thread import in_thread
from app.services.analysis.text.counting import count_words

MIN_WORDS: Final = 40
MIN_CONFIDENCE: Final = 0.35
"""Mean word confidence under which a machine transcript is taken for noise."""
NOT_ANALYSED: Final = Engine(
    name="guards",
    version="1",
    kind=EngineKind.OFFLINE_BASELINE,
    label="Not analysed: there is too little to go by. No engine has seen the transcript.",
)


class AnalysisService:
    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    async def analyse(self, request: AnalysisInput, run: AnalysisRun | None = None) -> AnalysisDraft:
        """A verified draft. With too little to go by, one that says what is missing and claims nothing.

        Raises `ProviderUnavailable` or `ProviderRejected`.
        """
        reasons = insufficient_reasons(request)
        if reasons:
            draft = AnalysisDraft(engine=NOT_ANALYSED, outcome=Outcome.INSUFFICIENT_DATA, reasons=reasons)
            return await in_thread(partial(_counted, draft, request))
        draft = await self._analyzer.analyze(request, run or AnalysisRun())
        return await in_thread(partial(_finished, draft, request))


def insufficient_reasons(request: AnalysisInput) -> tuple[str, ...]:
    """Why nothing should be claimed from this transcript; empty when it will do."""
    utterances = request.transcript.utterances
    words = sum(count_words(u.text) for u in utterances)
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


# The rules are loaded by the first analysis, in its thread: a server that serves pages starts without them.
def _counted(draft: AnalysisDraft, request: AnalysisInput) -> AnalysisDraft:
    from app.services.analysis.finishing import with_figures  # noqa: PLC0415

    return with_figures(draft, request)


def _finished(draft: AnalysisDraft, request: AnalysisInput) -> AnalysisDraft:
    from app.services.analysis.finishing import finished  # noqa: PLC0415

    return finished(draft, request)
