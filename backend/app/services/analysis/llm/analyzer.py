"""The debrief by a language model: read in parts, verify, mend once, merge, rate from quotes alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from app.models.analysis import (
    AnalysisDraft,
    Coverage,
    CriterionAssessment,
    LeftOut,
    Outcome,
    QuestionAnswer,
    SpeakerVerdict,
)
from app.models.provenance import ModelCall, Parameter, Provenance
from app.models.template import Criterion
from app.models.transcript import Engine, EngineKind, Utterance
from app.services.analysis.base import AnalysisInput, AnalysisRun, ReportProgress
from app.services.analysis.concurrently import concurrently
from app.services.analysis.errors import ModelUnusable
from app.services.analysis.guards.speakers import check_speakers
from app.services.analysis.in_thread import in_thread
from app.services.analysis.llm.calls import Calls
from app.services.analysis.llm.extraction import Extracted, Extractor, Wanted
from app.services.analysis.llm.follow_up import for_gaps, not_asked
from app.services.analysis.llm.judging import judge, shared_out
from app.services.analysis.llm.merge import Merged
from app.services.analysis.llm.parts import part_tokens, split
from app.services.analysis.llm.prompts import PROMPT_HASH, PROMPT_VERSION
from app.services.analysis.llm.sheet import Line, Sheet
from app.services.analysis.model import LanguageModel
from app.services.analysis.transcript_hash import transcript_hash

ANALYZER_VERSION: Final = "1"
_MOST_OUTPUT: Final = 12_000
"""Tokens of one answer: what the findings of a part come to at the most."""
_BEGUN: Final = 0.1
_READ: Final = 0.7
"""Part of the work that reading is; rating is the rest."""


class LlmAnalyzer:
    """`Analyzer` over any `LanguageModel`."""

    def __init__(self, model: LanguageModel, *, name: str, label: str) -> None:
        self.name = name
        self._label = label
        self._model = model

    async def analyze(self, request: AnalysisInput, run: AnalysisRun) -> AnalysisDraft:
        sheet, check = await in_thread(lambda: (Sheet.of(request), check_speakers(request)))
        calls = Calls(self._model, run)
        confirmed = check.verdict is SpeakerVerdict.CONFIRMED
        found = await self._read(request, sheet, calls, assess=confirmed, report=run.report)
        merged = Merged(found.claims, sheet, request.template, request.transcript.utterances)
        pairs = merged.question_answers
        coverage = merged.coverage_of(pairs)
        criteria: Sequence[CriterionAssessment] = ()
        follow_ups = not_asked(coverage)
        if confirmed and request.template:
            criteria = await self._rate(request, sheet, calls, merged, pairs)
            follow_ups += await for_gaps(
                calls, request.template.criteria, criteria, request.transcript.language
            )
        return AnalysisDraft(
            engine=self._engine(calls.made),
            outcome=Outcome.COMPLETE,
            summary=merged.summary,
            question_answers=pairs,
            template_coverage=coverage,
            topics=merged.topics,
            intents=merged.intents,
            sentiments=merged.sentiments if request.options.sentiment else None,
            strengths=merged.strengths,
            red_flags=merged.red_flags,
            criteria=tuple(criteria),
            facts=merged.facts,
            follow_ups=tuple(follow_ups),
            left_out=_left_out(sheet),
            coverage=Coverage(
                rejected=found.rejected,
                repaired=found.repaired,
                refused_wording=found.refused_wording,
            ),
            warnings=tuple(_unread(found)),
            provenance=self._provenance(request.transcript.utterances, calls.made),
        )

    async def _read(
        self, request: AnalysisInput, sheet: Sheet, calls: Calls, *, assess: bool, report: ReportProgress
    ) -> Extracted:
        """All parts. Raises `ModelUnusable` when not one of them could be read."""
        facts = self._model.facts
        wanted = Wanted(
            template=request.template,
            assess=assess,
            sentiment=assess and request.options.sentiment,
            max_output_tokens=min(facts.max_output_tokens, _MOST_OUTPUT),
        )
        extractor = Extractor(calls, sheet, wanted)
        parts = split(sheet.lines, part_tokens(facts))
        done = 0

        async def one(lines: Sequence[Line]) -> Extracted:
            nonlocal done
            extracted = await extractor.read(lines)
            done += 1
            await report(_BEGUN + (_READ - _BEGUN) * done / len(parts))
            return extracted

        found = Extracted()
        for extracted in await concurrently([partial(one, lines) for lines in parts]):
            found.add(extracted)
        if not found.claims and found.unread:
            raise ModelUnusable("The model would not read the transcript.")
        return found

    async def _rate(
        self,
        request: AnalysisInput,
        sheet: Sheet,
        calls: Calls,
        merged: Merged,
        pairs: Sequence[QuestionAnswer],
    ) -> Sequence[CriterionAssessment]:
        assert request.template is not None  # noqa: S101 - the caller looked
        criteria = request.template.criteria
        evidence = shared_out(merged.evidence)
        asked = await in_thread(partial(_asked, sheet, pairs))

        async def one(criterion: Criterion) -> CriterionAssessment:
            quotes = evidence.get(criterion.id, ())
            if request.options.levels:
                return await judge(calls, sheet, criterion, quotes, asked)
            return CriterionAssessment(criterion_id=criterion.id, name=criterion.name, evidence=quotes)

        return await concurrently([partial(one, criterion) for criterion in criteria])

    def _engine(self, calls: Sequence[ModelCall]) -> Engine:
        named = [call.model for call in calls if call.model]
        return Engine(
            name=self.name,
            version=ANALYZER_VERSION,
            kind=EngineKind.VENDOR,
            model=named[0] if named else self._model.facts.name,
            label=self._label,
        )

    def _provenance(self, utterances: Sequence[Utterance], calls: Sequence[ModelCall]) -> Provenance:
        costs = [call.cost_usd for call in calls]
        known = [cost for cost in costs if cost is not None]
        return Provenance(
            model=self._model.facts.name,
            prompt_version=PROMPT_VERSION,
            prompt_hash=PROMPT_HASH,
            parameters={**self._model.parameters, **_limits(self._model)},
            transcript_hash=transcript_hash(utterances),
            calls=tuple(calls),
            input_tokens=sum(call.input_tokens for call in calls),
            output_tokens=sum(call.output_tokens for call in calls),
            cost_usd=round(sum(known), 6) if known and len(known) == len(costs) else None,
            seconds=round(sum(call.seconds for call in calls), 3),
        )


def _limits(model: LanguageModel) -> Mapping[str, Parameter]:
    """What decides how a transcript is cut into parts."""
    return {
        "context_tokens": model.facts.context_tokens,
        "max_output_tokens": model.facts.max_output_tokens,
    }


def _asked(sheet: Sheet, pairs: Sequence[QuestionAnswer]) -> dict[str, str]:
    """For the utterance of an answer the question that it answers, names replaced."""
    return {answer.utterance_id: sheet.hidden(pair.question) for pair in pairs for answer in pair.answer}


def _left_out(sheet: Sheet) -> LeftOut:
    cuts = sheet.protected.cuts
    return LeftOut(
        protected=tuple(sorted({cut.topic for cut in cuts})),
        sentences=len(cuts) + len(sheet.instructions),
    )


def _unread(found: Extracted) -> list[str]:
    return [
        f"The model would not read {_clock(start)} to {_clock(end)}; nothing of it is in this debrief."
        for start, end in found.unread
    ]


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
