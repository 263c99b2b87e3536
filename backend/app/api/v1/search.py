"""Search: what was said, across all interviews."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.v1.problems import problems
from app.api.v1.schemas.search import FoundPageOut, SearchParameters
from app.core.deps import Services, Viewer

router = APIRouter(tags=["search"])


@router.get("/search", responses=problems(400, 422))
async def search(
    actor: Viewer, services: Services, asked: Annotated[SearchParameters, Query()]
) -> FoundPageOut:
    """Utterances with all the words and phrases, of all interviews of the organisation, with the place marked."""
    page = await services.search.search(
        actor.organisation_id,
        asked.q,
        asked.to_query(),
        language=asked.language,
        order=asked.order,
        cursor=asked.cursor,
        limit=asked.limit,
    )
    return FoundPageOut.of(page)
