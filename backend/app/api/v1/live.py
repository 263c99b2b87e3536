"""Live interviews: a microphone's or a call's sound comes in, is kept, and ends in the pipeline like an upload.

The client sends `start`, then sound in binary frames, then `finish`. It is told about every second how much is safe
here; the rest it sends again after a lost connection. What is heard goes to everybody who watches the interview.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import anyio
from fastapi import APIRouter, Query, WebSocket
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.websockets import WebSocketDisconnect

from app.api.v1.schemas.live import AckOut, ControlIn, FinishedOut, FinishIn, PauseIn, ReadyOut, StartIn
from app.api.v1.sockets import SEND_SECONDS, Close, authenticate, close, code_of
from app.core.container import Container
from app.core.deps import container_of
from app.core.errors import AppError, InvalidInput, Unauthenticated
from app.models.base import utc_now
from app.models.organisation import Role
from app.services.accounts import Actor
from app.services.live_sessions.errors import LiveTooLong
from app.services.live_sessions.service import LiveStart
from app.services.live_sessions.session import LiveSession

router = APIRouter(prefix="/ws", tags=["realtime"])

_START_SECONDS: Final = 10.0
_SILENCE_SECONDS: Final = 120.0
"""Without a frame for so long and without `pause`, the client is taken for lost."""
_ACK_SECONDS: Final = 1.0
_CONTROL: Final[TypeAdapter[PauseIn | FinishIn | Any]] = TypeAdapter(ControlIn)


class BadFrame(InvalidInput):
    code = "bad_frame"


class _TooSlow(Exception):
    """The client did not send, or did not receive, in time."""


@router.websocket("/interviews/{interview_id}/live")
async def live(
    socket: WebSocket,
    interview_id: str,
    ticket: Annotated[str | None, Query(max_length=200)] = None,
    organization: Annotated[str | None, Query(max_length=64)] = None,
) -> None:
    """Record an interview while it takes place."""
    await socket.accept()
    try:
        actor = await authenticate(socket, ticket, organization, least=Role.INTERVIEWER)
        await _Microphone(socket, container_of(socket), actor, interview_id).run()
        await close(socket, Close.FINISHED, "finished")
    except AppError as error:
        await close(socket, code_of(error), error.code)
    except _TooSlow:
        await close(socket, Close.TOO_SLOW, "too_slow")
    except WebSocketDisconnect:
        pass


class _Microphone:
    """One connection that records."""

    def __init__(self, socket: WebSocket, container: Container, actor: Actor, interview_id: str) -> None:
        self._socket = socket
        self._live = container.live
        self._actor = actor
        self._interview_id = interview_id
        self._paused = False

    async def run(self) -> None:
        """Serve until the recording is finished or the client is lost. Raises what ends it early."""
        start = await self._receive_start()
        async with self._live.open(self._actor.organisation_id, self._interview_id, start) as session:
            await self._send(
                ReadyOut(
                    session_id=session.id,
                    received_bytes=session.received,
                    live_transcript=session.no_captions is None,
                    reason=session.no_captions,
                )
            )
            try:
                async with anyio.create_task_group() as group:
                    group.start_soon(self._acknowledge, session)
                    group.start_soon(session.ended)
                    group.start_soon(self._end_with_session)
                    await self._take(session)
                    group.cancel_scope.cancel()
            except* (AppError, _TooSlow, WebSocketDisconnect) as failures:
                raise failures.exceptions[0] from None

    async def _receive_start(self) -> LiveStart:
        data = await self._receive(_START_SECONDS)
        try:
            frame = StartIn.model_validate_json(data)
        except ValidationError:
            raise BadFrame("The first frame is `start`, as JSON text.") from None
        return LiveStart(**frame.model_dump(exclude={"type"}))

    async def _take(self, session: LiveSession) -> None:
        while True:
            data = await self._receive(None if self._paused else _SILENCE_SECONDS)
            if isinstance(data, bytes):
                try:
                    await session.write(data)
                except LiveTooLong:
                    await self._finish(session)
                    raise
                continue
            frame = _control(data)
            if isinstance(frame, FinishIn):
                return await self._finish(session)
            self._paused = isinstance(frame, PauseIn)
            session.pause(paused=self._paused)

    async def _finish(self, session: LiveSession) -> None:
        # Begun, it goes on whatever becomes of the client.
        with anyio.CancelScope(shield=True):
            outcome = await session.finish()
            status = outcome.interview.status.value if outcome.interview else None
            await self._send(FinishedOut(stored=outcome.interview is not None, status=status))

    async def _acknowledge(self, session: LiveSession) -> None:
        told = session.received
        while True:
            await anyio.sleep(_ACK_SECONDS)
            if session.received != told:
                told = await session.sync()
                await self._send(AckOut(received_bytes=told))

    async def _end_with_session(self) -> None:
        await anyio.sleep(max(0.0, (self._actor.session_expires_at - utc_now()).total_seconds()))
        raise Unauthenticated("The session has ended.")

    async def _receive(self, seconds: float | None) -> str | bytes:
        with anyio.move_on_after(seconds):
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code", 1005))
            data: bytes | None = message.get("bytes")
            return data if data is not None else str(message["text"])
        raise _TooSlow

    async def _send(self, frame: BaseModel) -> None:
        with anyio.move_on_after(SEND_SECONDS) as clock:
            await self._socket.send_text(frame.model_dump_json(exclude_none=True))
        if clock.cancelled_caught:
            raise _TooSlow


def _control(data: str) -> Any:
    try:
        return _CONTROL.validate_json(data)
    except ValidationError:
        raise BadFrame("Text frames are `pause`, `resume` and `finish`, as JSON.") from None
