"""Highlights: mark a moment, share it, take its sound along."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from app.api.v1.clips import CLIP_FILE, clip_file
from app.api.v1.preconditions import version_of
from app.api.v1.problems import problems
from app.api.v1.schemas.common import Page
from app.api.v1.schemas.highlights import HighlightBody, HighlightOut, HighlightPatch, etag_of_highlight
from app.core.container import Container
from app.core.cursors import encode_cursor
from app.core.deps import After, IfMatch, Interviewer, Limit, Services, Viewer
from app.models.highlight import Highlight

router = APIRouter(prefix="/interviews/{interview_id}/highlights", tags=["highlights"])


@router.post("", status_code=201, responses=problems(404, 422))
async def create_highlight(
    interview_id: str, body: HighlightBody, actor: Interviewer, services: Services, response: Response
) -> HighlightOut:
    """Mark a moment by time, utterances or words; the quote is cut from the transcript."""
    highlight = await services.highlights.create(
        actor, interview_id, body.marked(), comment=body.comment, tags=body.tags
    )
    return _shown(highlight, services, response)


@router.get("", responses=problems(400, 404))
async def list_highlights(
    interview_id: str, actor: Viewer, services: Services, after: After, limit: Limit = 25
) -> Page[HighlightOut]:
    """Marked moments of the interview, newest first."""
    rows = await services.highlights.list_newest(
        actor.organisation_id, interview_id, after=after, limit=limit + 1
    )
    shown = rows[:limit]
    return Page[HighlightOut](
        items=[HighlightOut.of(row, services.highlights.link(row)) for row in shown],
        next_cursor=encode_cursor(shown[-1].created_at, shown[-1].id) if len(rows) > limit else None,
    )


@router.get("/{highlight_id}", responses=problems(404))
async def get_highlight(
    interview_id: str, highlight_id: str, actor: Viewer, services: Services, response: Response
) -> HighlightOut:
    """One marked moment."""
    highlight = await services.highlights.get(actor.organisation_id, interview_id, highlight_id)
    return _shown(highlight, services, response)


@router.patch("/{highlight_id}", responses=problems(400, 404, 412, 422))
async def update_highlight(
    interview_id: str,
    highlight_id: str,
    body: HighlightPatch,
    actor: Interviewer,
    services: Services,
    response: Response,
    if_match: IfMatch = None,
) -> HighlightOut:
    """Change the comment or the tags of a moment that you marked."""
    highlight = await services.highlights.update(
        actor, interview_id, highlight_id, body.changes(), expected_version=version_of(if_match)
    )
    return _shown(highlight, services, response)


@router.delete("/{highlight_id}", status_code=204, responses=problems(404))
async def delete_highlight(
    interview_id: str, highlight_id: str, actor: Interviewer, services: Services
) -> None:
    """Remove a moment that you marked; an admin may remove any."""
    await services.highlights.delete(actor, interview_id, highlight_id)


@router.get(
    "/{highlight_id}/clip", responses={**problems(404, 422), **CLIP_FILE}, response_class=StreamingResponse
)
async def cut_highlight(
    interview_id: str, highlight_id: str, actor: Viewer, services: Services
) -> StreamingResponse:
    """Download the sound of the moment."""
    return clip_file(await services.highlights.clip(actor.organisation_id, interview_id, highlight_id))


def _shown(highlight: Highlight, services: Container, response: Response) -> HighlightOut:
    response.headers["ETag"] = etag_of_highlight(highlight)
    return HighlightOut.of(highlight, services.highlights.link(highlight))
