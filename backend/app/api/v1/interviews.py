"""Interviews: create, find, edit, run again, delete."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from app.api.v1.json_parts import json_page
from app.api.v1.preconditions import version_of
from app.api.v1.problems import problems
from app.api.v1.schemas.common import Page
from app.api.v1.schemas.interviews import (
    DeletionReceipt,
    InterviewCreate,
    InterviewOut,
    InterviewPatch,
    InterviewQuery,
    InterviewSummary,
    changes_of,
    etag_of,
)
from app.core.cursors import decode_cursor
from app.core.deps import IfMatch, Interviewer, Recruiter, Services, Viewer
from app.services.interviews import InterviewDraft

router = APIRouter(prefix="/interviews", tags=["interviews"])


@router.post("", status_code=201, responses=problems(400, 404, 422))
async def create_interview(
    body: InterviewCreate,
    actor: Interviewer,
    services: Services,
    response: Response,
    idempotency_key: Annotated[
        str | None,
        Header(min_length=8, max_length=200, description="Repeat a request safely: same key, same interview"),
    ] = None,
) -> InterviewOut:
    """Create an interview; then upload its recording or import its transcript."""
    choice = body.template
    pinned = (
        await services.templates.pin(actor.organisation_id, choice.id, choice.version) if choice else None
    )
    draft = InterviewDraft(
        title=body.title,
        candidate=body.candidate.to_model() if body.candidate else None,
        position=body.position,
        participants=tuple(p.to_model() for p in body.participants),
        language=body.language,
        speakers_expected=body.speakers_expected,
        template=pinned,
        scheduled_at=body.scheduled_at,
        tags=tuple(dict.fromkeys(body.tags)),
        external_id=body.external_id,
    )
    interview = await services.interviews.create(
        actor.organisation_id, draft, created_by=actor.user.id, idempotency_key=idempotency_key
    )
    response.headers["ETag"] = etag_of(interview)
    response.headers["Location"] = f"/api/v1/interviews/{interview.id}"
    return InterviewOut.model_validate(interview)


@router.get("", response_model=Page[InterviewSummary], responses=problems(400, 422))
async def list_interviews(
    actor: Viewer, services: Services, query: Annotated[InterviewQuery, Query()]
) -> Response:
    """Interviews of the organisation, newest first."""
    after = decode_cursor(query.cursor) if query.cursor else None
    page = await services.interviews.list_json(
        actor.organisation_id, query.to_filter(), after=after, limit=query.limit
    )
    return json_page(page)


@router.get("/{interview_id}", responses=problems(404))
async def get_interview(
    interview_id: str, actor: Viewer, services: Services, response: Response
) -> InterviewOut:
    """One interview with its recording, its state and its timeline."""
    interview = await services.interviews.get(actor.organisation_id, interview_id)
    response.headers["ETag"] = etag_of(interview)
    return InterviewOut.model_validate(interview)


@router.patch("/{interview_id}", responses=problems(400, 404, 409, 412, 422))
async def update_interview(
    interview_id: str,
    body: InterviewPatch,
    actor: Interviewer,
    services: Services,
    response: Response,
    if_match: IfMatch = None,
) -> InterviewOut:
    """Change what people said about the interview. With `If-Match`, only the version you have seen."""
    changes = changes_of(body)
    if "template" in body.model_fields_set:
        choice = body.template
        changes["template"] = (
            await services.templates.pin(actor.organisation_id, choice.id, choice.version) if choice else None
        )
    interview = await services.interviews.patch(
        actor.organisation_id, interview_id, changes, expected_version=version_of(if_match)
    )
    response.headers["ETag"] = etag_of(interview)
    return InterviewOut.model_validate(interview)


@router.post("/{interview_id}/retry", status_code=202, responses=problems(404, 409))
async def retry_interview(interview_id: str, actor: Interviewer, services: Services) -> InterviewOut:
    """Run a failed interview again from the step that failed."""
    return InterviewOut.model_validate(await services.interviews.retry(actor.organisation_id, interview_id))


@router.delete("/{interview_id}", responses=problems(404))
async def delete_interview(interview_id: str, actor: Recruiter, services: Services) -> DeletionReceipt:
    """Delete the interview with its recording, transcripts and analyses, for good."""
    return DeletionReceipt.model_validate(
        await services.interviews.delete(actor.organisation_id, interview_id)
    )
