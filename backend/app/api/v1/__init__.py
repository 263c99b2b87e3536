"""Version 1 of the API: every router, in one list."""

from typing import Final

from fastapi import FastAPI

from app.api.v1 import (
    accounts,
    analyses,
    channels,
    clips,
    connections,
    deliveries,
    endpoints,
    exports,
    health,
    highlights,
    inbox,
    interviews,
    live,
    message_previews,
    my_channels,
    objects,
    panel,
    preferences,
    recording_parts,
    recordings,
    reruns,
    reviews,
    scorecard_requests,
    scorecards,
    search,
    speakers,
    stability,
    templates,
    transcript_edits,
    transcript_files,
    transcripts,
    usage,
    webhooks,
    websocket,
)

PREFIX: Final = "/api/v1"

_MODULES: Final = (
    # Routes are tried in this order: what is asked for most comes first.
    transcripts,
    interviews,
    analyses,
    speakers,
    scorecards,
    inbox,
    reviews,
    stability,
    panel,
    reruns,
    recordings,
    recording_parts,
    clips,
    highlights,
    objects,
    webhooks,
    templates,
    accounts,
    usage,
    scorecard_requests,
    preferences,
    channels,
    my_channels,
    deliveries,
    endpoints,
    message_previews,
    websocket,
    live,
    exports,
    transcript_files,
    connections,
    transcript_edits,
    search,
    health,
)


def include_in(app: FastAPI) -> None:
    """Each by itself: a router that had them all would be gone through twice for every request."""
    for module in _MODULES:
        app.include_router(module.router, prefix=PREFIX)
