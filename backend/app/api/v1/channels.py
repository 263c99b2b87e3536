"""Chat rooms of the organisation, and what is written there."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.api.v1.preconditions import version_of
from app.api.v1.problems import problems
from app.api.v1.schemas.channels import ChannelTestOut, RoomBody, RoomOut, RoomPatch, etag_of_channel
from app.api.v1.schemas.common import Page
from app.core.cursors import encode_cursor
from app.core.deps import Admin, After, IfMatch, Limit, Services

router = APIRouter(prefix="/organisation/channels", tags=["notifications"])


@router.post("", status_code=201, responses=problems(409, 422))
async def create_channel(body: RoomBody, actor: Admin, services: Services, response: Response) -> RoomOut:
    """Add a room. Services of vendors are taken as they are, self-hosted ones when an operator has named their host."""
    channel = await services.channels.create(actor.organisation_id, None, body.to_draft(), by=actor.user.id)
    response.headers["ETag"] = etag_of_channel(channel)
    return RoomOut.model_validate(channel)


@router.get("", responses=problems(400))
async def list_channels(actor: Admin, services: Services, after: After, limit: Limit = 25) -> Page[RoomOut]:
    """Rooms of the organisation, newest first."""
    rows = await services.channels.list_newest(actor.organisation_id, None, after=after, limit=limit + 1)
    shown = rows[:limit]
    return Page[RoomOut](
        items=[RoomOut.model_validate(row) for row in shown],
        next_cursor=encode_cursor(shown[-1].created_at, shown[-1].id) if len(rows) > limit else None,
    )


@router.get("/{channel_id}", responses=problems(404))
async def get_channel(channel_id: str, actor: Admin, services: Services, response: Response) -> RoomOut:
    """One room."""
    channel = await services.channels.get(actor.organisation_id, None, channel_id)
    response.headers["ETag"] = etag_of_channel(channel)
    return RoomOut.model_validate(channel)


@router.patch("/{channel_id}", responses=problems(400, 404, 412, 422))
async def update_channel(
    channel_id: str,
    body: RoomPatch,
    actor: Admin,
    services: Services,
    response: Response,
    if_match: IfMatch = None,
) -> RoomOut:
    """Change what is given. What waits for a room that is switched off is cancelled."""
    channel = await services.channels.update(
        actor.organisation_id, None, channel_id, body.changes(), expected_version=version_of(if_match)
    )
    response.headers["ETag"] = etag_of_channel(channel)
    return RoomOut.model_validate(channel)


@router.delete("/{channel_id}", status_code=204, responses=problems(404))
async def delete_channel(channel_id: str, actor: Admin, services: Services) -> None:
    """Remove a room; what waits for it is cancelled."""
    await services.channels.delete(actor.organisation_id, None, channel_id)


@router.post("/{channel_id}/test", responses=problems(404))
async def test_channel(channel_id: str, actor: Admin, services: Services) -> ChannelTestOut:
    """Write a test message there, now, and say what came of it."""
    return ChannelTestOut.of(await services.channels.test(actor.organisation_id, None, channel_id))
