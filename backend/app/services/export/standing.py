"""What stands after people have reviewed the draft: levels in force, claims that were not taken out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from app.models.analysis import Analysis, AnalysisDraft, CriterionAssessment
from app.models.scorecard import Confirmation, Dismissal, LevelOverride, Review
from app.models.template import Criterion, Level
from app.services.export.facts import DebriefFacts
from app.services.export.wording import FACTS, FLAGS, NOTES

NOT_LOOKED_AT = "This analysis did not look at the criterion."


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


_Claim = TypeVar("_Claim", bound=_Identified)


@dataclass(frozen=True, slots=True)
class StandingCriterion:
    """One criterion of the template or of the analysis; either side may lack it."""

    id: str
    name: str
    criterion: Criterion | None
    assessment: CriterionAssessment | None
    """None when the analysis did not look at it, or the whole draft was dismissed."""
    override: LevelOverride | None
    draft_dismissed: bool = False

    @property
    def level(self) -> Level | None:
        """The level in force: a person's before the machine's."""
        if self.override is not None:
            return self.override.level
        return self.assessment.level if self.assessment else None

    @property
    def reason(self) -> str | None:
        """Why there is no level; None where there is one."""
        if self.level is not None:
            return None
        if self.override is not None:
            return self.override.reason
        if self.draft_dismissed:
            return "The draft was dismissed."
        if self.assessment is None:
            return NOT_LOOKED_AT
        return self.assessment.reason or "No evidence was found."


@dataclass(frozen=True, slots=True)
class DismissedClaim:
    kind: str
    text: str
    dismissal: Dismissal


@dataclass(frozen=True, slots=True)
class Standing:
    draft: Analysis
    """The analysis without what people took out."""
    criteria: tuple[StandingCriterion, ...]
    draft_dismissal: Dismissal | None
    """Set when the whole draft was dismissed: nothing of it may be shown."""
    dismissed: tuple[DismissedClaim, ...]
    confirmation: Confirmation | None


def standing(facts: DebriefFacts) -> Standing:
    analysis, review = facts.analysis, facts.review
    dismissals = review.dismissals if review else ()
    whole = next((d for d in dismissals if d.claim_id is None), None)
    by_claim = {d.claim_id: d for d in dismissals if d.claim_id is not None}
    gone = frozenset(by_claim)
    return Standing(
        draft=_emptied(analysis) if whole else _without(analysis, gone),
        criteria=_criteria(facts, review, dismissed=whole is not None),
        draft_dismissal=whole,
        dismissed=()
        if whole
        else tuple(
            DismissedClaim(kind, text, by_claim[claim_id])
            for claim_id, kind, text in _claims(analysis)
            if claim_id in gone
        ),
        confirmation=review.confirmation if review else None,
    )


def _kept(claims: Sequence[_Claim], gone: frozenset[str]) -> tuple[_Claim, ...]:
    return tuple(claim for claim in claims if claim.id not in gone)


def _without(analysis: Analysis, gone: frozenset[str]) -> Analysis:
    coverage = [
        question.model_copy(
            update={
                "question_answer_ids": tuple(i for i in question.question_answer_ids if i not in gone),
            }
        )
        for question in analysis.template_coverage
    ]
    return analysis.model_copy(
        update={
            "summary": _kept(analysis.summary, gone),
            "question_answers": _kept(analysis.question_answers, gone),
            "template_coverage": tuple(coverage),
            "strengths": _kept(analysis.strengths, gone),
            "red_flags": _kept(analysis.red_flags, gone),
            "facts": _kept(analysis.facts, gone),
            "interviewing": _kept(analysis.interviewing, gone),
        }
    )


_ABOUT_THE_RUN = frozenset({"engine", "outcome", "reasons", "coverage", "warnings", "provenance", "left_out"})


def _emptied(analysis: Analysis) -> Analysis:
    """Only what tells how it was made."""
    found = AnalysisDraft.model_fields.keys() - _ABOUT_THE_RUN
    return analysis.model_copy(
        update={name: AnalysisDraft.model_fields[name].get_default() for name in found}
    )


def _criteria(
    facts: DebriefFacts, review: Review | None, *, dismissed: bool
) -> tuple[StandingCriterion, ...]:
    """In the order of the template; what only the analysis knows comes after."""
    assessed = {c.criterion_id: c for c in facts.analysis.criteria}
    known = {c.id: c for c in (facts.template.criteria if facts.template else ())}
    overrides = {o.criterion_id: o for o in (review.overrides if review else ())}
    names = {**{i: c.name for i, c in assessed.items()}, **{i: c.name for i, c in known.items()}}
    return tuple(
        StandingCriterion(
            id=id,
            name=names.get(id, id),
            criterion=known.get(id),
            assessment=None if dismissed else assessed.get(id),
            override=overrides.get(id),
            draft_dismissed=dismissed,
        )
        for id in _in_order(known, assessed, overrides)
    )


def _in_order(*groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id for group in groups for id in group))


def _claims(analysis: Analysis) -> Iterable[tuple[str, str, str]]:
    """All that can be dismissed: id, kind and text."""
    yield from ((c.id, "Summary", c.text) for c in analysis.summary)
    yield from ((c.id, "Strength", c.text) for c in analysis.strengths)
    yield from ((c.id, f"Red flag, {FLAGS[c.type].lower()}", c.text) for c in analysis.red_flags)
    yield from ((c.id, FACTS[c.kind], c.text) for c in analysis.facts)
    yield from ((c.id, "Question and answer", c.question.quote) for c in analysis.question_answers)
    yield from ((c.id, NOTES[c.kind], c.text) for c in analysis.interviewing)
