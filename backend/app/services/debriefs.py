"""Debriefs: read the analyses of an interview and make new ones, of one interview or of many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from app.core.errors import Conflict, NotFound
from app.models.analysis import Analysis
from app.models.interview import Interview, Status
from app.repositories.base import InterviewFilter, PageKey, Repositories
from app.services.lifecycle import Lifecycle, WrongState

_AT_REST: Final = frozenset({Status.DONE, Status.FAILED})
"""Where nothing is under way that a new analysis would cut off."""


class AnalysisMissing(NotFound):
    code = "analysis_missing"


class NothingToAnalyse(Conflict):
    code = "nothing_to_analyse"


@dataclass(frozen=True, slots=True)
class Debrief:
    analysis: Analysis
    outdated: tuple[str, ...]
    """What changed since it was made: `transcript`, `template`. Empty while it is current."""


@dataclass(frozen=True, slots=True)
class Skipped:
    interview_id: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Reruns:
    accepted: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    next: PageKey | None = None
    """Where to go on; None when there is nothing left to look at."""


class DebriefService:
    def __init__(self, repositories: Repositories, lifecycle: Lifecycle) -> None:
        self._repositories = repositories
        self._lifecycle = lifecycle

    async def get(self, organisation_id: str, interview_id: str, *, revision: int | None = None) -> Debrief:
        """The given version, or the newest. Raises `AnalysisMissing`."""
        interview = await self._lifecycle.get(organisation_id, interview_id)
        wanted = revision or interview.analysis_revision
        if 0 < wanted <= interview.analysis_revision:
            found = await self._repositories.analyses(organisation_id).get(interview_id, wanted)
            if found is not None:
                return Debrief(found, _outdated(found, interview))
        raise AnalysisMissing(
            f"There is no such analysis; the interview is {interview.status}.", status=interview.status.value
        )

    async def list_newest(
        self, organisation_id: str, interview_id: str, *, before: int | None, limit: int
    ) -> Sequence[Debrief]:
        interview = await self._lifecycle.get(organisation_id, interview_id)
        below = min(before or interview.analysis_revision + 1, interview.analysis_revision + 1)
        found = await self._repositories.analyses(organisation_id).list_newest(
            interview_id, before=below, limit=limit
        )
        return [Debrief(analysis, _outdated(analysis, interview)) for analysis in found]

    async def run_again(self, organisation_id: str, interview_id: str, *, by: str) -> Interview:
        """Make a new version from the transcript as it is now; earlier versions stay readable.

        Raises `NothingToAnalyse`, and `WrongState` while something else is under way.
        """

        def again(current: Interview) -> Mapping[str, Any]:
            status = current.status
            if current.transcript_revision == 0:
                raise NothingToAnalyse("There is no transcript yet.", status=status.value)
            if status not in _AT_REST:
                raise WrongState(
                    f"The interview is {status}; wait until that is finished.", status=status.value
                )
            return {"analysis_requested_by": by, "analysis_waits": 0}

        return await self._lifecycle.move(organisation_id, interview_id, Status.ANALYSING, again)

    async def run_many(self, organisation_id: str, interview_ids: Iterable[str], *, by: str) -> Reruns:
        """Make new versions where that is possible, and say where it is not."""
        accepted, skipped = [], []
        for interview_id in dict.fromkeys(interview_ids):
            try:
                await self.run_again(organisation_id, interview_id, by=by)
            except (NotFound, Conflict) as error:
                skipped.append(Skipped(interview_id, error.code, error.detail))
            else:
                accepted.append(interview_id)
        return Reruns(tuple(accepted), tuple(skipped))

    async def run_outdated(
        self,
        organisation_id: str,
        *,
        template_id: str | None,
        after: PageKey | None,
        limit: int,
        by: str,
    ) -> Reruns:
        """As `run_many`, for the outdated ones among the next `limit` interviews, newest first.

        With `template_id` only those that have this template now, in whatever version.
        """
        rows = await self._repositories.interviews(organisation_id).list_newest(
            InterviewFilter(), after=after, limit=limit + 1
        )
        looked_at = rows[:limit]
        outdated = [
            interview.id
            for interview in looked_at
            if (template_id is None or (interview.template and interview.template.id == template_id))
            and await self.outdated(interview)
        ]
        reruns = await self.run_many(organisation_id, outdated, by=by)
        last = looked_at[-1] if len(rows) > limit else None
        return replace(reruns, next=PageKey(last.created_at, last.id) if last else None)

    async def outdated(self, interview: Interview) -> tuple[str, ...]:
        """What changed since the newest analysis. Older interviews do not know; their analysis does."""
        if interview.analysed is not None or interview.analysis_revision == 0:
            return interview.outdated
        analyses = self._repositories.analyses(interview.organisation_id)
        newest = await analyses.get(interview.id, interview.analysis_revision)
        return _outdated(newest, interview) if newest else ()


def _outdated(analysis: Analysis, interview: Interview) -> tuple[str, ...]:
    changed = []
    if analysis.transcript_revision != interview.transcript_revision:
        changed.append("transcript")
    pinned = (interview.template.id, interview.template.version) if interview.template else (None, None)
    if (analysis.template_id, analysis.template_version) != pinned:
        changed.append("template")
    return tuple(changed)
