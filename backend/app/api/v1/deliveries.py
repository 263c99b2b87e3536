"""What left for people and machines, what came of it, and sending again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from app.api.v1.problems import problems
from app.api.v1.schemas.common import Page
from app.api.v1.schemas.deliveries import DeliveryDetailOut, DeliveryOut
from app.core.cursors import encode_cursor
from app.core.deps import Admin, After, Limit, Services, Viewer
from app.models.delivery import Carrier, Delivery, DeliveryStatus
from app.repositories.base import DeliveryFilter

router = APIRouter(tags=["notifications"])


def _page(rows: Sequence[Delivery], limit: int) -> Page[DeliveryOut]:
    shown = rows[:limit]
    return Page[DeliveryOut](
        items=[DeliveryOut.model_validate(row) for row in shown],
        next_cursor=encode_cursor(shown[-1].created_at, shown[-1].id) if len(rows) > limit else None,
    )


@router.get("/deliveries", responses=problems(400))
async def list_deliveries(
    actor: Admin,
    services: Services,
    after: After,
    limit: Limit = 25,
    status: DeliveryStatus | None = None,
    carrier: Carrier | None = None,
    target_id: Annotated[
        str | None, Query(max_length=200, description="Of an endpoint, a channel, or a user")
    ] = None,
    interview_id: Annotated[str | None, Query(max_length=200)] = None,
) -> Page[DeliveryOut]:
    """Deliveries of the organisation, newest first; finished ones are kept for a while."""
    where = DeliveryFilter(status=status, carrier=carrier, target_id=target_id, interview_id=interview_id)
    rows = await services.deliveries.list_newest(actor.organisation_id, where, after=after, limit=limit + 1)
    return _page(rows, limit)


@router.get("/me/deliveries", responses=problems(400))
async def list_my_deliveries(
    actor: Viewer,
    services: Services,
    after: After,
    limit: Limit = 25,
    status: DeliveryStatus | None = None,
) -> Page[DeliveryOut]:
    """E-mail to you, newest first."""
    rows = await services.deliveries.list_mail_to(
        actor.organisation_id, actor.user.id, status=status, after=after, limit=limit + 1
    )
    return _page(rows, limit)


@router.get("/deliveries/{delivery_id}", responses=problems(404))
async def get_delivery(delivery_id: str, actor: Admin, services: Services) -> DeliveryDetailOut:
    """One delivery with its attempts: what was sent, what came back."""
    return DeliveryDetailOut.model_validate(await services.deliveries.get(actor.organisation_id, delivery_id))


@router.post("/deliveries/{delivery_id}/resend", status_code=202, responses=problems(404, 409))
async def resend_delivery(delivery_id: str, actor: Admin, services: Services) -> DeliveryOut:
    """Send a finished one again, under the same id as before."""
    return DeliveryOut.model_validate(await services.deliveries.resend(actor.organisation_id, delivery_id))
