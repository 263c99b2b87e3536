"""Realtime: a snapshot first, then events with a version; the client drops what it already has.

Events are hints. A client that falls behind is cut and connects again, which gives it a fresh snapshot; so a lost
event never leaves anybody with a wrong picture for longer than that.
"""

from __future__ import annotations

import math
import time
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, Final

import anyio
import structlog
from fastapi import APIRouter, Query, WebSocket
from pydantic import BaseModel
from starlette.websockets import WebSocketDisconnect

from app.api.v1.beginning import Begun, begin
from app.api.v1.frames import Frame, frame_of, text_of
from app.api.v1.problems import problems
from app.api.v1.schemas.interviews import InterviewOut, InterviewSummary
from app.api.v1.sockets import SEND_SECONDS, Close, authenticate, close, code_of
from app.core.container import Container
from app.core.deps import Services, Viewer, container_of
from app.core.errors import AppError, NotFound, Unauthenticated
from app.core.metrics import count_dropped_event
from app.models.base import utc_now
from app.models.event import Event, EventKind
from app.models.interview import Interview
from app.repositories.base import InterviewFilter
from app.services.accounts import Actor
from app.services.events.base import SlowSubscriber
from app.services.events.local import Mailbox

log = structlog.get_logger(__name__)
router = APIRouter(prefix="/ws", tags=["realtime"])

HEARTBEAT_SECONDS: Final = 20.0
_SNAPSHOT_ROWS: Final = 25
_LOOKS: Final = 4
_ITEMS_REMEMBERED: Final = 500


class TicketOut(BaseModel):
    ticket: str
    expires_at: datetime
    url: str


@router.post("/ticket", status_code=201, responses=problems())
async def create_ticket(actor: Viewer, services: Services) -> TicketOut:
    """A single-use pass for the websocket, good for 30 seconds: browsers cannot send headers there."""
    ticket, expires_at = await services.accounts.make_ticket(actor)
    return TicketOut(ticket=ticket, expires_at=expires_at, url=f"/api/v1/ws?ticket={ticket}")


@router.websocket("")
async def events(
    socket: WebSocket,
    interview_id: Annotated[str | None, Query(max_length=64)] = None,
    ticket: Annotated[str | None, Query(max_length=200)] = None,
    organization: Annotated[str | None, Query(max_length=64)] = None,
) -> None:
    """Events of the organisation, or of one interview, and what comes into the caller's own inbox."""
    await socket.accept()
    try:
        actor = await authenticate(socket, ticket, organization)
        await _Feed(socket, container_of(socket), actor, interview_id).run()
    except AppError as error:
        await close(socket, code_of(error), error.code)
    except SlowSubscriber:
        await close(socket, Close.TOO_SLOW, "too_slow")
    except WebSocketDisconnect:
        pass


class _Feed:
    """One connection: what it was sent of each interview and of the inbox, and the tasks that serve it."""

    def __init__(
        self, socket: WebSocket, container: Container, actor: Actor, interview_id: str | None
    ) -> None:
        self._socket = socket
        self._container = container
        self._actor = actor
        self._interview_id = interview_id
        self._versions: dict[str, int] = {}
        self._late = Mailbox()
        """What could not be sent in the moment it happened."""
        self._behind = 1
        """How many of those there are; and the snapshot, until it is sent."""
        self._begun: Begun | None = None
        """A frame that the client's full line has stopped halfway."""
        self._sending_since = math.inf
        self._items: dict[str, None] = {}
        """Ids of inbox items, oldest first: an item may be announced by more than one process."""

    async def run(self) -> None:
        """Serve until the client leaves, falls behind, or its session ends."""
        # Listening comes before the snapshot, so that nothing falls between the two.
        with self._container.bus.listen(self._actor.organisation_id, self._hear, self._lose):
            await self._send_snapshot()
            self._behind -= 1
            try:
                async with anyio.create_task_group() as group:
                    group.start_soon(self._catch_up)
                    group.start_soon(self._beat)
                    group.start_soon(self._end_with_session)
                    await self._listen()
                    group.cancel_scope.cancel()
            except* (AppError, SlowSubscriber, WebSocketDisconnect) as failures:
                raise failures.exceptions[0] from None

    async def _send_snapshot(self) -> None:
        interviews = self._container.interviews
        organisation = self._actor.organisation_id
        if self._interview_id is not None:
            one = await interviews.get(organisation, self._interview_id)
            rows = [one]
            shown: dict[str, Any] = {"interview": InterviewOut.model_validate(one).model_dump(mode="json")}
            live = await self._container.live.snapshot(one.id)
            if live is not None:
                shown["live"] = live.model_dump(mode="json")
        else:
            rows = list(
                await interviews.list_newest(
                    organisation, InterviewFilter(), after=None, limit=_SNAPSHOT_ROWS
                )
            )
            shown = {"interviews": [_summary(row) for row in rows]}
        shown["unread"] = await self._container.inbox.count_unread(self._actor)
        self._versions = {row.id: row.version for row in rows}
        await self._send(Frame(type="snapshot", interview_id=self._interview_id, data=shown))

    def _hear(self, event: Event) -> None:
        """Send at once when nothing is in the way: waking a task for each of a thousand clients would cost as much as
        sending. Everything else, and every failure, is left to the task."""
        if self._behind or event.kind is EventKind.INTERVIEW_DELETED:
            self._put_off(event)
        elif self._concerns(event):
            self._begun = begin(self._socket.send(frame_of(event)))
            if self._begun is not None:
                self._put_off(event)

    def _put_off(self, event: Event) -> None:
        self._behind += 1
        if not self._late.put(event):
            count_dropped_event()

    def _lose(self) -> None:
        self._late.overflow()
        count_dropped_event()

    async def _catch_up(self) -> None:
        async for event in self._late:
            self._sending_since = time.monotonic()
            begun, self._begun = self._begun, None
            if begun is not None:
                await begun
            elif self._concerns(event):
                await self._socket.send(frame_of(event))
                if event.kind is EventKind.INTERVIEW_DELETED and event.interview_id == self._interview_id:
                    raise NotFound("The interview was deleted.")
            self._sending_since = math.inf
            self._behind -= 1

    def _concerns(self, event: Event) -> bool:
        if event.user_id is not None:
            return event.user_id == self._actor.user.id and self._is_new_to_me(event)
        if event.interview_id is None:
            return self._interview_id is None
        if self._interview_id not in (None, event.interview_id):
            return False
        if self._interview_id is None and event.kind in (EventKind.LIVE_INTERIM, EventKind.LIVE_FINAL):
            return False
        if event.kind is EventKind.INTERVIEW_CHANGED:
            if event.version <= self._versions.get(event.interview_id, 0):
                return False
            self._versions[event.interview_id] = event.version
        return True

    def _is_new_to_me(self, event: Event) -> bool:
        """Of what concerns this person alone. What is about no interview is for all their pages."""
        if event.interview_id is not None and self._interview_id not in (None, event.interview_id):
            return False
        item_id = event.data.get("id")
        if item_id is None:
            return True
        if item_id in self._items:
            return False
        self._items[item_id] = None
        if len(self._items) > _ITEMS_REMEMBERED:
            del self._items[next(iter(self._items))]
        return True

    async def _beat(self) -> None:
        """Show that the connection lives; and cut it when a frame is stuck. A clock for each frame would cost as much
        as sending it, a thousand times over."""
        while True:
            for _ in range(_LOOKS):
                await anyio.sleep(HEARTBEAT_SECONDS / _LOOKS)
                if time.monotonic() - self._sending_since > SEND_SECONDS:
                    raise SlowSubscriber
            await self._send(Frame(type="ping"))

    async def _end_with_session(self) -> None:
        await anyio.sleep(max(0.0, (self._actor.session_expires_at - utc_now()).total_seconds()))
        raise Unauthenticated("The session has ended.")

    async def _listen(self) -> None:
        """What clients send is not needed; listening is how a closed connection is noticed."""
        with suppress(WebSocketDisconnect):
            while True:
                await self._socket.receive_text()

    async def _send(self, frame: Frame) -> None:
        with anyio.move_on_after(SEND_SECONDS) as clock:
            await self._socket.send_text(text_of(frame))
        if clock.cancelled_caught:
            raise SlowSubscriber


def _summary(interview: Interview) -> dict[str, Any]:
    return InterviewSummary.model_validate(interview).model_dump(mode="json")
