"""What changed from one analysis of an interview to another: a pure function of the two.

Sentiment is no part of it: a change of polarity would say nothing that a hiring decision may rest on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.models.analysis import (
    Analysis,
    Asked,
    Claim,
    CriterionAssessment,
    QuestionCoverage,
    Suggestion,
)
from app.services.claim_matching import match_claims


class ClaimKind(StrEnum):
    SUMMARY = "summary"
    STRENGTH = "strength"
    RED_FLAG = "red_flag"
    FACT = "fact"
    INTERVIEWING = "interviewing"


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """A criterion whose level is another one. None: that analysis has no such criterion."""

    criterion_id: str
    name: str
    before: CriterionAssessment | None
    after: CriterionAssessment | None


@dataclass(frozen=True, slots=True)
class OneClaim:
    kind: ClaimKind
    claim: Claim


@dataclass(frozen=True, slots=True)
class KeptClaim:
    """Made by both, each in its own words."""

    kind: ClaimKind
    before: Claim
    after: Claim


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question of the template whose state is another one. None: that analysis has no such question."""

    question_id: str
    question: str
    before: Asked | None
    after: Asked | None


@dataclass(frozen=True, slots=True)
class SuggestionChange:
    before: Suggestion | None
    after: Suggestion | None


@dataclass(frozen=True, slots=True)
class MadeOtherwise:
    """One thing about how the analyses were made that is not the same, such as `model`."""

    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    before: Analysis
    after: Analysis
    made_otherwise: tuple[MadeOtherwise, ...]
    criteria: tuple[CriterionChange, ...]
    added: tuple[OneClaim, ...]
    removed: tuple[OneClaim, ...]
    kept: tuple[KeptClaim, ...]
    questions: tuple[QuestionChange, ...]
    suggestion: SuggestionChange | None
    """None while both suggest the same level."""


def compare(before: Analysis, after: Analysis) -> Comparison:
    """Everything in the order of `after`, and behind it what only `before` has."""
    added: list[OneClaim] = []
    removed: list[OneClaim] = []
    kept: list[KeptClaim] = []
    same_transcript = before.transcript_revision == after.transcript_revision
    for kind in ClaimKind:
        matching = match_claims(_claims(before, kind), _claims(after, kind), same_transcript=same_transcript)
        added += [OneClaim(kind, claim) for claim in matching.added]
        removed += [OneClaim(kind, claim) for claim in matching.removed]
        kept += [KeptClaim(kind, earlier, later) for earlier, later in matching.kept]
    return Comparison(
        before=before,
        after=after,
        made_otherwise=tuple(_made_otherwise(before, after)),
        criteria=tuple(_criteria(before, after)),
        added=tuple(added),
        removed=tuple(removed),
        kept=tuple(kept),
        questions=tuple(_questions(before, after)),
        suggestion=_suggestion(before, after),
    )


def _claims(analysis: Analysis, kind: ClaimKind) -> tuple[Claim, ...]:
    match kind:
        case ClaimKind.SUMMARY:
            return analysis.summary
        case ClaimKind.STRENGTH:
            return analysis.strengths
        case ClaimKind.RED_FLAG:
            return analysis.red_flags
        case ClaimKind.FACT:
            return analysis.facts
        case ClaimKind.INTERVIEWING:
            return analysis.interviewing


def _criteria(before: Analysis, after: Analysis) -> Iterable[CriterionChange]:
    earlier = {criterion.criterion_id: criterion for criterion in before.criteria}
    later = {criterion.criterion_id: criterion for criterion in after.criteria}
    for key in (*later, *(key for key in earlier if key not in later)):
        one, other = earlier.get(key), later.get(key)
        shown = other or one
        if shown is not None and (one is None or other is None or one.level != other.level):
            yield CriterionChange(key, shown.name, one, other)


def _questions(before: Analysis, after: Analysis) -> Iterable[QuestionChange]:
    earlier = {row.question_id: row for row in before.template_coverage}
    later = {row.question_id: row for row in after.template_coverage}
    for key in (*later, *(key for key in earlier if key not in later)):
        one, other = earlier.get(key), later.get(key)
        shown = other or one
        if shown is not None and _state(one) != _state(other):
            yield QuestionChange(key, shown.question, _state(one), _state(other))


def _state(row: QuestionCoverage | None) -> Asked | None:
    return None if row is None else row.state


def _suggestion(before: Analysis, after: Analysis) -> SuggestionChange | None:
    levels = [analysis.suggestion and analysis.suggestion.level for analysis in (before, after)]
    return None if levels[0] == levels[1] else SuggestionChange(before.suggestion, after.suggestion)


def _made_otherwise(before: Analysis, after: Analysis) -> Iterable[MadeOtherwise]:
    earlier, later = _making(before), _making(after)
    return (MadeOtherwise(what, earlier[what], later[what]) for what in later if earlier[what] != later[what])


def _making(analysis: Analysis) -> dict[str, str | None]:
    template = analysis.template_id and f"{analysis.template_id}, version {analysis.template_version}"
    return {
        "outcome": analysis.outcome.value,
        "engine": f"{analysis.engine.name} {analysis.engine.version}",
        "model": analysis.provenance.model or analysis.engine.model,
        "prompt_version": analysis.provenance.prompt_version,
        "prompt_hash": analysis.provenance.prompt_hash,
        "template": template,
        "transcript_revision": str(analysis.transcript_revision),
    }
