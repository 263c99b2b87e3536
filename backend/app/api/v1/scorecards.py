"""Scorecards: write one's own, read the panel's."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.api.v1.preconditions import version_of
from app.api.v1.problems import problems
from app.api.v1.schemas.scorecards import ScorecardBody, ScorecardList, ScorecardOut, etag_of_card
from app.core.deps import IfMatch, Interviewer, Services, Viewer

router = APIRouter(prefix="/interviews/{interview_id}", tags=["scorecards"])


@router.get("/scorecard", responses=problems(404))
async def get_scorecard(
    interview_id: str, actor: Interviewer, services: Services, response: Response
) -> ScorecardOut:
    """Your own card; an empty one of version 0 when you have none yet."""
    shown = await services.scorecards.get_own(actor, interview_id)
    response.headers["ETag"] = etag_of_card(shown.card)
    return ScorecardOut.of(shown)


@router.put("/scorecard", responses=problems(400, 404, 409, 412, 422))
async def put_scorecard(
    interview_id: str,
    body: ScorecardBody,
    actor: Interviewer,
    services: Services,
    response: Response,
    if_match: IfMatch = None,
) -> ScorecardOut:
    """Save your card as a draft, or submit it. A submitted card may be changed; what it said before is kept."""
    shown = await services.scorecards.save(
        actor,
        interview_id,
        body.to_content(),
        submit=body.submit,
        adopt_template=body.adopt_template,
        expected_version=version_of(if_match),
    )
    response.headers["ETag"] = etag_of_card(shown.card)
    return ScorecardOut.of(shown)


@router.post("/scorecard/submission", responses=problems(400, 404, 409, 412, 422))
async def submit_scorecard(
    interview_id: str, actor: Interviewer, services: Services, response: Response, if_match: IfMatch = None
) -> ScorecardOut:
    """Submit your draft as it stands."""
    shown = await services.scorecards.submit(actor, interview_id, expected_version=version_of(if_match))
    response.headers["ETag"] = etag_of_card(shown.card)
    return ScorecardOut.of(shown)


@router.delete("/scorecard", status_code=204, responses=problems(400, 404, 409, 412))
async def discard_scorecard_draft(
    interview_id: str, actor: Interviewer, services: Services, if_match: IfMatch = None
) -> None:
    """Throw your draft away. What you had submitted before it stands again; a submitted card stays."""
    await services.scorecards.discard_draft(actor, interview_id, expected_version=version_of(if_match))


@router.get("/scorecards", responses=problems(404))
async def list_scorecards(interview_id: str, actor: Viewer, services: Services) -> ScorecardList:
    """All cards of the interview that you may see, and how many you may not see yet."""
    return ScorecardList.of(*await services.scorecards.list_visible(actor, interview_id))
