"""Ask people for their scorecards."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from app.api.v1.problems import problems
from app.api.v1.schemas.scorecard_requests import (
    ScorecardRequestBody,
    ScorecardRequestList,
    ScorecardRequestOut,
    ScorecardRequestsMade,
)
from app.core.deps import Interviewer, Recruiter, Services, Viewer

router = APIRouter(tags=["scorecards"])
_OF_AN_INTERVIEW: Final = "/interviews/{interview_id}/scorecard-requests"


@router.post(_OF_AN_INTERVIEW, status_code=201, responses=problems(404, 409, 422))
async def create_scorecard_requests(
    interview_id: str, body: ScorecardRequestBody, actor: Recruiter, services: Services
) -> ScorecardRequestsMade:
    """Ask members for their scorecards. They are told at once, and again when the time is up; who was asked before is
    asked anew."""
    asked = await services.scorecard_requests.ask(actor, interview_id, body.user_ids, due_at=body.due_at)
    return ScorecardRequestsMade.of(asked)


@router.get(_OF_AN_INTERVIEW, responses=problems(404))
async def list_scorecard_requests(
    interview_id: str, actor: Viewer, services: Services
) -> ScorecardRequestList:
    """Whose scorecards are asked for and not submitted yet, oldest first."""
    requests = await services.scorecard_requests.list_open(actor, interview_id)
    return ScorecardRequestList(items=[ScorecardRequestOut.of(request) for request in requests])


@router.delete(f"{_OF_AN_INTERVIEW}/{{user_id}}", status_code=204, responses=problems(404))
async def withdraw_scorecard_request(
    interview_id: str, user_id: str, actor: Recruiter, services: Services
) -> None:
    """Withdraw a request; nobody is reminded any more."""
    await services.scorecard_requests.withdraw(actor, interview_id, user_id)


@router.get("/me/scorecard-requests", responses=problems())
async def list_my_scorecard_requests(actor: Interviewer, services: Services) -> ScorecardRequestList:
    """What you are asked for and have not submitted, oldest first; at most 200."""
    requests = await services.scorecard_requests.list_own(actor)
    return ScorecardRequestList(items=[ScorecardRequestOut.of(request) for request in requests])
