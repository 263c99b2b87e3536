"""The debrief as people read it: the machine's draft under the organisation's rule and with what people said of it.

Everything here is pure and changes no analysis: readers, the API and the exports build the same view from the same
documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from app.models.analysis import Analysis, CriterionAssessment
from app.models.interview import TemplateRef
from app.models.organisation import AnalysisRule
from app.models.scorecard import Confirmation, Dismissal, LevelOverride, Review
from app.models.stability import StabilityReport
from app.models.template import Level, TemplateVersion

_NO_LEVELS: Final = "The organisation shows evidence without levels."


class LevelSource(StrEnum):
    """Whose word a level is."""

    MACHINE = "machine"
    PERSON = "person"
    NOBODY = "nobody"


class SuggestionState(StrEnum):
    DRAFT = "draft"
    """The machine's: it counts for nothing yet."""
    CONFIRMED = "confirmed"
    CHANGED = "changed"
    """A person confirmed another level, or none."""


@dataclass(frozen=True, slots=True)
class ReviewedCriterion:
    """One criterion with the level in force. `original` is the machine's, whatever people said since."""

    assessment: CriterionAssessment
    level: Level | None
    source: LevelSource
    original: Level | None
    override: LevelOverride | None = None
    unstable: bool = False
    """The machine gave other levels when it was asked again; its level is not shown."""


@dataclass(frozen=True, slots=True)
class ReviewedSuggestion:
    level: Level | None
    state: SuggestionState
    original: Level | None
    reasons: tuple[str, ...] = ()
    confirmation: Confirmation | None = None
    unstable: bool = False


@dataclass(frozen=True, slots=True)
class ReviewedAnalysis:
    """`dismissed` maps the ids of claims that a person took out to who did it and why; readers mark them."""

    analysis: Analysis
    criteria: tuple[ReviewedCriterion, ...]
    suggestion: ReviewedSuggestion
    dismissed: Mapping[str, Dismissal] = field(default_factory=dict)
    draft_dismissed: Dismissal | None = None
    """Set when a person dismissed the whole draft: nothing of it counts."""


def apply_review(
    analysis: Analysis, review: Review | None, edition: TemplateVersion | None = None
) -> ReviewedAnalysis:
    """The analysis and what people said of it.

    An override on a criterion that the analysis has not is shown too; `edition` gives its name.
    """
    names = {c.id: c.name for c in edition.criteria} if edition else {}
    overrides = {o.criterion_id: o for o in review.overrides} if review else {}
    assessed = {c.criterion_id for c in analysis.criteria}
    added = tuple(
        CriterionAssessment(criterion_id=o.criterion_id, name=names.get(o.criterion_id, o.criterion_id))
        for o in overrides.values()
        if o.criterion_id not in assessed
    )
    dismissals = review.dismissals if review else ()
    return ReviewedAnalysis(
        analysis=analysis,
        criteria=tuple(_reviewed(c, overrides.get(c.criterion_id)) for c in (*analysis.criteria, *added)),
        suggestion=_suggested(analysis, review.confirmation if review else None),
        dismissed={d.claim_id: d for d in dismissals if d.claim_id is not None},
        draft_dismissed=next((d for d in dismissals if d.claim_id is None), None),
    )


def without_sentiment(analysis: Analysis) -> Analysis:
    """Also without the mark that it was asked for."""
    made_by = analysis.provenance
    parameters = {name: value for name, value in made_by.parameters.items() if "sentiment" not in name}
    return analysis.model_copy(
        update={"sentiments": None, "provenance": made_by.model_copy(update={"parameters": parameters})}
    )


def without_levels(analysis: Analysis) -> Analysis:
    """Evidence only. The rationale goes with the level: it says why that one was given."""
    criteria = tuple(
        c.model_copy(update={"level": None, "rationale": "", "reason": c.reason or _NO_LEVELS})
        for c in analysis.criteria
    )
    return analysis.model_copy(update={"criteria": criteria, "suggestion": None})


def by_rule(analysis: Analysis, rule: AnalysisRule) -> Analysis:
    """What the organisation wants to see, also of an analysis that was made under another rule."""
    analysis = analysis if rule.shows_sentiment else without_sentiment(analysis)
    return analysis if rule.levels else without_levels(analysis)


def review_by_rule(review: Review, rule: AnalysisRule) -> Review:
    """A review keeps the machine's levels as originals; they are hidden where its levels are."""
    if rule.levels:
        return review
    hidden = {"original": None}
    history = tuple(
        event.model_copy(
            update={
                "override": event.override and event.override.model_copy(update=hidden),
                "confirmation": event.confirmation and event.confirmation.model_copy(update=hidden),
            }
        )
        for event in review.history
    )
    return review.model_copy(
        update={
            "overrides": tuple(o.model_copy(update=hidden) for o in review.overrides),
            "confirmation": review.confirmation and review.confirmation.model_copy(update=hidden),
            "history": history,
        }
    )


def report_by_rule(report: StabilityReport, rule: AnalysisRule) -> StabilityReport:
    """Without levels there is still how much of the claims was made again."""
    return report if rule.levels else report.model_copy(update={"criteria": (), "suggestions": ()})


def as_shown(view: ReviewedAnalysis) -> Analysis:
    """The machine's part of a view: without the levels that it does not show because they flip."""
    assessed = {c.criterion_id for c in view.analysis.criteria}
    suggestion = view.analysis.suggestion
    if suggestion is not None and view.suggestion.unstable:
        suggestion = suggestion.model_copy(update={"level": None, "reasons": ()})
    criteria = tuple(c.assessment for c in view.criteria if c.assessment.criterion_id in assessed)
    return view.analysis.model_copy(update={"criteria": criteria, "suggestion": suggestion})


def is_about(report: StabilityReport, analysis: Analysis) -> bool:
    """Whether the report repeated what this analysis was made of: the same transcript and template."""
    template = None
    if analysis.template_id is not None and analysis.template_version is not None:
        template = TemplateRef(id=analysis.template_id, version=analysis.template_version)
    return report.transcript_revision == analysis.transcript_revision and report.template == template


def with_stability(view: ReviewedAnalysis, report: StabilityReport | None) -> ReviewedAnalysis:
    """Take out the machine's level of each criterion that flips. What a person said stays.

    A report about another transcript or template says nothing here.
    """
    if report is None or not is_about(report, view.analysis):
        return view
    flipping = {c.criterion_id for c in report.criteria if c.flips}
    suggestion = view.suggestion
    if len(set(report.suggestions)) > 1:
        suggestion = replace(
            suggestion,
            level=None if suggestion.confirmation is None else suggestion.level,
            original=None,
            reasons=(),
            unstable=True,
        )
    return replace(
        view,
        criteria=tuple(_unstable(c) if c.assessment.criterion_id in flipping else c for c in view.criteria),
        suggestion=suggestion,
    )


def _reviewed(assessment: CriterionAssessment, override: LevelOverride | None) -> ReviewedCriterion:
    if override is not None:
        return ReviewedCriterion(
            assessment, override.level, LevelSource.PERSON, assessment.level, override=override
        )
    source = LevelSource.NOBODY if assessment.level is None else LevelSource.MACHINE
    return ReviewedCriterion(assessment, assessment.level, source, assessment.level)


def _suggested(analysis: Analysis, confirmation: Confirmation | None) -> ReviewedSuggestion:
    suggestion = analysis.suggestion
    original = suggestion.level if suggestion else None
    reasons = suggestion.reasons if suggestion else ()
    if confirmation is None:
        return ReviewedSuggestion(original, SuggestionState.DRAFT, original, reasons)
    same = confirmation.level == confirmation.original
    state = SuggestionState.CONFIRMED if same else SuggestionState.CHANGED
    return ReviewedSuggestion(confirmation.level, state, original, reasons, confirmation)


def _unstable(criterion: ReviewedCriterion) -> ReviewedCriterion:
    is_machines = criterion.source is LevelSource.MACHINE
    hidden = criterion.assessment.model_copy(update={"level": None, "rationale": ""})
    return replace(
        criterion,
        assessment=hidden,
        level=None if is_machines else criterion.level,
        source=LevelSource.NOBODY if is_machines else criterion.source,
        original=None,
        unstable=True,
    )
