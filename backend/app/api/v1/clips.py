"""Clips: a stretch of the recording as a file."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from app.api.v1.problems import problems
from app.core.deps import Services, Viewer
from app.services.clips import Clip
from app.services.export.filenames import content_disposition

router = APIRouter(prefix="/interviews/{interview_id}", tags=["recordings"])

_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
CLIP_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The clip", "content": {"audio/mp4": _BINARY, "audio/webm": _BINARY}}
}
Seconds = Annotated[float, Query(ge=0, allow_inf_nan=False, description="Seconds from the beginning")]


@router.get(
    "/recording/clip", responses={**problems(404, 422), **CLIP_FILE}, response_class=StreamingResponse
)
async def cut_clip(
    interview_id: str, actor: Viewer, services: Services, start: Seconds, end: Seconds
) -> StreamingResponse:
    """Download the sound of a stretch of the recording, of ten minutes at most."""
    return clip_file(await services.clips.cut(actor.organisation_id, interview_id, start, end))


def clip_file(clip: Clip) -> StreamingResponse:
    return StreamingResponse(
        clip.chunks(),
        media_type=clip.content_type,
        headers={
            "Content-Length": str(clip.size),
            "Content-Disposition": content_disposition(clip.filename),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
