"""Making the debriefs of many interviews anew."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.v1.problems import problems
from app.api.v1.schemas.reruns import RerunBody, RerunsOut, SkippedOut
from app.core.cursors import encode_cursor
from app.core.deps import After, Limit, Recruiter, Services

router = APIRouter(prefix="/analyses", tags=["debriefs"])


@router.post("/rerun", status_code=202, responses=problems(400, 422))
async def rerun_analyses(
    body: RerunBody, actor: Recruiter, services: Services, after: After, limit: Limit = 100
) -> RerunsOut:
    """Analyse again what is named, or what is outdated among the next `limit` interviews. None is run twice at once."""
    if body.interview_ids is not None:
        reruns = await services.debriefs.run_many(actor.organisation_id, body.interview_ids, by=actor.user.id)
    else:
        reruns = await services.debriefs.run_outdated(
            actor.organisation_id,
            template_id=body.template_id,
            after=after,
            limit=limit,
            by=actor.user.id,
        )
    return RerunsOut(
        accepted=list(reruns.accepted),
        skipped=[SkippedOut.model_validate(skipped) for skipped in reruns.skipped],
        next_cursor=encode_cursor(reruns.next.created_at, reruns.next.id) if reruns.next else None,
    )
