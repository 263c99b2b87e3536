"""What an analysis may cost: a limit for the interview, counted here, and one for the day, counted in the database."""

from __future__ import annotations

from datetime import date

from app.models.base import utc_now
from app.repositories.base import UsageLimits, UsageRepository
from app.services.analysis.errors import BudgetSpent


class AnalysisBudget:
    """`Budget` of one analysis. Not to be shared between analyses."""

    def __init__(self, usage: UsageRepository, *, interview: UsageLimits, day: UsageLimits) -> None:
        self._usage = usage
        self._interview = interview
        self._limits = day
        self._day: date = utc_now().date()
        self._tokens = 0
        self._cost = 0

    async def reserve(self, *, tokens: int, cost_micro_usd: int) -> None:
        if self._passes(self._tokens + tokens, self._cost + cost_micro_usd):
            raise BudgetSpent("The budget for one interview does not cover the whole analysis.")
        granted = await self._usage.reserve(
            self._day, tokens=tokens, cost_micro_usd=cost_micro_usd, limits=self._limits
        )
        if not granted:
            raise BudgetSpent("The organisation's budget for today is used up; it is new at midnight (UTC).")
        self._tokens += tokens
        self._cost += cost_micro_usd

    async def settle(
        self, *, reserved_tokens: int, reserved_cost: int, tokens: int, cost_micro_usd: int
    ) -> None:
        self._tokens += tokens - reserved_tokens
        self._cost += cost_micro_usd - reserved_cost
        await self._usage.settle(
            self._day, tokens=tokens - reserved_tokens, cost_micro_usd=cost_micro_usd - reserved_cost
        )

    def _passes(self, tokens: int, cost: int) -> bool:
        limits = self._interview
        return (limits.tokens is not None and tokens > limits.tokens) or (
            limits.cost_micro_usd is not None and cost > limits.cost_micro_usd
        )
