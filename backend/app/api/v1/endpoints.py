"""Webhook endpoints of the organisation, by the Standard Webhooks specification."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Response

from app.api.v1.preconditions import version_of
from app.api.v1.problems import problems
from app.api.v1.schemas.common import Page
from app.api.v1.schemas.endpoints import (
    EndpointBody,
    EndpointOut,
    EndpointPatch,
    EndpointTestOut,
    NewSecretOut,
    RecoveryBody,
    RecoveryOut,
    RotationBody,
    etag_of_endpoint,
)
from app.core.cursors import encode_cursor
from app.core.deps import Admin, After, IfMatch, Limit, Services

router = APIRouter(prefix="/organisation/endpoints", tags=["notifications"])


@router.post("", status_code=201, responses=problems(409, 422))
async def create_endpoint(
    body: EndpointBody, actor: Admin, services: Services, response: Response
) -> NewSecretOut:
    """Add an endpoint. The answer holds its secret, which is not shown again."""
    endpoint = await services.endpoints.create(actor.organisation_id, body.to_draft(), by=actor.user.id)
    response.headers["ETag"] = etag_of_endpoint(endpoint)
    return NewSecretOut.of(endpoint)


@router.get("", responses=problems(400))
async def list_endpoints(
    actor: Admin, services: Services, after: After, limit: Limit = 25
) -> Page[EndpointOut]:
    """Endpoints of the organisation, newest first."""
    rows = await services.endpoints.list_newest(actor.organisation_id, after=after, limit=limit + 1)
    shown = rows[:limit]
    return Page[EndpointOut](
        items=[EndpointOut.of(row) for row in shown],
        next_cursor=encode_cursor(shown[-1].created_at, shown[-1].id) if len(rows) > limit else None,
    )


@router.get("/{endpoint_id}", responses=problems(404))
async def get_endpoint(endpoint_id: str, actor: Admin, services: Services, response: Response) -> EndpointOut:
    """One endpoint, with how it fares."""
    endpoint = await services.endpoints.get(actor.organisation_id, endpoint_id)
    response.headers["ETag"] = etag_of_endpoint(endpoint)
    return EndpointOut.of(endpoint)


@router.patch("/{endpoint_id}", responses=problems(400, 404, 412, 422))
async def update_endpoint(
    endpoint_id: str,
    body: EndpointPatch,
    actor: Admin,
    services: Services,
    response: Response,
    if_match: IfMatch = None,
) -> EndpointOut:
    """Change what is given. What waits goes to the new address."""
    endpoint = await services.endpoints.update(
        actor.organisation_id, endpoint_id, body.changes(), expected_version=version_of(if_match)
    )
    response.headers["ETag"] = etag_of_endpoint(endpoint)
    return EndpointOut.of(endpoint)


@router.delete("/{endpoint_id}", status_code=204, responses=problems(404))
async def delete_endpoint(endpoint_id: str, actor: Admin, services: Services) -> None:
    """Remove an endpoint; what waits for it is cancelled."""
    await services.endpoints.delete(actor.organisation_id, endpoint_id)


@router.post("/{endpoint_id}/enable", responses=problems(404))
async def enable_endpoint(endpoint_id: str, actor: Admin, services: Services) -> EndpointOut:
    """Switch it on again; that it failed is forgotten."""
    return EndpointOut.of(await services.endpoints.enable(actor.organisation_id, endpoint_id))


@router.post("/{endpoint_id}/disable", responses=problems(404))
async def disable_endpoint(endpoint_id: str, actor: Admin, services: Services) -> EndpointOut:
    """Switch it off; what waits for it is cancelled."""
    return EndpointOut.of(await services.endpoints.disable(actor.organisation_id, endpoint_id))


@router.post("/{endpoint_id}/secret/rotate", responses=problems(404, 422))
async def rotate_endpoint_secret(
    endpoint_id: str, actor: Admin, services: Services, body: RotationBody | None = None
) -> NewSecretOut:
    """Make a new secret, which the answer shows once; the old one signs beside it for a while."""
    overlap = timedelta(hours=(body or RotationBody()).overlap_hours)
    return NewSecretOut.of(
        await services.endpoints.rotate_secret(actor.organisation_id, endpoint_id, overlap)
    )


@router.post("/{endpoint_id}/test", responses=problems(404))
async def test_endpoint(endpoint_id: str, actor: Admin, services: Services) -> EndpointTestOut:
    """Send a signed message of the type `endpoint.test` there, now, and say what came of it."""
    return EndpointTestOut.of(await services.endpoints.test(actor.organisation_id, endpoint_id))


@router.post("/{endpoint_id}/recover", status_code=202, responses=problems(404, 409, 422))
async def recover_endpoint(
    endpoint_id: str, body: RecoveryBody, actor: Admin, services: Services
) -> RecoveryOut:
    """Send again, under the same ids, what was queued since then and never arrived."""
    return RecoveryOut(
        recovered=await services.endpoints.recover(actor.organisation_id, endpoint_id, body.since)
    )
