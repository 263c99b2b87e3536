"""The caller's inbox."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.v1.problems import problems
from app.api.v1.schemas.common import Page
from app.api.v1.schemas.inbox import InboxItemOut, ReadBody, Unread
from app.core.cursors import encode_cursor
from app.core.deps import After, Limit, Services, Viewer

router = APIRouter(tags=["notifications"])


@router.get("/inbox", responses=problems(400))
async def list_inbox(
    actor: Viewer,
    services: Services,
    after: After,
    limit: Limit = 25,
    unread: Annotated[bool, Query(description="Only what is unread")] = False,
) -> Page[InboxItemOut]:
    """What you were told, newest first."""
    rows = await services.inbox.list_newest(actor, unread_only=unread, after=after, limit=limit + 1)
    shown = rows[:limit]
    return Page[InboxItemOut](
        items=[InboxItemOut.model_validate(row) for row in shown],
        next_cursor=encode_cursor(shown[-1].created_at, shown[-1].id) if len(rows) > limit else None,
    )


@router.get("/inbox/unread", responses=problems())
async def count_unread(actor: Viewer, services: Services) -> Unread:
    """How much is unread; the websocket has it live."""
    return Unread(unread=await services.inbox.count_unread(actor))


@router.post("/inbox/read", responses=problems(422))
async def mark_read(body: ReadBody, actor: Viewer, services: Services) -> Unread:
    """Mark items, or all, as read; gives how much is unread still."""
    return Unread(unread=await services.inbox.mark_read(actor, body.ids))
