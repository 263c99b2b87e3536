"""Recordings: one streaming upload for scripts, multipart uploads for browsers, playback, waveform.

The multipart routes speak the shapes of Uppy's `@uppy/aws-s3` plugin: create, sign part, list parts, complete, abort.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

from fastapi import APIRouter, Header, Request, Response
from starlette.responses import FileResponse, RedirectResponse

from app.api.v1.preconditions import matches
from app.api.v1.problems import problems
from app.api.v1.schemas.connections import FetchBody
from app.api.v1.schemas.interviews import InterviewOut
from app.api.v1.schemas.uploads import (
    CompletedUpload,
    SignedPart,
    UploadBegun,
    UploadComplete,
    UploadCreate,
    UploadedPart,
)
from app.core.deps import Interviewer, Recruiter, Services, Viewer

router = APIRouter(prefix="/interviews/{interview_id}", tags=["recordings"])

BINARY = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


@router.put(
    "/recording",
    status_code=202,
    responses=problems(404, 409, 413, 415, 422),
    openapi_extra={"requestBody": {"required": True, **BINARY}},
)
async def put_recording(
    interview_id: str,
    request: Request,
    actor: Interviewer,
    services: Services,
    content_length: Annotated[int | None, Header(ge=0)] = None,
    content_type: Annotated[str, Header(max_length=200)] = "application/octet-stream",
    x_filename: Annotated[
        str, Header(max_length=600, description="Original file name, percent-encoded UTF-8")
    ] = "recording",
) -> InterviewOut:
    """Upload a whole recording in one streaming request; processing starts at once."""
    interview = await services.recordings.put(
        actor.organisation_id,
        interview_id,
        request.stream(),
        filename=file_name(x_filename),
        content_type=content_type,
        declared_size=content_length,
    )
    return InterviewOut.model_validate(interview)


@router.post("/recording/fetch", status_code=202, responses=problems(404, 409, 422))
async def fetch_recording(
    interview_id: str, body: FetchBody, actor: Recruiter, services: Services
) -> InterviewOut:
    """Have the recording fetched from an address on the public internet; processing follows by itself."""
    interview = await services.intake.fetch(
        actor.organisation_id,
        interview_id,
        url=body.url,
        filename=body.filename or file_name_of(body.url),
    )
    return InterviewOut.model_validate(interview)


@router.get("/recording", responses={**problems(404, 416), 200: BINARY, 206: BINARY, 304: {}, 307: {}})
async def get_recording(
    interview_id: str,
    actor: Viewer,
    services: Services,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Play or download the recording. Supports Range; may redirect to a signed address of the object store."""
    playback = await services.recordings.playback(actor.organisation_id, interview_id)
    etag = f'"{playback.recording.etag}"'
    if matches(if_none_match, etag):
        return Response(status_code=304, headers={"ETag": etag})
    if not isinstance(playback.source, Path):
        return RedirectResponse(playback.source.url, status_code=307)
    return FileResponse(
        playback.source,
        media_type=playback.recording.content_type,
        filename=playback.recording.filename,
        content_disposition_type="inline",
        headers={"ETag": etag, "Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"},
    )


@router.get("/recording/peaks", responses=problems(404))
async def get_peaks(interview_id: str, actor: Viewer, services: Services) -> Response:
    """The waveform as JSON in audiowaveform's data format, ready for a player such as wavesurfer.js or Peaks.js."""
    peaks = await services.recordings.peaks(actor.organisation_id, interview_id)
    return Response(peaks, media_type="application/json")


@router.post("/uploads", status_code=201, responses=problems(404, 409, 413, 422))
async def create_upload(
    interview_id: str, body: UploadCreate, actor: Interviewer, services: Services
) -> UploadBegun:
    """Begin a multipart upload (Uppy: `createMultipartUpload`)."""
    pending = await services.recordings.begin_upload(
        actor.organisation_id,
        interview_id,
        filename=body.filename,
        content_type=body.type,
        size=body.size,
        by=actor.user.id,
    )
    return UploadBegun(upload_id=pending.id, key=pending.key, part_size=pending.part_size)


@router.get("/uploads/{upload_id}/{part_number}", responses=problems(404, 422))
async def sign_upload_part(
    interview_id: str, upload_id: str, part_number: int, actor: Interviewer, services: Services
) -> SignedPart:
    """The address to send one part to (Uppy: `signPart`)."""
    signed = await services.recordings.sign_part(actor.organisation_id, interview_id, upload_id, part_number)
    return SignedPart(method=signed.method, url=signed.url, headers=dict(signed.headers))


@router.get("/uploads/{upload_id}", responses=problems(404))
async def list_upload_parts(
    interview_id: str, upload_id: str, actor: Interviewer, services: Services
) -> list[UploadedPart]:
    """The parts that have arrived, for resuming (Uppy: `listParts`)."""
    parts = await services.recordings.list_parts(actor.organisation_id, interview_id, upload_id)
    return [UploadedPart(part_number=p.part_number, size=p.size, etag=p.etag) for p in parts]


@router.post("/uploads/{upload_id}/complete", responses=problems(404, 409, 413, 415, 422))
async def complete_upload(
    interview_id: str, upload_id: str, body: UploadComplete, actor: Interviewer, services: Services
) -> CompletedUpload:
    """Join the parts; processing starts at once (Uppy: `completeMultipartUpload`)."""
    interview = await services.recordings.complete_upload(
        actor.organisation_id,
        interview_id,
        upload_id,
        [(part.part_number, part.etag) for part in body.parts],
    )
    return CompletedUpload(
        location=f"/api/v1/interviews/{interview_id}/recording",
        interview=InterviewOut.model_validate(interview),
    )


@router.delete("/uploads/{upload_id}", status_code=204, responses=problems(404))
async def abort_upload(interview_id: str, upload_id: str, actor: Interviewer, services: Services) -> None:
    """Give an upload up and remove its parts (Uppy: `abortMultipartUpload`)."""
    await services.recordings.abort_upload(actor.organisation_id, interview_id, upload_id)


def file_name(header: str) -> str:
    """The last path component without control characters: only ever shown, never used as a path."""
    name = unquote(header).replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in name if c.isprintable())[:200] or "recording"


def file_name_of(url: str) -> str:
    """What the file behind an address is called there."""
    try:
        return file_name(urlsplit(url).path)
    except ValueError:
        return "recording"
