"""What an organisation has used of its budget for analyses, and which limits hold for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core.config import AnalysisSettings
from app.models.usage import Usage
from app.repositories.base import Repositories
from app.services.analysis_limits import AnalysisLimits, limits_in_force
from app.services.analysis_rules import AnalysisRules


@dataclass(frozen=True, slots=True)
class UsageReport:
    """`next` is where to go on; None when there are no more days."""

    limits: AnalysisLimits
    days: Sequence[Usage]
    next: date | None


class UsageService:
    def __init__(self, repositories: Repositories, rules: AnalysisRules, settings: AnalysisSettings) -> None:
        self._repositories = repositories
        self._rules = rules
        self._settings = settings

    async def report(
        self, organisation_id: str, *, since: date | None, before: date | None, limit: int
    ) -> UsageReport:
        """Days on which something was used, newest first: those before `before` and not before `since`."""
        rows = await self._repositories.usage(organisation_id).list_newest(before=before, limit=limit + 1)
        wanted = [row for row in rows if since is None or row.day >= since]
        shown = wanted[:limit]
        return UsageReport(
            limits=limits_in_force(self._settings, await self._rules.of(organisation_id)),
            days=shown,
            next=shown[-1].day if len(wanted) > limit else None,
        )
