"""What analyses may cost: the installation's limits, and an organisation's own below them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.core.config import AnalysisSettings
from app.models.organisation import AnalysisRule
from app.repositories.base import UsageLimits

MICRO: Final = 1_000_000
"""Millionths of a US dollar in one."""


@dataclass(frozen=True, slots=True)
class AnalysisLimits:
    interview: UsageLimits
    """Of one analysis."""
    day: UsageLimits
    """Of the organisation's analyses on one day (UTC)."""


def limits_in_force(settings: AnalysisSettings, rule: AnalysisRule) -> AnalysisLimits:
    """An organisation may set itself a lower limit, down to nothing at all, and never a higher one."""
    day_tokens = settings.analysis_day_tokens
    if rule.daily_tokens is not None:
        day_tokens = min(day_tokens, rule.daily_tokens)
    return AnalysisLimits(
        interview=_limits(settings.analysis_interview_tokens, settings.analysis_interview_usd),
        day=_limits(day_tokens, settings.analysis_day_usd),
    )


def _limits(tokens: int, usd: float | None) -> UsageLimits:
    return UsageLimits(tokens=tokens, cost_micro_usd=None if usd is None else round(usd * MICRO))
