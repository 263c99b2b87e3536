"""Debriefs: read the analyses of an interview and make a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.errors import Conflict, NotFound
from app.models.analysis import Analysis
from app.models.interview import Interview, Status
from app.repositories.base import Repositories
from app.services.lifecycle import Lifecycle


class AnalysisMissing(NotFound):
    code = "analysis_missing"


class NothingToAnalyse(Conflict):
    code = "nothing_to_analyse"


@dataclass(frozen=True, slots=True)
class Debrief:
    analysis: Analysis
    outdated: tuple[str, ...]
    """What changed since it was made: `transcript`, `template`. Empty while it is current."""


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

    async def run_again(self, organisation_id: str, interview_id: str) -> Interview:
        """Make a new version from the transcript as it is now; earlier versions stay readable."""
        interview = await self._lifecycle.get(organisation_id, interview_id)
        if interview.transcript_revision == 0:
            raise NothingToAnalyse("There is no transcript yet.", status=interview.status.value)
        return await self._lifecycle.move(organisation_id, interview_id, Status.ANALYSING, lambda _: {})


def _outdated(analysis: Analysis, interview: Interview) -> tuple[str, ...]:
    changed = []
    if analysis.transcript_revision != interview.transcript_revision:
        changed.append("transcript")
    pinned = (interview.template.id, interview.template.version) if interview.template else (None, None)
    if (analysis.template_id, analysis.template_version) != pinned:
        changed.append("template")
    return tuple(changed)
