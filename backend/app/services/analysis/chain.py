"""Several engines as one: when the first does not work, the next one does, and the result says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from app.core.errors import ProviderError, ProviderUnavailable
from app.models.analysis import AnalysisDraft
from app.models.organisation import WhenDown
from app.models.provenance import EngineFailure
from app.services.analysis.base import AnalysisInput, AnalysisRun, Analyzer


class FallbackAnalyzer:
    """Takes engines in the order given. `when_down` says for which failures the next one is taken:

    - `NEXT`: for each.
    - `WAIT`: for those that would only come again. What may pass is raised, so that the step is tried later.
    - `FAIL`: for none.

    When none is left, the first failure is raised: it tells of the engine that was wanted.
    """

    def __init__(self, analyzers: Sequence[Analyzer], when_down: WhenDown) -> None:
        if not analyzers:
            raise ValueError("A chain has at least one engine.")
        self._analyzers = tuple(analyzers)
        self._when_down = when_down
        self.name = self._analyzers[0].name

    async def analyze(self, request: AnalysisInput, run: AnalysisRun) -> AnalysisDraft:
        failed: list[tuple[Analyzer, ProviderError]] = []
        for analyzer in self._analyzers:
            try:
                draft = await analyzer.analyze(request, run)
            except ProviderError as error:
                if not self._goes_on_after(error):
                    raise
                failed.append((analyzer, error))
            else:
                return _explained(draft, failed)
        raise failed[0][1]

    def _goes_on_after(self, error: ProviderError) -> bool:
        match self._when_down:
            case WhenDown.NEXT:
                return True
            case WhenDown.WAIT:
                return not isinstance(error, ProviderUnavailable)
            case WhenDown.FAIL:
                return False
        assert_never(self._when_down)


def _explained(draft: AnalysisDraft, failed: Sequence[tuple[Analyzer, ProviderError]]) -> AnalysisDraft:
    if not failed:
        return draft
    failures = tuple(EngineFailure(engine=a.name, code=e.code, detail=e.detail) for a, e in failed)
    warnings = tuple(
        f"Made by {draft.engine.name}, because {failure.engine} did not work: {failure.detail}"
        for failure in failures
    )
    provenance = draft.provenance.model_copy(update={"failed": failures + draft.provenance.failed})
    return draft.model_copy(update={"provenance": provenance, "warnings": warnings + draft.warnings})
