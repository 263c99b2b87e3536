"""The caller's own channels: their Slack, their Telegram. What comes there follows from their wishes."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.api.v1.preconditions import version_of
from app.api.v1.problems import problems
from app.api.v1.schemas.channels import (
    ChannelBody,
    ChannelOut,
    ChannelPatch,
    ChannelTestOut,
    etag_of_channel,
)
from app.api.v1.schemas.common import Page
from app.core.cursors import encode_cursor
from app.core.deps import After, IfMatch, Limit, Services, Viewer

router = APIRouter(prefix="/me/channels", tags=["notifications"])


@router.post("", status_code=201, responses=problems(409, 422))
async def create_my_channel(
    body: ChannelBody, actor: Viewer, services: Services, response: Response
) -> ChannelOut:
    """Add a channel of your own. What is written there
    follows from your wishes (`/me/notifications`)."""
    channel = await services.channels.create(
        actor.organisation_id, actor.user.id, body.to_draft(), by=actor.user.id
    )
    response.headers["ETag"] = etag_of_channel(channel)
    return ChannelOut.model_validate(channel)


@router.get("", responses=problems(400))
async def list_my_channels(
    actor: Viewer, services: Services, after: After, limit: Limit = 25
) -> Page[ChannelOut]:
    """Your channels, newest first."""
    rows = await services.channels.list_newest(
        actor.organisation_id, actor.user.id, after=after, limit=limit + 1
    )
    shown = rows[:limit]
    return Page[ChannelOut](
        items=[ChannelOut.model_validate(row) for row in shown],
        next_cursor=encode_cursor(shown[-1].created_at, shown[-1].id) if len(rows) > limit else None,
    )


@router.get("/{channel_id}", responses=problems(404))
async def get_my_channel(
    channel_id: str, actor: Viewer, services: Services, response: Response
) -> ChannelOut:
    """One of your channels."""
    channel = await services.channels.get(actor.organisation_id, actor.user.id, channel_id)
    response.headers["ETag"] = etag_of_channel(channel)
    return ChannelOut.model_validate(channel)


@router.patch("/{channel_id}", responses=problems(400, 404, 412, 422))
async def update_my_channel(
    channel_id: str,
    body: ChannelPatch,
    actor: Viewer,
    services: Services,
    response: Response,
    if_match: IfMatch = None,
) -> ChannelOut:
    """Change what is given. What waits for a channel that is switched off is cancelled."""
    channel = await services.channels.update(
        actor.organisation_id,
        actor.user.id,
        channel_id,
        body.changes(),
        expected_version=version_of(if_match),
    )
    response.headers["ETag"] = etag_of_channel(channel)
    return ChannelOut.model_validate(channel)


@router.delete("/{channel_id}", status_code=204, responses=problems(404))
async def delete_my_channel(channel_id: str, actor: Viewer, services: Services) -> None:
    """Remove a channel; what waits for it is cancelled."""
    await services.channels.delete(actor.organisation_id, actor.user.id, channel_id)


@router.post("/{channel_id}/test", responses=problems(404))
async def test_my_channel(channel_id: str, actor: Viewer, services: Services) -> ChannelTestOut:
    """Write a test message there, now, and say what came of it."""
    return ChannelTestOut.of(await services.channels.test(actor.organisation_id, actor.user.id, channel_id))
