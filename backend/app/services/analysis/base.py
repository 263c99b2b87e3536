"""What an analyzer is: transcript and template in, a draft of the debrief out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.models.analysis import AnalysisDraft
from app.models.template import TemplateVersion
from app.models.transcript import Transcript, TranscriptDraft


@dataclass(frozen=True, slots=True)
class AnalysisInput:
    transcript: Transcript | TranscriptDraft
    template: TemplateVersion | None = None
    candidate_name: str | None = None


class Analyzer(Protocol):
    name: str

    async def analyze(self, request: AnalysisInput) -> AnalysisDraft:
        """A draft whose evidence the service verifies. Raises `ProviderUnavailable` or `ProviderRejected`."""
        ...
