"""Transcripts: import one, read it whole or page by page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request

from app.api.v1.problems import problems
from app.api.v1.recordings import file_name
from app.api.v1.schemas.interviews import InterviewOut
from app.api.v1.schemas.transcripts import TranscriptHead, TranscriptOut, UtteranceOut, UtterancePage
from app.core.deps import Interviewer, Services, Viewer
from app.core.errors import InvalidInput, TooLarge

router = APIRouter(prefix="/interviews/{interview_id}/transcript", tags=["transcripts"])

_TEXT = {"content": {"text/plain": {"schema": {"type": "string"}}}}


class CursorInvalid(InvalidInput):
    status, code = 400, "cursor_invalid"


class TranscriptFileTooLarge(TooLarge):
    code = "transcript_too_large"


@router.put(
    "",
    status_code=202,
    responses=problems(404, 409, 413, 422),
    openapi_extra={"requestBody": {"required": True, **_TEXT}},
)
async def import_transcript(
    interview_id: str,
    request: Request,
    actor: Interviewer,
    services: Services,
    x_filename: Annotated[
        str, Header(max_length=600, description="Original file name, percent-encoded UTF-8")
    ] = "transcript",
) -> InterviewOut:
    """Bring a transcript along: WebVTT (also of Zoom, Teams, Meet), SRT, JSON or `Name: text` lines."""
    data = await _bounded_body(request, services.settings.limits.max_transcript_bytes)
    interview = await services.transcripts.import_file(
        actor.organisation_id, interview_id, data, filename=file_name(x_filename)
    )
    return InterviewOut.model_validate(interview)


@router.get("", responses=problems(404))
async def get_transcript(
    interview_id: str,
    actor: Viewer,
    services: Services,
    revision: Annotated[int | None, Query(ge=1)] = None,
) -> TranscriptOut:
    """The whole transcript: the newest revision, or the one that is asked for."""
    transcript = await services.transcripts.get(actor.organisation_id, interview_id, revision=revision)
    return TranscriptOut.model_validate(transcript)


@router.get("/utterances", responses=problems(400, 404))
async def list_utterances(
    interview_id: str,
    actor: Viewer,
    services: Services,
    cursor: Annotated[str | None, Query(max_length=20)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> UtterancePage:
    """The newest transcript page by page, in the order of speaking."""
    after = _position(cursor)
    transcript, page = await services.transcripts.page(
        actor.organisation_id, interview_id, after=after, limit=limit
    )
    total = len(transcript.utterances)
    reached = after + len(page)
    return UtterancePage(
        transcript=TranscriptHead.model_validate(transcript),
        items=[UtteranceOut.model_validate(u) for u in page],
        total=total,
        next_cursor=f"{transcript.revision}.{reached}" if reached < total else None,
    )


def _position(cursor: str | None) -> int:
    if cursor is None:
        return 0
    _, _, position = cursor.partition(".")
    if not (position.isascii() and position.isdigit()):
        raise CursorInvalid("This cursor is not one of ours; begin again without it.")
    return int(position)


async def _bounded_body(request: Request, limit: int) -> bytes:
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > limit:
            raise TranscriptFileTooLarge(f"A transcript file may have at most {limit:,} bytes.")
    return bytes(received)
