"""Version 1 of the API: every router, in one list."""

from fastapi import APIRouter

from app.api.v1 import (
    accounts,
    analyses,
    health,
    interviews,
    objects,
    recordings,
    templates,
    transcripts,
    websocket,
)

router = APIRouter(prefix="/api/v1")
for module in (
    health,
    accounts,
    interviews,
    recordings,
    transcripts,
    analyses,
    templates,
    websocket,
    objects,
):
    router.include_router(module.router)
