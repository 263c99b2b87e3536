"""How the caller wants to hear of things."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.api.v1.preconditions import version_of
from app.api.v1.problems import problems
from app.api.v1.schemas.preferences import PreferencesBody, PreferencesOut, etag_of_preferences
from app.core.deps import IfMatch, Services, Viewer

router = APIRouter(tags=["notifications"])


@router.get("/me/notifications", responses=problems())
async def get_my_notifications(actor: Viewer, services: Services, response: Response) -> PreferencesOut:
    """Your wishes in this organisation, and what holds for each topic."""
    shown = await services.preferences.get(actor)
    response.headers["ETag"] = etag_of_preferences(shown)
    return PreferencesOut.of(shown)


@router.put("/me/notifications", responses=problems(400, 409, 412, 422))
async def put_my_notifications(
    body: PreferencesBody, actor: Viewer, services: Services, response: Response, if_match: IfMatch = None
) -> PreferencesOut:
    """Say how you want to hear of things. It replaces all that you said; a topic that is left out follows the
    organisation."""
    shown = await services.preferences.save(actor, body.to_wishes(), expected_version=version_of(if_match))
    response.headers["ETag"] = etag_of_preferences(shown)
    return PreferencesOut.of(shown)
