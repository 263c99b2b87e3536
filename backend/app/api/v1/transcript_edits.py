"""Corrections of a transcript, who said what, and the way back. Each names the revision that its author has seen."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Body, Query, Response

from app.api.v1.json_parts import with_array
from app.api.v1.preconditions import required_version_of
from app.api.v1.problems import problems
from app.api.v1.schemas.common import Page
from app.api.v1.schemas.transcript_edits import (
    ChangeIn,
    ChangeOut,
    EditedHead,
    EditedOut,
    OriginalOut,
    PreviewOut,
    ReplaceTextIn,
    SpeakerChangeIn,
    WantedIn,
)
from app.api.v1.schemas.transcripts import UtteranceOut, etag_of_transcript
from app.core.deps import IfMatch, Interviewer, Limit, Services, Viewer
from app.services.transcript_edits import Edited

router = APIRouter(prefix="/interviews/{interview_id}/transcript", tags=["transcripts"])


async def _answer(edited: Edited) -> Response:
    changed = await to_thread.run_sync(edited.changed_json)
    answer = with_array(EditedHead.of(edited), "changed", changed)
    answer.headers["ETag"] = etag_of_transcript(edited.transcript)
    return answer


@router.post("/edits", response_model=EditedOut, responses=problems(400, 404, 409, 412, 428))
async def edit_transcript(
    interview_id: str,
    body: Annotated[ChangeIn, Body()],
    actor: Interviewer,
    services: Services,
    if_match: IfMatch = None,
) -> Response:
    """Change the words, the cuts, or who said what. The transcript that was made or imported stays readable."""
    expected = required_version_of(if_match)
    if isinstance(body, ReplaceTextIn):
        edited = await services.editing.replace(
            actor, interview_id, body.to_wanted(), expected_revision=expected
        )
    else:
        edited = await services.editing.change(
            actor,
            interview_id,
            body.to_operation(),
            expected_revision=expected,
            analyse=isinstance(body, SpeakerChangeIn) and body.analyse,
        )
    return await _answer(edited)


@router.get("/edits", responses=problems(404))
async def list_transcript_edits(
    interview_id: str,
    actor: Viewer,
    services: Services,
    limit: Limit = 25,
    cursor: Annotated[int | None, Query(ge=1, description="`next_cursor` of the last page")] = None,
) -> Page[ChangeOut]:
    """Who changed what and when, newest first."""
    rows = await services.editing.list_newest(
        actor.organisation_id, interview_id, before=cursor, limit=limit + 1
    )
    return Page[ChangeOut](
        items=[ChangeOut.of(edit) for edit in rows[:limit]],
        next_cursor=str(rows[limit - 1].revision) if len(rows) > limit else None,
    )


@router.post("/undo", response_model=EditedOut, responses=problems(400, 404, 409, 412, 428))
async def undo_transcript_edit(
    interview_id: str, actor: Interviewer, services: Services, if_match: IfMatch = None
) -> Response:
    """Take back the newest change that is in force."""
    expected = required_version_of(if_match)
    return await _answer(await services.editing.undo(actor, interview_id, expected_revision=expected))


@router.post("/redo", response_model=EditedOut, responses=problems(400, 404, 409, 412, 428))
async def redo_transcript_edit(
    interview_id: str, actor: Interviewer, services: Services, if_match: IfMatch = None
) -> Response:
    """Bring back what was taken back last, as long as nothing else was changed since."""
    expected = required_version_of(if_match)
    return await _answer(await services.editing.redo(actor, interview_id, expected_revision=expected))


@router.post("/replace/preview", responses=problems(404))
async def preview_replacement(
    interview_id: str, body: WantedIn, actor: Interviewer, services: Services, response: Response
) -> PreviewOut:
    """What a `replace_text` would change. Nothing is written."""
    transcript, found = await services.editing.preview(actor.organisation_id, interview_id, body.to_wanted())
    response.headers["ETag"] = etag_of_transcript(transcript)
    return PreviewOut.of(transcript.revision, found)


@router.get("/original/{utterance_id}", responses=problems(404))
async def get_original_utterance(
    interview_id: str, utterance_id: str, actor: Viewer, services: Services
) -> OriginalOut:
    """The words before any person changed them."""
    revision, utterances = await services.editing.original(actor.organisation_id, interview_id, utterance_id)
    return OriginalOut(revision=revision, utterances=[UtteranceOut.model_validate(u) for u in utterances])
