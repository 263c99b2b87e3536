"""What the organisation's analyses cost."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from app.api.v1.problems import problems
from app.api.v1.schemas.usage import UsageOut
from app.core.deps import Limit, Recruiter, Services

router = APIRouter(tags=["organisations"])


@router.get("/usage", responses=problems())
async def get_usage(
    actor: Recruiter,
    services: Services,
    since: Annotated[date | None, Query(alias="from", description="The earliest day to show")] = None,
    cursor: Annotated[date | None, Query(description="`next_cursor` of the last page")] = None,
    limit: Limit = 31,
) -> UsageOut:
    """Tokens, cost and calls of each day, newest first, and the limits in force."""
    return UsageOut.of(
        await services.usage.report(actor.organisation_id, since=since, before=cursor, limit=limit)
    )
