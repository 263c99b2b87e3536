"""Use of models as the API shows it. Money in US dollars."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from app.api.v1.schemas.common import Out, Page
from app.models.usage import Usage
from app.repositories.base import UsageLimits
from app.services.analysis_limits import MICRO
from app.services.usage import UsageReport


class UsageDayOut(Out):
    day: date = Field(description="UTC")
    tokens: int = Field(description="Input and output, what is reserved for calls under way among it")
    cost_usd: float = Field(description="As far as the prices of the models are known")
    calls: int

    @classmethod
    def of(cls, usage: Usage) -> UsageDayOut:
        return cls(
            day=usage.day, tokens=usage.tokens, cost_usd=usage.cost_micro_usd / MICRO, calls=usage.calls
        )


class UsageLimitOut(Out):
    """null: no limit."""

    tokens: int | None
    cost_usd: float | None

    @classmethod
    def of(cls, limits: UsageLimits) -> UsageLimitOut:
        cost = limits.cost_micro_usd
        return cls(tokens=limits.tokens, cost_usd=None if cost is None else cost / MICRO)


class UsageLimitsOut(Out):
    """What is in force: the lower of the server's limit and the organisation's own."""

    interview: UsageLimitOut = Field(description="Of one analysis")
    day: UsageLimitOut = Field(description="Of all analyses of a day (UTC)")


class UsageOut(Page[UsageDayOut]):
    """Days on which models were used, newest first."""

    limits: UsageLimitsOut

    @classmethod
    def of(cls, report: UsageReport) -> UsageOut:
        return cls(
            items=[UsageDayOut.of(day) for day in report.days],
            next_cursor=report.next.isoformat() if report.next else None,
            limits=UsageLimitsOut(
                interview=UsageLimitOut.of(report.limits.interview), day=UsageLimitOut.of(report.limits.day)
            ),
        )
