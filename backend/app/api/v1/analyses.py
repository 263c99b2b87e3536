"""Debriefs: read the newest, read earlier versions, make a new one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.api.v1.problems import problems
from app.api.v1.schemas.analyses import AnalysisHead, AnalysisOut, ReplayOut
from app.api.v1.schemas.common import Page
from app.api.v1.schemas.comparisons import ComparisonOut
from app.api.v1.schemas.interviews import InterviewOut
from app.core.deps import DraftAuditor, DraftReader, Interviewer, Limit, Services

router = APIRouter(prefix="/interviews/{interview_id}", tags=["debriefs"])


@router.get("/analysis", responses=problems(404))
async def get_analysis(
    interview_id: str,
    actor: DraftReader,
    services: Services,
    revision: Annotated[int | None, Query(ge=1)] = None,
) -> AnalysisOut:
    """The debrief: the newest version, or the one that is asked for."""
    return AnalysisOut.read(
        await services.reviews.read(actor.organisation_id, interview_id, revision=revision)
    )


@router.get("/analyses", responses=problems(404))
async def list_analyses(
    interview_id: str,
    actor: DraftReader,
    services: Services,
    limit: Limit = 25,
    cursor: Annotated[int | None, Query(ge=1, description="`next_cursor` of the last page")] = None,
) -> Page[AnalysisHead]:
    """All versions, newest first."""
    rows = await services.debriefs.list_newest(
        actor.organisation_id, interview_id, before=cursor, limit=limit + 1
    )
    return Page[AnalysisHead](
        items=[AnalysisHead.of(row) for row in rows[:limit]],
        next_cursor=str(rows[limit - 1].analysis.revision) if len(rows) > limit else None,
    )


@router.get("/analyses/compare", responses=problems(404))
async def compare_analyses(
    interview_id: str,
    actor: DraftReader,
    services: Services,
    before: Annotated[int, Query(alias="from", ge=1, description="Revision of the earlier one")],
    after: Annotated[int, Query(alias="to", ge=1, description="Revision of the later one")],
) -> ComparisonOut:
    """What changed from one version to another: levels, claims, questions, and how they were made."""
    return ComparisonOut.of(
        await services.reviews.compare(actor.organisation_id, interview_id, before=before, after=after)
    )


@router.post("/analysis", status_code=202, responses=problems(404, 409))
async def create_analysis(interview_id: str, actor: Interviewer, services: Services) -> InterviewOut:
    """Analyse the transcript as it is now; earlier versions stay readable."""
    return InterviewOut.model_validate(
        await services.debriefs.run_again(actor.organisation_id, interview_id, by=actor.user.id)
    )


@router.get("/analyses/{revision}/replay", responses=problems(404))
async def replay_analysis(
    interview_id: str, revision: Annotated[int, Path(ge=1)], actor: DraftAuditor, services: Services
) -> ReplayOut:
    """Rebuild the exact input of a version from what is stored, and check it; nothing is asked of any vendor."""
    return ReplayOut.of(await services.replays.replay_revision(actor.organisation_id, interview_id, revision))
