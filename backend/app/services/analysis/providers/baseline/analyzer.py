"""The baseline analyzer. It finds and counts; it does not judge."""

from __future__ import annotations

from typing import Final

import anyio.to_process
from anyio import BrokenWorkerProcess

from app.core.errors import ProviderUnavailable
from app.models.analysis import AnalysisDraft, Asked, Outcome, QuestionCoverage
from app.models.template import TemplateVersion
from app.models.transcript import Engine, EngineKind
from app.services.analysis.base import AnalysisInput, AnalysisRun

ENGINE: Final = Engine(
    name="baseline",
    version="2",
    kind=EngineKind.OFFLINE_BASELINE,
    label="Draft by offline baseline (rules and similarity), no language model. Check against the recording.",
)
_ENGLISH_RULES: Final = (
    "The rules that find questions, phrases and practical facts are English; for this language only question marks "
    "were used."
)


class BaselineAnalyzer:
    name = ENGINE.name

    async def analyze(self, request: AnalysisInput, run: AnalysisRun) -> AnalysisDraft:  # noqa: ARG002 - costs nothing
        """Runs in a worker process: a long interview is seconds of pure Python."""
        try:
            return await anyio.to_process.run_sync(analyze, request, cancellable=True)
        except BrokenWorkerProcess as error:
            raise ProviderUnavailable("The analysis process ended unexpectedly.") from error


def analyze(request: AnalysisInput) -> AnalysisDraft:
    """The whole baseline, synchronously."""
    # Imported here, in the worker process, so that the server starts without the rules.
    from app.services.analysis.facts import practical_facts  # noqa: PLC0415
    from app.services.analysis.providers.baseline.key_phrases import key_phrases  # noqa: PLC0415
    from app.services.analysis.providers.baseline.passages import related_passages  # noqa: PLC0415
    from app.services.analysis.talk_time import talk_time  # noqa: PLC0415
    from app.services.analysis.text.questions import question_answers  # noqa: PLC0415
    from app.services.analysis.text.turns import is_english, turns_of  # noqa: PLC0415

    transcript = request.transcript
    english = is_english(transcript.language)
    turns = turns_of(transcript.utterances)
    roles = {s.id: s.role for s in transcript.speakers}
    names = [s.name or s.label for s in transcript.speakers]
    if request.candidate_name:
        names.append(request.candidate_name)
    pairs = question_answers(turns, english=english)
    return AnalysisDraft(
        engine=ENGINE,
        outcome=Outcome.COMPLETE,
        question_answers=pairs,
        template_coverage=_coverage(request.template) if request.template else (),
        related=related_passages(request.template, turns, pairs) if request.template else (),
        facts=practical_facts(transcript.utterances, transcript.speakers, english=english),
        talk_time=talk_time(turns, english=english),
        key_phrases=key_phrases(transcript.utterances, roles, names) if english else (),
        warnings=() if english else (_ENGLISH_RULES,),
    )


def _coverage(template: TemplateVersion) -> tuple[QuestionCoverage, ...]:
    """Of every question nobody can tell: similar words prove neither that it was asked nor that it was not."""
    return tuple(
        QuestionCoverage(question_id=q.id, question=q.text, required=q.required, state=Asked.UNKNOWN)
        for q in template.questions
    )
