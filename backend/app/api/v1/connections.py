"""Connections: an admin says from where recordings come in by themselves."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from app.api.v1.preconditions import version_of
from app.api.v1.problems import problems
from app.api.v1.schemas.common import Page
from app.api.v1.schemas.connections import (
    ConnectionCreate,
    ConnectionOut,
    ConnectionPatch,
    ConnectionWithSecret,
    DefaultsIn,
    SecretRotation,
    etag_of,
)
from app.core.container import Container
from app.core.cursors import encode_cursor
from app.core.deps import Admin, After, IfMatch, Limit, Services
from app.models.connection import Connection, ConnectionKind, InterviewDefaults
from app.services.connections import ConnectionDraft, instructions

router = APIRouter(prefix="/organisation/connections", tags=["connections"])


def _shown(connection: Connection, services: Container) -> ConnectionOut:
    return ConnectionOut.of(
        connection,
        webhook_url=services.connections.address(connection),
        instructions=instructions(connection),
    )


def _shown_once(connection: Connection, services: Container) -> ConnectionWithSecret:
    ours = connection.kind is ConnectionKind.SIGNED_URL
    return ConnectionWithSecret(
        **_shown(connection, services).model_dump(), secret=connection.secret if ours else None
    )


async def _defaults(organisation_id: str, body: DefaultsIn, services: Container) -> InterviewDefaults:
    choice = body.template
    pinned = await services.templates.pin(organisation_id, choice.id, choice.version) if choice else None
    return body.to_model(pinned)


@router.post("", status_code=201, responses=problems(404, 409, 422))
async def create_connection(
    body: ConnectionCreate, actor: Admin, services: Services, response: Response
) -> ConnectionWithSecret:
    """Connect Zoom, with the secret token of an app there, or programs of your own, with a secret made here."""
    draft = ConnectionDraft(
        kind=body.kind,
        name=body.name,
        secret=body.secret,
        prefer=body.prefer,
        defaults=await _defaults(actor.organisation_id, body.defaults, services),
    )
    connection = await services.connections.create(actor.organisation_id, draft, by=actor.user.id)
    response.headers["ETag"] = etag_of(connection)
    return _shown_once(connection, services)


@router.get("", responses=problems(400))
async def list_connections(
    actor: Admin, services: Services, after: After, limit: Limit = 25
) -> Page[ConnectionOut]:
    """Connections of the organisation, newest first."""
    rows = await services.connections.list_newest(actor.organisation_id, after=after, limit=limit + 1)
    page = rows[:limit]
    return Page[ConnectionOut](
        items=[_shown(row, services) for row in page],
        next_cursor=encode_cursor(page[-1].created_at, page[-1].id) if len(rows) > limit else None,
    )


@router.get("/{connection_id}", responses=problems(404))
async def get_connection(
    connection_id: str, actor: Admin, services: Services, response: Response
) -> ConnectionOut:
    """One connection, with the address to call and what to do on the other side."""
    connection = await services.connections.get(actor.organisation_id, connection_id)
    response.headers["ETag"] = etag_of(connection)
    return _shown(connection, services)


@router.patch("/{connection_id}", responses=problems(400, 404, 409, 412, 422))
async def update_connection(
    connection_id: str,
    body: ConnectionPatch,
    actor: Admin,
    services: Services,
    response: Response,
    if_match: IfMatch = None,
) -> ConnectionOut:
    """Rename it, switch it off or on, or set what its interviews get. `If-Match`: only the version you have seen."""
    changes: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if "defaults" in changes:
        changes["defaults"] = await _defaults(actor.organisation_id, body.defaults, services)
    connection = await services.connections.patch(
        actor.organisation_id, connection_id, changes, expected_version=version_of(if_match)
    )
    response.headers["ETag"] = etag_of(connection)
    return _shown(connection, services)


@router.post("/{connection_id}/secret", responses=problems(404, 412, 422))
async def rotate_connection_secret(
    connection_id: str, body: SecretRotation, actor: Admin, services: Services
) -> ConnectionWithSecret:
    """Another secret. The one before is believed for 24 hours more, so that nothing is lost over the change."""
    connection = await services.connections.rotate(actor.organisation_id, connection_id, body.secret)
    return _shown_once(connection, services)


@router.delete("/{connection_id}", status_code=204, responses=problems(404))
async def delete_connection(connection_id: str, actor: Admin, services: Services) -> None:
    """Believe no more calls; the interviews that came through it stay."""
    await services.connections.delete(actor.organisation_id, connection_id)
