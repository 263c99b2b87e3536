"""Stability: the same transcript analysed several times, to see which criteria can be relied on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.v1.problems import problems
from app.api.v1.schemas.analyses import StabilityBody, StabilityOut
from app.api.v1.schemas.common import Page
from app.api.v1.schemas.interviews import InterviewOut
from app.core.deps import DraftReader, DraftReviewer, Limit, Services

router = APIRouter(prefix="/interviews/{interview_id}", tags=["debriefs"])


@router.post("/stability", status_code=202, responses=problems(404, 409, 422))
async def measure_stability(
    interview_id: str, body: StabilityBody, actor: DraftReviewer, services: Services
) -> InterviewOut:
    """Repeat the finished debrief; the interview is `measuring` until the report is there."""
    return InterviewOut.model_validate(
        await services.stability_reports.measure(actor.organisation_id, interview_id, runs=body.runs)
    )


@router.get("/stability", responses=problems(404))
async def get_stability(
    interview_id: str,
    actor: DraftReader,
    services: Services,
    revision: Annotated[int | None, Query(ge=1, description="Number of the report; else the newest")] = None,
) -> StabilityOut:
    """The newest report, or the one that is asked for."""
    return StabilityOut.of(
        await services.stability_reports.get(actor.organisation_id, interview_id, revision=revision)
    )


@router.get("/stabilities", responses=problems(404))
async def list_stabilities(
    interview_id: str,
    actor: DraftReader,
    services: Services,
    limit: Limit = 25,
    cursor: Annotated[int | None, Query(ge=1, description="`next_cursor` of the last page")] = None,
) -> Page[StabilityOut]:
    """All reports, newest first."""
    rows = await services.stability_reports.list_newest(
        actor.organisation_id, interview_id, before=cursor, limit=limit + 1
    )
    return Page[StabilityOut](
        items=[StabilityOut.of(row) for row in rows[:limit]],
        next_cursor=str(rows[limit - 1].revision) if len(rows) > limit else None,
    )
