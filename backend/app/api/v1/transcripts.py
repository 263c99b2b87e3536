"""Transcripts: import one, read it whole or page by page."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.routing import APIRoute

from app.api.v1.json_parts import json_response, object_with_array, with_array
from app.api.v1.problems import problems
from app.api.v1.recordings import file_name
from app.api.v1.schemas.interviews import InterviewOut
from app.api.v1.schemas.transcripts import (
    TranscriptHead,
    TranscriptOut,
    UtterancePage,
    UtterancePageHead,
    etag_of_transcript,
)
from app.core.container import Container
from app.core.deps import Interviewer, Services, Viewer, container_of, viewer_of
from app.core.errors import InvalidInput, TooLarge
from app.repositories.base import TranscriptJson
from app.services.accounts import Actor

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
    """Bring a transcript along: WebVTT (also of Zoom, Teams, Meet), SRT, JSON (also of Deepgram) or `Name: text`."""
    data = await _bounded_body(request, services.settings.limits.max_transcript_bytes)
    interview = await services.transcripts.import_file(
        actor.organisation_id, interview_id, data, filename=file_name(x_filename)
    )
    return InterviewOut.model_validate(interview)


class _AskedForNothing(APIRoute):
    """The newest revision, which nearly everybody reads, without the framework's look for parameters that are not there:
    once the transcript is in memory, that takes longer than all the rest."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        by_parameters = super().get_route_handler()

        async def handle(request: Request) -> Response:
            if request.scope["query_string"]:
                return await by_parameters(request)
            actor = await viewer_of(request)
            return await _read_whole(container_of(request), actor, request.path_params["interview_id"], None)

        return handle


async def get_transcript(
    interview_id: str,
    actor: Viewer,
    services: Services,
    revision: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """The whole transcript: the newest revision, or the one that is asked for."""
    return await _read_whole(services, actor, interview_id, revision)


router.add_api_route(
    "",
    get_transcript,
    methods=["GET"],
    response_model=TranscriptOut,
    responses=problems(404),
    route_class_override=_AskedForNothing,
)


async def _read_whole(services: Container, actor: Actor, interview_id: str, revision: int | None) -> Response:
    found = await services.transcript_reader.get_json(actor, interview_id, revision=revision)
    answer = json_response(services.transcripts.written(actor.organisation_id, found, _whole))
    answer.headers["ETag"] = etag_of_transcript(found.head)
    return answer


@router.get("/utterances", response_model=UtterancePage, responses=problems(400, 404))
async def list_utterances(
    interview_id: str,
    actor: Viewer,
    services: Services,
    cursor: Annotated[str | None, Query(max_length=20)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """The transcript page by page, in the order of speaking. A cursor stays with the revision that it began in."""
    revision, after = _position(cursor)
    found = await services.transcript_reader.get_json(
        actor, interview_id, revision=revision, after=after, limit=limit
    )
    reached = after + limit
    page = UtterancePageHead(
        transcript=TranscriptHead.model_validate(found.head),
        total=found.total,
        next_cursor=f"{found.head.revision}.{reached}" if reached < found.total else None,
    )
    answer = with_array(page, "items", found.utterances)
    answer.headers["ETag"] = etag_of_transcript(found.head)
    return answer


def _whole(found: TranscriptJson) -> bytes:
    return object_with_array(TranscriptHead.model_validate(found.head), "utterances", found.utterances)


def _position(cursor: str | None) -> tuple[int | None, int]:
    if cursor is None:
        return None, 0
    match = re.fullmatch(r"([1-9][0-9]{0,8})\.([0-9]{1,9})", cursor)
    if match is None:
        raise CursorInvalid("This cursor is not one of ours; begin again without it.")
    return int(match[1]), int(match[2])


async def _bounded_body(request: Request, limit: int) -> bytes:
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > limit:
            raise TranscriptFileTooLarge(f"A transcript file may have at most {limit:,} bytes.")
    return bytes(received)
