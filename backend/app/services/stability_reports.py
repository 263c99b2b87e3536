"""Stability reports: ask for one, read them. Analysing the transcript several times is the pipeline's work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.errors import Conflict, NotFound
from app.models.interview import Interview, Status
from app.models.stability import StabilityReport
from app.repositories.base import Repositories
from app.services.analysis_rules import AnalysisRules
from app.services.analysis_view import report_by_rule
from app.services.lifecycle import Lifecycle, WrongState


class StabilityMissing(NotFound):
    code = "stability_missing"


class NothingToMeasure(Conflict):
    code = "nothing_to_measure"


class StabilityReports:
    def __init__(self, repositories: Repositories, lifecycle: Lifecycle, rules: AnalysisRules) -> None:
        self._repositories = repositories
        self._lifecycle = lifecycle
        self._rules = rules

    async def measure(self, organisation_id: str, interview_id: str, *, runs: int) -> Interview:
        """Have the finished debrief repeated. Raises `NothingToMeasure`, and `WrongState` unless it is done."""

        def asked(current: Interview) -> Mapping[str, Any]:
            status = current.status
            if current.analysis_revision == 0:
                raise NothingToMeasure("There is no debrief yet that could be repeated.", status=status.value)
            if not _is_at_rest(current):
                raise WrongState(
                    f"The interview is {status}; a debrief is repeated once it is done.", status=status.value
                )
            return {"stability_runs": runs, "stability_failure": None}

        return await self._lifecycle.move(organisation_id, interview_id, Status.MEASURING, asked)

    async def get(
        self, organisation_id: str, interview_id: str, *, revision: int | None = None
    ) -> StabilityReport:
        """The given report, or the newest. Raises `StabilityMissing`."""
        interview = await self._lifecycle.get(organisation_id, interview_id)
        wanted = revision or interview.stability_revision
        # As with transcripts: above the committed one may lie what a worker has not committed.
        if 0 < wanted <= interview.stability_revision:
            found = await self._repositories.stability(organisation_id).get(interview_id, wanted)
            if found is not None:
                return report_by_rule(found, await self._rules.of(organisation_id))
        raise StabilityMissing(
            f"There is no such stability report; the interview is {interview.status}.",
            status=interview.status.value,
        )

    async def list_newest(
        self, organisation_id: str, interview_id: str, *, before: int | None, limit: int
    ) -> Sequence[StabilityReport]:
        interview = await self._lifecycle.get(organisation_id, interview_id)
        below = min(before or interview.stability_revision + 1, interview.stability_revision + 1)
        found = await self._repositories.stability(organisation_id).list_newest(
            interview_id, before=below, limit=limit
        )
        rule = await self._rules.of(organisation_id)
        return [report_by_rule(report, rule) for report in found]


def _is_at_rest(interview: Interview) -> bool:
    """Done, or stopped at this very step: then somebody may want fewer runs than the failed report was to have."""
    failure = interview.failure
    failed_here = failure is not None and failure.step is Status.MEASURING
    return interview.status is Status.DONE or (interview.status is Status.FAILED and failed_here)
