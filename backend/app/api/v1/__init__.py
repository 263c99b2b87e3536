"""Version 1 of the API: every router, in one list."""

from fastapi import APIRouter

from app.api.v1 import (
    accounts,
    analyses,
    connections,
    exports,
    health,
    interviews,
    live,
    objects,
    panel,
    recordings,
    reruns,
    reviews,
    scorecards,
    stability,
    templates,
    transcripts,
    usage,
    webhooks,
    websocket,
)

router = APIRouter(prefix="/api/v1")
# Routes are tried in this order: what is asked for most comes first.
for module in (
    interviews,
    transcripts,
    analyses,
    scorecards,
    reviews,
    stability,
    panel,
    reruns,
    recordings,
    objects,
    webhooks,
    templates,
    accounts,
    usage,
    websocket,
    live,
    exports,
    connections,
    health,
):
    router.include_router(module.router)
