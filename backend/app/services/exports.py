"""Exports: gather what a debrief is made of, and hand it to people as a file."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.analysis import Analysis, Suggestion
from app.models.base import utc_now
from app.models.interview import Interview, TemplateRef
from app.models.scorecard import Review
from app.models.transcript import Transcript
from app.repositories.base import Repositories
from app.services.analysis_rules import AnalysisRules
from app.services.analysis_view import ReviewedAnalysis
from app.services.debriefs import DebriefService
from app.services.export.facts import DebriefFacts
from app.services.export.filenames import file_name
from app.services.export.render import MEDIA_TYPES, ExportFormat, ExportKind, rendered
from app.services.lifecycle import Lifecycle
from app.services.reviews import ReviewService
from app.services.templates import TemplateService
from app.services.transcript_editing.revisions import Revisions


@dataclass(frozen=True, slots=True)
class Export:
    content: bytes
    media_type: str
    filename: str


class ExportService:
    def __init__(
        self,
        repositories: Repositories,
        lifecycle: Lifecycle,
        debriefs: DebriefService,
        reviews: ReviewService,
        rules: AnalysisRules,
        templates: TemplateService,
        *,
        public_url: str,
    ) -> None:
        self._repositories = repositories
        self._lifecycle = lifecycle
        self._debriefs = debriefs
        self._reviews = reviews
        self._rules = rules
        self._templates = templates
        self._public_url = public_url

    async def export(
        self,
        organisation_id: str,
        interview_id: str,
        *,
        kind: ExportKind,
        format: ExportFormat,
        revision: int | None = None,
    ) -> Export:
        """The given version of the analysis, or the newest, as a file.

        Raises `InterviewNotFound`, `AnalysisMissing` and `ExportFailed`.
        """
        interview = await self._lifecycle.get(organisation_id, interview_id)
        facts = await self._facts(interview, revision)
        candidate = interview.candidate.name if interview.candidate else None
        return Export(
            content=await rendered(kind, format, facts),
            media_type=MEDIA_TYPES[format],
            filename=file_name(kind, format, interview.title, candidate),
        )

    async def _facts(self, interview: Interview, revision: int | None) -> DebriefFacts:
        organisation_id = interview.organisation_id
        debrief = await self._debriefs.get(organisation_id, interview.id, revision=revision)
        shown = await self._reviews.get(organisation_id, interview.id, debrief.analysis.revision)
        analysis = _analysis_shown(shown.view)
        rule = await self._rules.of(organisation_id)
        organisation = await self._repositories.people.get_organisation(organisation_id)
        transcript = await Revisions(self._repositories).get(
            organisation_id, interview.id, analysis.transcript_revision
        )
        return DebriefFacts(
            organisation=organisation.name if organisation else "",
            interview=interview,
            analysis=analysis,
            exported_at=utc_now(),
            shows_sentiment=rule.shows_sentiment,
            transcript=transcript.model_copy(update={"utterances": (), "intelligence": None})
            if transcript
            else None,
            said_by=_said_by(transcript) if transcript else {},
            review=_review_shown(shown.review, shown.view),
            scorecards=tuple(await self._repositories.scorecards(organisation_id).list_for([interview.id])),
            template=await self._templates.edition(organisation_id, _template_of(analysis)),
            outdated=debrief.outdated,
            recording_url=f"{self._public_url}/api/v1/interviews/{interview.id}/recording"
            if interview.recording
            else None,
        )


_FLIPS = "The software gave other levels when it was asked again, so none is shown."


def _analysis_shown(view: ReviewedAnalysis) -> Analysis:
    """Under the organisation's rule; a level or suggestion that flips is not passed on."""
    criteria = tuple(
        one.assessment.model_copy(update={"reason": _FLIPS}) if one.unstable else one.assessment
        for one in view.criteria
    )
    suggestion = view.analysis.suggestion
    if view.suggestion.unstable:
        suggestion = Suggestion(level=None, reasons=(_FLIPS,))
    return view.analysis.model_copy(update={"criteria": criteria, "suggestion": suggestion})


def _review_shown(review: Review, view: ReviewedAnalysis) -> Review:
    unstable = {one.assessment.criterion_id for one in view.criteria if one.unstable}
    overrides = tuple(
        one.model_copy(update={"original": None}) if one.criterion_id in unstable else one
        for one in review.overrides
    )
    return review.model_copy(update={"overrides": overrides})


def _said_by(transcript: Transcript) -> dict[str, str]:
    return {utterance.id: utterance.speaker for utterance in transcript.utterances}


def _template_of(analysis: Analysis) -> TemplateRef | None:
    if analysis.template_id is None or analysis.template_version is None:
        return None
    return TemplateRef(id=analysis.template_id, version=analysis.template_version)
