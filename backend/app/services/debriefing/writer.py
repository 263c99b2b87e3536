"""Writes the debrief of an interview: which engine, from what, at whose cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.core.config import AnalysisSettings
from app.models.analysis import Analysis, AnalysisDraft, AnalysisOptions
from app.models.base import new_id, utc_now
from app.models.interview import Interview
from app.models.organisation import AnalysisRule, Analyst, WhenDown
from app.models.transcript import Transcript
from app.repositories.base import Repositories
from app.services.analysis.base import AnalysisInput, AnalysisRun, Analyzer, AnswerBook, ReportProgress
from app.services.analysis.chain import FallbackAnalyzer
from app.services.analysis.service import AnalysisService
from app.services.analysis_limits import limits_in_force
from app.services.analysis_rules import AnalysisRules
from app.services.debriefing.budget import AnalysisBudget
from app.services.templates import TemplateService
from app.services.transcripts import TranscriptService

_LOADED: Final = 0.05
"""Part of the work that is done when everything is at hand; not every engine can tell more."""
_TRIES_BEFORE_NEXT: Final = 2
"""How often an engine that may come back is tried before the next one takes over."""


@dataclass(frozen=True, slots=True)
class Material:
    """An interview as it stands: what an analysis is made of."""

    transcript: Transcript
    request: AnalysisInput
    rule: AnalysisRule

    def with_rule(self, rule: AnalysisRule) -> Material:
        return replace(self, rule=rule)


class DebriefWriter:
    def __init__(
        self,
        repositories: Repositories,
        transcripts: TranscriptService,
        templates: TemplateService,
        rules: AnalysisRules,
        analyzers: Mapping[Analyst, Analyzer],
        settings: AnalysisSettings,
    ) -> None:
        self._repositories = repositories
        self._transcripts = transcripts
        self._templates = templates
        self._rules = rules
        self._analyzers = analyzers
        self._settings = settings

    async def material(self, interview: Interview) -> Material:
        """Raises `TranscriptMissing`."""
        organisation_id = interview.organisation_id
        rule = await self._rules.of(organisation_id)
        transcript = await self._transcripts.get(organisation_id, interview.id)
        request = AnalysisInput(
            transcript=transcript,
            template=await self._templates.edition(organisation_id, interview.template),
            people=interview.people,
            options=AnalysisOptions(sentiment=rule.shows_sentiment, levels=rule.levels),
        )
        return Material(transcript, request, rule)

    async def write(self, interview: Interview, answers: AnswerBook, report: ReportProgress) -> Analysis:
        """The next revision, not stored yet. Raises `ProviderUnavailable` and `ProviderRejected` as the rule wants."""
        material = await self.material(interview)
        draft = await self.analyse(interview, material, answers, report, tries=interview.attempt)
        return Analysis(
            id=new_id(),
            organisation_id=interview.organisation_id,
            interview_id=interview.id,
            revision=interview.analysis_revision + 1,
            epoch=interview.epoch,
            transcript_revision=material.transcript.revision,
            template_id=interview.template.id if interview.template else None,
            template_version=interview.template.version if interview.template else None,
            people=material.request.people,
            options=material.request.options,
            requested_by=interview.analysis_requested_by,
            created_at=utc_now(),
            **{name: getattr(draft, name) for name in AnalysisDraft.model_fields},
        )

    async def analyse(
        self,
        interview: Interview,
        material: Material,
        answers: AnswerBook,
        report: ReportProgress,
        *,
        tries: int,
    ) -> AnalysisDraft:
        """One analysis by the organisation's engines, within its budgets."""
        await report(_LOADED)
        run = AnalysisRun(answers, self._budget(interview.organisation_id, material.rule), report)
        when_down = material.rule.when_down
        if when_down is WhenDown.NEXT and tries < _TRIES_BEFORE_NEXT:
            when_down = WhenDown.WAIT
        chain = FallbackAnalyzer(self._chain(material.rule), when_down)
        return await AnalysisService(chain).analyse(material.request, run)

    def _chain(self, rule: AnalysisRule) -> Sequence[Analyzer]:
        return [self._analyzers[analyst] for analyst in self._rules.chain_for(rule)]

    def _budget(self, organisation_id: str, rule: AnalysisRule) -> AnalysisBudget:
        limits = limits_in_force(self._settings, rule)
        return AnalysisBudget(
            self._repositories.usage(organisation_id), interview=limits.interview, day=limits.day
        )
