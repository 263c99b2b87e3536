"""Reviews: what people say of one analysis. Each act is a compare-and-set; the analysis is never touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from anyio import to_thread

from app.core.errors import Conflict, NotFound
from app.models.analysis import Analysis
from app.models.base import utc_now
from app.models.interview import TemplateRef
from app.models.scorecard import Review
from app.models.template import Level, TemplateVersion
from app.repositories.base import Repositories
from app.services.accounts import Actor
from app.services.analysis_comparison import Comparison, compare
from app.services.analysis_rules import AnalysisRules
from app.services.analysis_view import (
    ReviewedAnalysis,
    apply_review,
    as_shown,
    by_rule,
    is_about,
    review_by_rule,
    with_stability,
)
from app.services.debriefs import DebriefService
from app.services.lifecycle import VersionMismatch
from app.services.mentions import MentionService
from app.services.review_acts import (
    By,
    blank_review,
    claim_ids,
    confirmation_taken_back,
    confirmed,
    dismissal_taken_back,
    dismissed,
    overridden,
    override_taken_back,
)
from app.services.templates import TemplateService

_TRIES: Final = 8
_ACTS_KEPT: Final = 1000
"""More than people ever do to one draft, and far less than a document may hold."""
_REPORTS_LOOKED_AT: Final = 20


class CriterionNotFound(NotFound):
    code = "criterion_not_found"


class ClaimNotFound(NotFound):
    code = "claim_not_found"


class ReviewFull(Conflict):
    code = "review_full"


Decide = Callable[[Review], Review]
"""The review after an act. Returning the same object says that nothing changes."""


@dataclass(frozen=True, slots=True)
class ShownReview:
    """A review under the organisation's rule, and the debrief as it stands with it."""

    review: Review
    view: ReviewedAnalysis


@dataclass(frozen=True, slots=True)
class ReadDebrief:
    """A debrief as people read it; `outdated` names what changed since it was made."""

    view: ReviewedAnalysis
    outdated: tuple[str, ...]


class ReviewService:
    """Every change takes the version that the caller has seen (`expected_version`), or None to change whatever is
    there, and raises `AnalysisMissing` and `VersionMismatch`."""

    def __init__(
        self,
        repositories: Repositories,
        debriefs: DebriefService,
        templates: TemplateService,
        rules: AnalysisRules,
        mentions: MentionService,
    ) -> None:
        self._repositories = repositories
        self._debriefs = debriefs
        self._templates = templates
        self._rules = rules
        self._mentions = mentions

    async def get(self, organisation_id: str, interview_id: str, revision: int) -> ShownReview:
        """Raises `AnalysisMissing`."""
        analysis = await self._analysis(organisation_id, interview_id, revision)
        found = await self._repositories.reviews(organisation_id).get(interview_id, revision)
        return await self._shown(analysis, found or blank_review(analysis))

    async def read(
        self, organisation_id: str, interview_id: str, *, revision: int | None = None
    ) -> ReadDebrief:
        """The given version, or the newest. Raises `AnalysisMissing`."""
        debrief = await self._debriefs.get(organisation_id, interview_id, revision=revision)
        return ReadDebrief(await self.view(debrief.analysis), debrief.outdated)

    async def view(self, analysis: Analysis) -> ReviewedAnalysis:
        """The debrief as people read it: under the organisation's rule, reviewed, without levels that flip."""
        reviews = self._repositories.reviews(analysis.organisation_id)
        review = await reviews.get(analysis.interview_id, analysis.revision)
        return (await self._shown(analysis, review or blank_review(analysis))).view

    async def compare(
        self, organisation_id: str, interview_id: str, *, before: int, after: int
    ) -> Comparison:
        """What changed from one version to another, both as people read them. Raises `AnalysisMissing`."""
        earlier, later = [
            as_shown(await self.view(await self._analysis(organisation_id, interview_id, revision)))
            for revision in (before, after)
        ]
        return await to_thread.run_sync(partial(compare, earlier, later))

    async def override(
        self,
        actor: Actor,
        interview_id: str,
        revision: int,
        criterion_id: str,
        *,
        level: Level | None,
        reason: str,
        expected_version: int | None,
    ) -> ShownReview:
        """A person's level in place of the machine's. Raises `CriterionNotFound`."""
        analysis = await self._analysis(actor.organisation_id, interview_id, revision)
        assessed = next((c for c in analysis.criteria if c.criterion_id == criterion_id), None)
        if assessed is None and not await self._is_in_template(analysis, criterion_id):
            raise CriterionNotFound(f"Neither the analysis nor its template has a criterion {criterion_id}.")
        original, by = assessed.level if assessed else None, _by(actor)

        def decide(review: Review) -> Review:
            standing = next((o for o in review.overrides if o.criterion_id == criterion_id), None)
            if standing and (standing.level, standing.reason, standing.by) == (level, reason, by.id):
                return review
            return overridden(review, criterion_id, level, original=original, reason=reason, by=by)

        return await self._change(analysis, decide, expected_version)

    async def take_back_override(
        self,
        actor: Actor,
        interview_id: str,
        revision: int,
        criterion_id: str,
        *,
        expected_version: int | None,
    ) -> ShownReview:
        """Raises `NothingToTakeBack`."""
        analysis = await self._analysis(actor.organisation_id, interview_id, revision)
        by = _by(actor)
        return await self._change(
            analysis, lambda review: override_taken_back(review, criterion_id, by=by), expected_version
        )

    async def dismiss(
        self,
        actor: Actor,
        interview_id: str,
        revision: int,
        claim_id: str | None,
        *,
        reason: str,
        expected_version: int | None,
    ) -> ShownReview:
        """Take out a claim, or with None the whole draft. Raises `ClaimNotFound`."""
        analysis = await self._analysis(actor.organisation_id, interview_id, revision)
        if claim_id is not None and claim_id not in claim_ids(analysis):
            raise ClaimNotFound(f"The analysis has no claim {claim_id}.")
        by = _by(actor)

        def decide(review: Review) -> Review:
            standing = next((d for d in review.dismissals if d.claim_id == claim_id), None)
            if standing and (standing.reason, standing.by) == (reason, by.id):
                return review
            return dismissed(review, claim_id, reason=reason, by=by)

        return await self._change(analysis, decide, expected_version)

    async def take_back_dismissal(
        self,
        actor: Actor,
        interview_id: str,
        revision: int,
        claim_id: str | None,
        *,
        expected_version: int | None,
    ) -> ShownReview:
        """Raises `NothingToTakeBack`."""
        analysis = await self._analysis(actor.organisation_id, interview_id, revision)
        by = _by(actor)
        return await self._change(
            analysis, lambda review: dismissal_taken_back(review, claim_id, by=by), expected_version
        )

    async def confirm(
        self,
        actor: Actor,
        interview_id: str,
        revision: int,
        *,
        level: Level | None,
        reason: str,
        expected_version: int | None,
    ) -> ShownReview:
        """A named person's word on the suggestion; `level` None is no decision. Raises `DraftDismissed`."""
        analysis = await self._analysis(actor.organisation_id, interview_id, revision)
        original, by = analysis.suggestion.level if analysis.suggestion else None, _by(actor)

        def decide(review: Review) -> Review:
            standing = review.confirmation
            if standing and (standing.level, standing.reason, standing.by) == (level, reason, by.id):
                return review
            return confirmed(review, level, original=original, reason=reason, by=by)

        return await self._change(analysis, decide, expected_version)

    async def take_back_confirmation(
        self, actor: Actor, interview_id: str, revision: int, *, expected_version: int | None
    ) -> ShownReview:
        """Raises `NothingToTakeBack`."""
        analysis = await self._analysis(actor.organisation_id, interview_id, revision)
        by = _by(actor)
        return await self._change(
            analysis, lambda review: confirmation_taken_back(review, by=by), expected_version
        )

    async def _change(self, analysis: Analysis, decide: Decide, expected_version: int | None) -> ShownReview:
        repository = self._repositories.reviews(analysis.organisation_id)
        for _ in range(_TRIES):
            found = await repository.get(analysis.interview_id, analysis.revision)
            current = found or blank_review(analysis)
            if expected_version is not None and current.version != expected_version:
                raise VersionMismatch(
                    f"The review has version {current.version} by now; load it again.",
                    version=current.version,
                )
            changed = decide(current)
            if changed is current:
                return await self._shown(analysis, current)
            if len(changed.history) > _ACTS_KEPT:
                raise ReviewFull(
                    f"This draft has had {_ACTS_KEPT} changes; analyse again to review a new one."
                )
            changed = changed.model_copy(update={"version": current.version + 1})
            mentions = await self._mentions.announce_in_review(current, changed)
            if await repository.save(changed, expected_version=current.version):
                await self._mentions.tell(mentions)
                return await self._shown(analysis, changed)
        raise Conflict("Too many changes at once; try again.")

    async def _shown(self, analysis: Analysis, review: Review) -> ShownReview:
        rule = await self._rules.of(analysis.organisation_id)
        shown = review_by_rule(review, rule)
        assessed = {c.criterion_id for c in analysis.criteria}
        adds = any(o.criterion_id not in assessed for o in review.overrides)
        edition = await self._edition(analysis) if adds else None
        view = apply_review(by_rule(analysis, rule), shown, edition)
        if not rule.levels:
            return ShownReview(shown, view)
        reports = await self._repositories.stability(analysis.organisation_id).list_newest(
            analysis.interview_id, before=None, limit=_REPORTS_LOOKED_AT
        )
        newest = next((report for report in reports if is_about(report, analysis)), None)
        return ShownReview(shown, with_stability(view, newest))

    async def _analysis(self, organisation_id: str, interview_id: str, revision: int) -> Analysis:
        return (await self._debriefs.get(organisation_id, interview_id, revision=revision)).analysis

    async def _is_in_template(self, analysis: Analysis, criterion_id: str) -> bool:
        edition = await self._edition(analysis)
        return edition is not None and any(c.id == criterion_id for c in edition.criteria)

    async def _edition(self, analysis: Analysis) -> TemplateVersion | None:
        if analysis.template_id is None or analysis.template_version is None:
            return None
        reference = TemplateRef(id=analysis.template_id, version=analysis.template_version)
        return await self._templates.edition(analysis.organisation_id, reference)


def _by(actor: Actor) -> By:
    return By(actor.user.id, actor.name, utc_now())
