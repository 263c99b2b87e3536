"""Calls from outside: Deepgram brings its transcripts here."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel

from app.api.v1.problems import problems
from app.core.deps import Services
from app.core.errors import TooLarge
from app.services.callbacks import MAX_ANSWER_BYTES, Outcome

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


class AnswerTooLarge(TooLarge):
    code = "answer_too_large"


class Delivered(BaseModel):
    status: Outcome


@router.api_route("/deepgram/{token}", methods=["POST"], responses=problems(413, 422))
async def receive_deepgram(
    token: str,
    request: Request,
    services: Services,
    authorization: Annotated[str | None, Header(max_length=1000)] = None,
) -> Delivered:
    """Take a transcript from Deepgram. The address, with its credentials, was made for one recording."""
    permission = services.callbacks.authenticate(token, authorization)
    return Delivered(status=await services.callbacks.receive(permission, await _bounded_body(request)))


async def _bounded_body(request: Request) -> bytes:
    parts, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_ANSWER_BYTES:
            raise AnswerTooLarge(f"An answer may have at most {MAX_ANSWER_BYTES:,} bytes.")
        parts.append(chunk)
    return b"".join(parts)
