"""Transcripts as files."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response

from app.api.v1.problems import problems
from app.core.deps import Services, Viewer
from app.services.export.filenames import content_disposition
from app.services.export.transcript.render import TRANSCRIPT_MEDIA_TYPES, TranscriptFormat

router = APIRouter(prefix="/interviews/{interview_id}/transcript", tags=["transcripts"])

_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_FILES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file",
        "content": {kind.partition(";")[0]: _BINARY for kind in TRANSCRIPT_MEDIA_TYPES.values()},
    }
}


@router.get("/export", responses={**problems(404), **_FILES}, response_class=Response)
async def export_transcript(
    interview_id: str,
    actor: Viewer,
    services: Services,
    format: Annotated[TranscriptFormat, Query()] = TranscriptFormat.TXT,
    revision: Annotated[int | None, Query(ge=1, description="Of the transcript; else the newest")] = None,
) -> Response:
    """Download the words as plain text, SRT, WebVTT with voices, JSON (read back without loss) or Word document."""
    file = await services.transcript_files.export(
        actor.organisation_id, interview_id, format=format, revision=revision
    )
    return Response(
        file.content,
        media_type=file.media_type,
        headers={
            "Content-Disposition": content_disposition(file.filename),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
