"""Calls from outside: Deepgram brings its transcripts here; meeting services and programs tell of recordings."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from app.api.v1.problems import problems
from app.api.v1.recordings import file_name_of
from app.api.v1.schemas.common import Out
from app.api.v1.schemas.connections import RecordingCallIn, recording_call_schema
from app.core.deps import Services
from app.core.errors import TooLarge
from app.models.connection import ConnectionKind
from app.services import intake
from app.services.callbacks import MAX_ANSWER_BYTES, Outcome

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


class AnswerTooLarge(TooLarge):
    code = "answer_too_large"


class CallTooLarge(TooLarge):
    code = "call_too_large"


class Delivered(BaseModel):
    status: Outcome


class CallReceived(Out):
    outcome: intake.Outcome
    interview_ids: list[str]


class ChallengeAnswer(BaseModel):
    """As Zoom wants it."""

    plainToken: str  # noqa: N815 - Zoom's name
    encryptedToken: str  # noqa: N815 - Zoom's name


@router.api_route("/deepgram/{token}", methods=["POST"], responses=problems(413, 422))
async def receive_deepgram(
    token: str,
    request: Request,
    services: Services,
    authorization: Annotated[str | None, Header(max_length=1000)] = None,
) -> Delivered:
    """Take a transcript from Deepgram. The address, with its credentials, was made for one recording."""
    permission = services.callbacks.authenticate(token, authorization)
    answer = await _bounded_body(request, MAX_ANSWER_BYTES, AnswerTooLarge)
    return Delivered(status=await services.callbacks.receive(permission, answer))


@router.post("/zoom/{connection_id}", responses=problems(413, 503))
async def receive_zoom(
    connection_id: str, request: Request, services: Services
) -> ChallengeAnswer | CallReceived:
    """Hear of a recorded meeting from Zoom, and prove to Zoom that this address is ours."""
    body = await _bounded_body(request, intake.MAX_CALL_BYTES, CallTooLarge)
    connection = await services.intake.authenticate(
        ConnectionKind.ZOOM, connection_id, body, dict(request.headers)
    )
    answer = services.intake.answer_challenge(connection, body)
    if answer is not None:
        return ChallengeAnswer.model_validate(answer)
    return CallReceived.model_validate(await services.intake.receive_event(connection, body))


@router.post(
    "/recordings/{connection_id}",
    status_code=202,
    responses=problems(400, 404, 409, 413),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": recording_call_schema()}},
        }
    },
)
async def receive_recording(
    connection_id: str,
    request: Request,
    services: Services,
    webhook_id: Annotated[str, Header(max_length=300, description="The same for every repeat")] = "",
) -> CallReceived:
    """Hear of a recording at an address, in a call that is signed by the Standard Webhooks specification."""
    body = await _bounded_body(request, intake.MAX_CALL_BYTES, CallTooLarge)
    connection = await services.intake.authenticate(
        ConnectionKind.SIGNED_URL, connection_id, body, dict(request.headers)
    )
    if (repeated := await services.intake.repeated(connection, webhook_id)) is not None:
        return CallReceived.model_validate(repeated)
    told = _parsed(body)
    choice = told.template
    pinned = (
        await services.templates.pin(connection.organisation_id, choice.id, choice.version)
        if choice
        else None
    )
    call = intake.RecordingCall(
        key=webhook_id,
        draft=told.to_draft(connection.defaults, pinned),
        url=told.url,
        filename=told.filename or file_name_of(told.url),
        transcript_url=told.transcript_url,
    )
    return CallReceived.model_validate(await services.intake.receive_recording(connection, call))


def _parsed(body: bytes) -> RecordingCallIn:
    """Only genuine calls are read, so the framework cannot do it before the handler; its answer is the same."""
    try:
        return RecordingCallIn.model_validate_json(body)
    except ValidationError as error:
        found = [{**e, "loc": ("body", *e["loc"])} for e in error.errors()]
        raise RequestValidationError(found) from None


async def _bounded_body(request: Request, limit: int, too_large: type[TooLarge]) -> bytes:
    parts, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise too_large(f"The body may have at most {limit:,} bytes.")
        parts.append(chunk)
    return b"".join(parts)
