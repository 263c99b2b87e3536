"""What the levels add up to, by a rule that anybody can check. It is a draft until a named person confirms it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from app.models.analysis import CriterionAssessment, RedFlag, Severity, Suggestion
from app.models.template import Level, TemplateVersion

_VALUE: Final = {Level.STRONG_NO: -2, Level.NO: -1, Level.YES: 1, Level.STRONG_YES: 2}
_STRONG: Final = 1.5
_LEAST_ASSESSED: Final = 0.5
"""Part of the weight of all criteria that needs a level before anything is suggested."""


def suggest(
    criteria: Sequence[CriterionAssessment], flags: Sequence[RedFlag], template: TemplateVersion
) -> Suggestion:
    """The weighted middle of the levels: strong from ±1.5 on, where yes is 1 and strong yes 2."""
    weights = {criterion.id: criterion.weight for criterion in template.criteria}
    assessed = {c.criterion_id: c.level for c in criteria if c.level is not None}
    total = sum(weights.values())
    known = sum(weights[i] for i in assessed)
    said = f"{len(assessed)} of {len(weights)} criteria have a level"
    if not total or known / total < _LEAST_ASSESSED:
        return Suggestion(level=None, reasons=(f"{said}: too few for a suggestion.",))
    level = _of(sum(weights[i] * _VALUE[level] for i, level in assessed.items()) / known)
    reasons = [f"{said}; the suggestion is their weighted middle."]
    critical = [flag for flag in flags if flag.severity is Severity.CRITICAL]
    if critical and _VALUE[level] > 0:
        reasons.append("A critical red flag rules out a positive suggestion.")
        return Suggestion(level=None, reasons=tuple(reasons))
    return Suggestion(level=level, reasons=(*reasons, *_extremes(assessed, criteria)))


def _of(mean: float) -> Level:
    if mean >= _STRONG:
        return Level.STRONG_YES
    if mean > 0:
        return Level.YES
    return Level.NO if mean > -_STRONG else Level.STRONG_NO


def _extremes(assessed: Mapping[str, Level], criteria: Sequence[CriterionAssessment]) -> list[str]:
    against = [c.name for c in criteria if assessed.get(c.criterion_id) is Level.STRONG_NO]
    return [f"Strong no on: {', '.join(against)}."] if against else []
