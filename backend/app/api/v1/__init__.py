"""Version 1 of the API: every router, in one list."""

from fastapi import APIRouter

from app.api.v1 import (
    accounts,
    analyses,
    channels,
    deliveries,
    exports,
    health,
    inbox,
    interviews,
    live,
    message_previews,
    my_channels,
    objects,
    panel,
    preferences,
    recordings,
    reruns,
    reviews,
    scorecard_requests,
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
    inbox,
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
    scorecard_requests,
    channels,
    my_channels,
    deliveries,
    message_previews,
    preferences,
    websocket,
    live,
    exports,
    health,
):
    router.include_router(module.router)
