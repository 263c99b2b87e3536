"""Which analyzer the settings ask for."""

from __future__ import annotations

from typing import assert_never

from app.core.config import AnalysisEngine
from app.services.analysis.base import Analyzer
from app.services.analysis.providers.baseline.analyzer import BaselineAnalyzer


def build_analyzer(*, engine: AnalysisEngine) -> Analyzer:
    match engine:
        case AnalysisEngine.BASELINE | AnalysisEngine.AUTO:
            return BaselineAnalyzer()
        case AnalysisEngine.OPENAI | AnalysisEngine.DEEPGRAM:
            raise NotImplementedError(engine)
    assert_never(engine)
