"""What websockets share: who may open one, and how it is closed."""

from __future__ import annotations

from contextlib import suppress
from enum import IntEnum
from typing import Final

import anyio
from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from app.core.deps import actor_of, container_of, verify_claims
from app.core.errors import AppError, Unauthenticated
from app.models.organisation import Role
from app.services.accounts import Actor, Caller

SEND_SECONDS: Final = 10.0
"""A client that takes longer to receive a frame is too slow."""


class Close(IntEnum):
    """The usual end, and codes of our own: 4000 plus the HTTP status that says the same."""

    FINISHED = 1000
    BAD_FRAME = 4400
    UNAUTHENTICATED = 4401
    FORBIDDEN = 4403
    NOT_FOUND = 4404
    TOO_SLOW = 4408
    CONFLICT = 4409
    TOO_LARGE = 4413
    UNSUPPORTED = 4415
    FAILED = 4500


_BY_STATUS: Final = {
    400: Close.FORBIDDEN,
    401: Close.UNAUTHENTICATED,
    403: Close.FORBIDDEN,
    404: Close.NOT_FOUND,
    409: Close.CONFLICT,
    413: Close.TOO_LARGE,
    415: Close.UNSUPPORTED,
    422: Close.BAD_FRAME,
}


async def authenticate(
    socket: WebSocket, ticket: str | None, organization: str | None, *, least: Role = Role.VIEWER
) -> Actor:
    """The actor behind a ticket, a Bearer token, or a cookie from an allowed origin.

    Raises `Unauthenticated`, and `Forbidden` for who is no member or whose role is too low.
    """
    accounts = container_of(socket).accounts
    if ticket is not None:
        actor = await accounts.actor_of_ticket(ticket)
        if actor is None:
            raise Unauthenticated("This ticket is unknown, used or expired; get a new one.")
        caller = Caller(actor.user, (actor.membership,), actor.session_expires_at)
        return actor_of(caller, actor.organisation_id, least)
    caller = await accounts.sign_in(await verify_claims(socket))
    return actor_of(caller, organization or socket.headers.get("x-organization"), least)


def code_of(error: AppError) -> Close:
    return _BY_STATUS.get(error.status, Close.FAILED)


async def close(socket: WebSocket, code: Close, reason: str) -> None:
    with suppress(RuntimeError, WebSocketDisconnect), anyio.move_on_after(SEND_SECONDS):
        await socket.close(code, reason)
