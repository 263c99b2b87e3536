"""Interviews through an analyzer, as the server would do it: guards before, verification after."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from app.core.config import Settings
from app.core.errors import AppError
from app.models.analysis import AnalysisDraft
from app.models.organisation import Analyst
from app.services.analysis.base import Analyzer
from app.services.analysis.factory import build_engines
from app.services.analysis.service import AnalysisService
from bench.quality.figures import Score, total
from bench.quality.interview import LabelledInterview
from bench.quality.scoring import score
from bench.quality.stability import stability

_BEST_FIRST: Final = (Analyst.OPENAI, Analyst.DEEPGRAM, Analyst.OFFLINE)


class Measured(StrEnum):
    BASELINE = "baseline"
    OPENAI = "openai"
    DEEPGRAM = "deepgram"
    CONFIGURED = "configured"
    """What this installation is set up for."""


_ANALYSTS: Final = {
    Measured.BASELINE: Analyst.OFFLINE,
    Measured.OPENAI: Analyst.OPENAI,
    Measured.DEEPGRAM: Analyst.DEEPGRAM,
}


@dataclass(frozen=True, slots=True)
class Failed:
    """A run that ended without a draft."""

    interview: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class InterviewResult:
    name: str
    score: Score
    """Summed over the runs."""
    drafts: tuple[AnalysisDraft, ...]


@dataclass(frozen=True, slots=True)
class Result:
    runs: int
    interviews: tuple[InterviewResult, ...]
    failed: tuple[Failed, ...] = field(default=())

    @property
    def total(self) -> Score:
        """All interviews together: every pair, claim and criterion counts the same, long interviews count more."""
        return total(i.score for i in self.interviews)

    @property
    def drafts(self) -> tuple[AnalysisDraft, ...]:
        return tuple(d for i in self.interviews for d in i.drafts)

    @property
    def engine(self) -> str:
        """The name of the engine that answered."""
        return self.drafts[0].engine.name if self.drafts else "none"

    @property
    def model(self) -> str | None:
        return next((d.provenance.model or d.engine.model for d in self.drafts), None)


class NotConfigured(Exception):
    """The settings do not make this engine possible."""


@asynccontextmanager
async def analyzer_for(engine: Measured, settings: Settings) -> AsyncIterator[Analyzer]:
    """The analyzer that is measured, closed at the end. Raises `NotConfigured`."""
    engines = build_engines(settings.openai, settings.deepgram)
    try:
        wanted = _BEST_FIRST if engine is Measured.CONFIGURED else (_ANALYSTS[engine],)
        analyzer = next((engines.analyzers[a] for a in wanted if a in engines.analyzers), None)
        if analyzer is None:
            raise NotConfigured(f"{engine} is not configured here; see .env.example.")
        yield analyzer
    finally:
        await engines.close()


async def measure(
    analyzer: Analyzer,
    interviews: Sequence[LabelledInterview],
    *,
    runs: int,
    done: Callable[[], None] = lambda: None,
) -> Result:
    """Every interview `runs` times, one after the other. `done` is called after each run.

    A run that fails is part of the result: those before it were paid for.
    """
    service = AnalysisService(analyzer)
    results: list[InterviewResult] = []
    failed: list[Failed] = []
    for interview in interviews:
        drafts: list[AnalysisDraft] = []
        for _ in range(runs):
            try:
                drafts.append(await service.analyse(interview.request()))
            except AppError as error:
                failed.append(Failed(interview.name, error.code, str(error)))
            done()
        scored = total(score(interview, draft) for draft in drafts)
        results.append(InterviewResult(interview.name, scored + Score(stability(drafts), {}), tuple(drafts)))
    return Result(runs, tuple(results), tuple(failed))
