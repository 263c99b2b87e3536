"""The baseline's debrief with what Deepgram finds in the words: topics, intents, sentiment of statements, a summary."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final

from app.core.errors import ProviderRejected
from app.core.metrics import count_tokens
from app.models.analysis import AnalysisDraft
from app.models.provenance import CallOutcome, CallPurpose, ModelCall, Parameter
from app.models.transcript import Engine, EngineKind, Intelligence
from app.services.analysis.base import AnalysisInput, AnalysisRun, Analyzer
from app.services.analysis.errors import ContextOverflow, ModelUnusable
from app.services.analysis.in_thread import in_thread
from app.services.analysis.providers.deepgram.client import DeepgramReader, input_hash, parameters_of
from app.services.analysis.providers.deepgram.findings import (
    Reading,
    parts_of_draft,
    reading_at_transcription,
    reading_of,
)
from app.services.analysis.providers.deepgram.parts import Departure, Part, Replace, depart
from app.services.analysis.providers.deepgram.payload import About, read_answer
from app.services.analysis.text.turns import is_english

_NAME: Final = "deepgram-intelligence"
_VERSION: Final = "1"
_LABEL: Final = (
    "{what} by Deepgram's language models{when}; the rest by rules. "
    "Nobody is assessed by it. Check against the recording."
)
_MOST_TOKENS: Final = 100_000
"""Of one request, by estimate: two thirds of what the vendor takes."""

Hide = Callable[[AnalysisInput], Replace]
"""For one interview: what of its texts must not leave."""


class DeepgramAnalyzer:
    """What the transcription brought along is used, and nothing is sent; otherwise the text is read, without names."""

    name = _NAME

    def __init__(
        self, baseline: Analyzer, client: DeepgramReader, hide: Hide, *, most_tokens: int = _MOST_TOKENS
    ) -> None:
        self._baseline = baseline
        self._client = client
        self._hide = hide
        self._most_tokens = most_tokens

    async def analyze(self, request: AnalysisInput, run: AnalysisRun) -> AnalysisDraft:
        intelligence = request.transcript.intelligence
        if intelligence is not None:
            return await self._from_transcription(intelligence, request, run)
        if not is_english(request.transcript.language):
            raise ProviderRejected(
                f"Deepgram's text intelligence reads English only, and the interview is in "
                f"{request.transcript.language}."
            )
        departure = await in_thread(partial(self._departure, request))
        parameters = parameters_of(sentiment=request.options.sentiment)
        readings, calls = await self._read(departure, parameters, run)
        draft = await self._baseline.analyze(request, run)
        found = await _found(readings, departure.restored, request)
        models = ", ".join(dict.fromkeys(call.model for call in calls if call.model)) or None
        provenance = draft.provenance.model_copy(
            update={
                "model": models,
                "parameters": dict(parameters),
                "calls": (*draft.provenance.calls, *calls),
                "input_tokens": draft.provenance.input_tokens + sum(c.input_tokens for c in calls),
                "output_tokens": draft.provenance.output_tokens + sum(c.output_tokens for c in calls),
                "seconds": round(draft.provenance.seconds + sum(c.seconds for c in calls), 3),
            }
        )
        engine = _engine(models, sentiment=request.options.sentiment)
        return draft.model_copy(update={**found, "engine": engine, "provenance": provenance})

    async def _from_transcription(
        self, intelligence: Intelligence, request: AnalysisInput, run: AnalysisRun
    ) -> AnalysisDraft:
        draft = await self._baseline.analyze(request, run)
        utterances = request.transcript.utterances
        reading = await in_thread(partial(reading_at_transcription, intelligence, utterances))
        found = await _found([reading], str, request)
        model = intelligence.engine.model
        engine = _engine(model, sentiment=request.options.sentiment, when=", found at the transcription")
        provenance = draft.provenance.model_copy(update={"model": model})
        return draft.model_copy(update={**found, "engine": engine, "provenance": provenance})

    def _departure(self, request: AnalysisInput) -> Departure:
        """Takes time: it looks at every word."""
        return depart(request.transcript.utterances, self._hide(request), most_tokens=self._most_tokens)

    async def _read(
        self, departure: Departure, parameters: Mapping[str, Parameter], run: AnalysisRun
    ) -> tuple[list[Reading], list[ModelCall]]:
        readings: list[Reading] = []
        calls: list[ModelCall] = []
        waiting = deque(departure.parts)
        while waiting:
            part = waiting.popleft()
            asking = _Asking(self._client, part, parameters)
            try:
                readings.append(await asking.answer(run))
            except ContextOverflow:
                # The estimate was too low. Only one utterance that is too long by itself cannot be helped.
                if len(part.lines) < 2:
                    raise
                waiting.extendleft(reversed(part.halves()))
            calls.append(asking.call)
            await run.report(len(readings) / (len(readings) + len(waiting) + 1))
        return readings, calls


class _Asking:
    """One part of the text: an answer that was kept, or else a request. `call` is what became of it."""

    def __init__(self, client: DeepgramReader, part: Part, parameters: Mapping[str, Parameter]) -> None:
        self._client = client
        self._part = part
        self._parameters = parameters
        self._text = part.text
        self.call = ModelCall(
            purpose=CallPurpose.READ,
            input_hash=input_hash(self._text, parameters),
            outcome=CallOutcome.OVERFLOW,
        )

    async def answer(self, run: AnalysisRun) -> Reading:
        kept = await run.answers.find(self.call.input_hash)
        if kept is not None:
            with suppress(ModelUnusable):
                return await self._understood(kept, seconds=0.0)
        began = time.monotonic()
        body = await self._client.read(self._text, self._parameters)
        reading = await self._understood(body, seconds=time.monotonic() - began)
        count_tokens(
            _NAME,
            input_tokens=self.call.input_tokens,
            cached_tokens=0,
            output_tokens=self.call.output_tokens,
            cost_micro_usd=None,
        )
        await run.answers.keep(self.call.input_hash, body)
        return reading

    async def _understood(self, body: bytes, *, seconds: float) -> Reading:
        reading, about = await in_thread(partial(_understand, body, self._part))
        self.call = self.call.model_copy(
            update={
                "model": about.models,
                "request_id": about.request_id,
                "outcome": CallOutcome.COMPLETE,
                "input_tokens": sum(used.input_tokens for used in about.used),
                "output_tokens": sum(used.output_tokens for used in about.used),
                "seconds": round(seconds, 3),
            }
        )
        return reading


async def _found(
    readings: list[Reading], restored: Callable[[str], str], request: AnalysisInput
) -> dict[str, Any]:
    merge = partial(parts_of_draft, readings, restored=restored, sentiment=request.options.sentiment)
    return await in_thread(merge)


def _understand(body: bytes, part: Part) -> tuple[Reading, About]:
    answer = read_answer(body)
    return reading_of(answer.results, part), answer.about


def _engine(model: str | None, *, sentiment: bool, when: str = "") -> Engine:
    what = (
        "Topics, intents, summary and polarity of statements" if sentiment else "Topics, intents and summary"
    )
    return Engine(
        name=_NAME,
        version=_VERSION,
        kind=EngineKind.VENDOR,
        model=model,
        label=_LABEL.format(what=what, when=when),
    )
