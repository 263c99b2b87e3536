"""Further files of a recording that was interrupted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request

from app.api.v1.problems import problems
from app.api.v1.recordings import BINARY, file_name
from app.api.v1.schemas.interviews import InterviewOut
from app.core.deps import Interviewer, Services

router = APIRouter(prefix="/interviews/{interview_id}/recording/parts", tags=["recordings"])


@router.post(
    "",
    status_code=202,
    responses=problems(404, 409, 413, 415, 422),
    openapi_extra={"requestBody": {"required": True, **BINARY}},
)
async def add_recording_part(
    interview_id: str,
    request: Request,
    actor: Interviewer,
    services: Services,
    position: Annotated[
        int | None, Query(ge=1, le=100, description="Place among the parts, counted from 1; else the last")
    ] = None,
    gap_seconds: Annotated[float, Query(ge=0, le=86_400, description="Silence ahead of it")] = 0.0,
    content_length: Annotated[int | None, Header(ge=0)] = None,
    content_type: Annotated[str, Header(max_length=200)] = "application/octet-stream",
    x_filename: Annotated[
        str, Header(max_length=600, description="Original file name, percent-encoded UTF-8")
    ] = "recording",
) -> InterviewOut:
    """Add a further file to the recording: all parts become one on one timeline, which is then transcribed anew."""
    interview = await services.recording_parts.add(
        actor.organisation_id,
        interview_id,
        request.stream(),
        filename=file_name(x_filename),
        content_type=content_type,
        declared_size=content_length,
        position=position,
        gap=gap_seconds,
    )
    return InterviewOut.model_validate(interview)


@router.delete("/{part_id}", status_code=202, responses=problems(404, 409))
async def remove_recording_part(
    interview_id: str, part_id: str, actor: Interviewer, services: Services
) -> InterviewOut:
    """Take a file out of the recording again; what is left is transcribed anew."""
    interview = await services.recording_parts.remove(actor.organisation_id, interview_id, part_id)
    return InterviewOut.model_validate(interview)
