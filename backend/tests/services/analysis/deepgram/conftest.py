"""The analyzer with the real SDK, against the stand-in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.core.config import DeepgramSettings
from app.models.analysis import AnalysisDraft, AnalysisOptions
from app.models.transcript import TranscriptDraft
from app.services.analysis.base import AnalysisInput, AnalysisRun
from app.services.analysis.providers.baseline.analyzer import ENGINE, analyze
from app.services.analysis.providers.deepgram.analyzer import DeepgramAnalyzer
from app.services.analysis.providers.deepgram.client import DeepgramReader
from app.services.analysis.providers.deepgram.parts import Replace
from app.services.analysis.redaction import Replacement
from tests.fixtures.deepgram import RunningDeepgram

NAMES = {"Daniel": "[PERSON_1]", "Sarah": "[PERSON_2]", "Northwind": "[ORGANISATION_1]"}


def hide_names(_: AnalysisInput) -> Replace:
    def replace(text: str) -> list[Replacement]:
        found = re.finditer("|".join(NAMES), text)
        return [Replacement(m.start(), m.end(), NAMES[m.group()]) for m in found]

    return replace


class BaselineHere:
    """The real rules, without a process of their own for each test."""

    name = ENGINE.name

    async def analyze(self, request: AnalysisInput, run: AnalysisRun) -> AnalysisDraft:  # noqa: ARG002 - the protocol's
        return analyze(request)


@dataclass
class Book:
    """An answer book in memory."""

    pages: dict[str, bytes] = field(default_factory=dict)

    async def find(self, input_hash: str) -> bytes | None:
        return self.pages.get(input_hash)

    async def keep(self, input_hash: str, answer: bytes) -> None:
        self.pages[input_hash] = answer


@dataclass
class Bench:
    """One analyzer, the vendor that it asks, and the book in which answers are kept."""

    vendor: RunningDeepgram
    build: Callable[..., DeepgramReader]
    book: Book = field(default_factory=Book)

    def reader(self, **changes: Any) -> DeepgramReader:
        return self.build(**changes)

    async def analyze(
        self,
        transcript: TranscriptDraft,
        *,
        sentiment: bool = True,
        reader: DeepgramReader | None = None,
        **changes: Any,
    ) -> AnalysisDraft:
        analyzer = DeepgramAnalyzer(BaselineHere(), reader or self.reader(), hide_names, **changes)
        request = AnalysisInput(transcript, options=AnalysisOptions(sentiment=sentiment))
        return await analyzer.analyze(request, AnalysisRun(answers=self.book))

    @property
    def sent(self) -> list[str]:
        """The texts that were to be read, one for each request."""
        bodies = [r.json for r in self.vendor.requests if r.path == "/v1/read"]
        return [body["text"] for body in bodies if isinstance(body, dict)]


@pytest.fixture
async def bench(deepgram: RunningDeepgram) -> AsyncIterator[Bench]:
    readers: list[DeepgramReader] = []

    def build(key: str = deepgram.key, url: str = deepgram.url, timeout: float = 10.0) -> DeepgramReader:
        settings = DeepgramSettings.model_construct(deepgram_base_url=url, deepgram_tags=("debrief",))
        readers.append(DeepgramReader(settings, key, timeout_seconds=timeout))
        return readers[-1]

    yield Bench(deepgram, build)
    for reader in readers:
        await reader.close()
    assert deepgram.violations == []
