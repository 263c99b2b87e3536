"""An analyzer that asks the stand-in for OpenAI through the real SDK."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from app.models.analysis import AnalysisDraft
from app.models.interview import Participant
from app.models.template import Criterion, Level, TemplateQuestion, TemplateVersion
from app.models.transcript import (
    Engine,
    EngineKind,
    Speaker,
    SpeakerRole,
    TranscriptDraft,
    Utterance,
)
from app.services.analysis.base import AnalysisInput, AnalysisRun
from app.services.analysis.llm.analyzer import LlmAnalyzer
from app.services.analysis.providers.openai.client import OpenAIModel
from app.services.analysis.retrying import LimitedModel, RetryingModel
from app.services.analysis.service import AnalysisService
from tests.fixtures.documents import NOON
from tests.fixtures.openai import RunningOpenAI, running_openai
from tests.standins.openai.analyst import Brain
from tests.standins.openai.brains import diligent

TEMPLATE = TemplateVersion(
    version=1,
    name="Backend engineer",
    questions=(
        TemplateQuestion(id="t-testing", text="What is your approach to testing?", required=True),
        TemplateQuestion(
            id="t-incident", text="Tell me about an outage that you caused and how you found it."
        ),
        TemplateQuestion(
            id="t-budget", text="Which budget did you answer for in your last position?", required=True
        ),
    ),
    criteria=(
        Criterion(
            id="c-testing",
            name="Testing",
            description="Writes tests where they matter: integration tests, invariants, testing of payments.",
            weight=2,
            anchors={
                Level.NO: "Has no view on testing.",
                Level.STRONG_YES: "Chooses tests by risk and says why.",
            },
        ),
        Criterion(
            id="c-delivery", name="Delivery", description="Builds services, queues and databases that run."
        ),
        Criterion(id="c-beekeeping", name="Beekeeping", description="Harvests honey."),
    ),
    created_at=NOON,
)
PEOPLE = (
    Participant(name="Daniel", email="daniel@example.com", role=SpeakerRole.CANDIDATE),
    Participant(name="Sarah", email="sarah@example.com", role=SpeakerRole.INTERVIEWER),
)


class Llm:
    """The analyzer under the service's guards, and the server that it asks."""

    def __init__(self, server: RunningOpenAI, analyzer: LlmAnalyzer) -> None:
        self.server = server
        self.analyzer = analyzer

    async def analyse(self, request: AnalysisInput, run: AnalysisRun | None = None) -> AnalysisDraft:
        return await AnalysisService(self.analyzer).analyse(request, run)

    def asked(self, *schemas: str) -> list[dict[str, Any]]:
        """The bodies of the requests whose answer was to have one of these forms."""
        bodies = [received.parameters for received in self.server.requests]
        return [b for b in bodies if b["response_format"]["json_schema"]["name"] in schemas]


async def _no_wait(_: float) -> None:
    return


@asynccontextmanager
async def running_llm(
    brains: dict[str, Brain] | None = None, *, settings: dict[str, Any] | None = None, **switches: Any
) -> AsyncIterator[Llm]:
    async with running_openai(brains=brains or diligent(), **switches) as server:
        model = RetryingModel(
            LimitedModel(OpenAIModel(server.settings(**(settings or {}))), limit=4), sleep=_no_wait
        )
        try:
            yield Llm(server, LlmAnalyzer(model, name="openai", label="Drafted by a language model."))
        finally:
            await model.close()


@pytest.fixture
async def llm() -> AsyncIterator[Llm]:
    async with running_llm() as running:
        yield running


def a_request(transcript: TranscriptDraft, **changes: Any) -> AnalysisInput:
    return AnalysisInput(**{"transcript": transcript, "template": TEMPLATE, "people": PEOPLE} | changes)


def dialogue(*said: tuple[str, str], seconds: float = 8.0) -> TranscriptDraft:
    """Utterances of `I`, the interviewer, and `C`, the candidate."""
    return TranscriptDraft(
        engine=Engine(name="import:json", version="1", kind=EngineKind.IMPORTED),
        language="en",
        duration=len(said) * seconds,
        speakers=(
            Speaker(id="I", label="Sarah", name="Sarah", role=SpeakerRole.INTERVIEWER),
            Speaker(id="C", label="Daniel", name="Daniel", role=SpeakerRole.CANDIDATE),
        ),
        utterances=tuple(
            Utterance(id=f"u{n}", speaker=s, start=n * seconds, end=(n + 1) * seconds - 0.5, text=text)
            for n, (s, text) in enumerate(said)
        ),
    )
