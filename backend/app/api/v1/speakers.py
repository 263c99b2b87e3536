"""Speakers: who is who in a transcript, how sure that is, and why."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.api.v1.problems import problems
from app.api.v1.schemas.speakers import SpeakersOut
from app.core.deps import Services, Viewer

router = APIRouter(prefix="/interviews/{interview_id}/speakers", tags=["transcripts"])


@router.get("", responses=problems(404))
async def list_speakers(
    interview_id: str, actor: Viewer, services: Services, response: Response
) -> SpeakersOut:
    """The speakers of the newest transcript, with what to listen to and whom it may be."""
    view = await services.speakers.overview(actor.organisation_id, interview_id)
    response.headers["ETag"] = f'"{view.transcript.revision}"'
    return SpeakersOut.of(view)
