"""Who writes an organisation's debriefs, and what it wants to see of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.core.errors import InvalidInput
from app.models.organisation import AnalysisRule, Analyst
from app.repositories.base import Repositories

_BEST_FIRST: Final = (Analyst.OPENAI, Analyst.DEEPGRAM, Analyst.OFFLINE)
_SETTING: Final = {Analyst.OPENAI: "OPENAI_API_KEY", Analyst.DEEPGRAM: "DEEPGRAM_API_KEY"}


class AnalystNotConfigured(InvalidInput):
    code = "analyst_not_configured"


class EuModeInForce(InvalidInput):
    code = "eu_mode_in_force"


class AnalysisRules:
    """`available`: the engines that are configured; the offline one always is. `preferred`: the best that the
    installation gives to anybody. With `eu_mode` every organisation is in it."""

    def __init__(
        self,
        repositories: Repositories,
        available: frozenset[Analyst],
        *,
        eu_mode: bool,
        preferred: Analyst,
    ) -> None:
        self._people = repositories.people
        self._eu_mode = eu_mode
        best = 0 if preferred is Analyst.AUTO else _BEST_FIRST.index(preferred)
        self._chain = tuple(a for a in _BEST_FIRST[best:] if a in available or a is Analyst.OFFLINE)

    async def of(self, organisation_id: str) -> AnalysisRule:
        organisation = await self._people.get_organisation(organisation_id)
        return self.in_force(organisation.analysis if organisation else AnalysisRule())

    def in_force(self, rule: AnalysisRule) -> AnalysisRule:
        """The organisation's rule under the installation's."""
        return rule.model_copy(update={"eu_mode": True}) if self._eu_mode else rule

    def check(self, rule: AnalysisRule) -> None:
        """Raises `AnalystNotConfigured` for a choice that this installation cannot serve."""
        if rule.analyst is not Analyst.AUTO and rule.analyst not in self._chain:
            raise AnalystNotConfigured(
                f"{rule.analyst} is not available here: set {_SETTING[rule.analyst]} first, and leave "
                "ANALYSIS_ENGINE at auto or at an engine that is no less."
            )

    def check_change(self, change: Mapping[str, Any]) -> None:
        """Raises `EuModeInForce` for a switch that an installation in EU mode does not have."""
        if self._eu_mode and "sentiment" in change:
            raise EuModeInForce("This server runs in EU mode, which has no such switch: leave out sentiment.")

    def chain_for(self, rule: AnalysisRule) -> tuple[Analyst, ...]:
        """The engines to try, the chosen one first; never empty. What is not available is left out."""
        if rule.analyst is Analyst.AUTO:
            return self._chain
        first = _BEST_FIRST.index(rule.analyst)
        return tuple(a for a in self._chain if _BEST_FIRST.index(a) >= first)
