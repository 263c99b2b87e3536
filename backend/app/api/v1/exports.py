"""Exports: the debrief as a file for the people who hire, and an explanation for the candidate."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Response

from app.api.v1.problems import problems
from app.core.deps import CallerDep, DraftReader, Services, actor_of
from app.models.organisation import Role
from app.services.accounts import Actor
from app.services.export.filenames import content_disposition
from app.services.export.render import MEDIA_TYPES, ExportFormat, ExportKind

router = APIRouter(prefix="/interviews/{interview_id}", tags=["exports"])

_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_FILES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file",
        "content": {media_type.partition(";")[0]: _BINARY for media_type in MEDIA_TYPES.values()},
    }
}

Kind = Annotated[
    ExportKind, Query(description="`explanation` is for the candidate, and needs the role recruiter")
]


async def _exporter(actor: DraftReader, caller: CallerDep, kind: Kind = ExportKind.DEBRIEF) -> Actor:
    """Whoever may read the debrief may export it; what leaves for a candidate is a recruiter's decision."""
    if kind is ExportKind.EXPLANATION:
        return actor_of(caller, actor.organisation_id, Role.RECRUITER)
    return actor


Exporter = Annotated[Actor, Depends(_exporter)]


@router.get("/export", responses={**problems(404), **_FILES}, response_class=Response)
async def export_debrief(
    interview_id: str,
    actor: Exporter,
    services: Services,
    format: Annotated[ExportFormat, Query()] = ExportFormat.PDF,
    kind: Kind = ExportKind.DEBRIEF,
    revision: Annotated[
        int | None, Query(ge=1, description="Version of the analysis; else the newest")
    ] = None,
) -> Response:
    """Download the debrief, or the explanation for the candidate, as PDF, Word document, Markdown or JSON."""
    export = await services.exports.export(
        actor.organisation_id, interview_id, kind=kind, format=format, revision=revision
    )
    return Response(
        export.content,
        media_type=export.media_type,
        headers={
            "Content-Disposition": content_disposition(export.filename),
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
