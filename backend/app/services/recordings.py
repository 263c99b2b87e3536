"""Recordings: upload in one piece or in parts, playback, waveform."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyio import CancelScope

from app.core.errors import AppError, Conflict, NotFound, TooLarge, Unavailable
from app.models.audio import MediaInfo
from app.models.base import new_id, utc_now
from app.models.interview import Interview, PendingUpload, Recording, Status
from app.services.lifecycle import InterviewNotFound, Lifecycle
from app.services.media.service import MediaService
from app.services.storage.base import ObjectStore, Part, SignedRequest, StoredObject, UploadNotFound
from app.services.storage.service import fetched_key, recording_key, remove_older


class RecordingExists(Conflict):
    code = "recording_exists"


class RecordingMissing(NotFound):
    code = "recording_missing"


class PeaksNotReady(NotFound):
    code = "peaks_not_ready"


class UploadTooLarge(TooLarge):
    code = "upload_too_large"


@dataclass(frozen=True, slots=True)
class Playback:
    """Where the bytes of a recording are: a file of this server, or a signed address to go to."""

    recording: Recording
    source: Path | SignedRequest


class RecordingService:
    def __init__(
        self,
        lifecycle: Lifecycle,
        store: ObjectStore,
        media: MediaService,
        *,
        max_bytes: int,
        part_bytes: int,
        url_seconds: int,
    ) -> None:
        self._lifecycle = lifecycle
        self._store = store
        self._media = media
        self._max_bytes = max_bytes
        self._part_bytes = part_bytes
        self._url_seconds = url_seconds

    async def put(
        self,
        organisation_id: str,
        interview_id: str,
        chunks: AsyncIterator[bytes],
        *,
        filename: str,
        content_type: str,
        declared_size: int | None,
    ) -> Interview:
        """Store a whole recording from a stream and start the pipeline. What is not a recording leaves no trace."""
        self._refuse_too_large(declared_size)
        refuse_second(await self._lifecycle.get(organisation_id, interview_id))
        key = recording_key(organisation_id, interview_id, new_id())
        stored = await self._store.put(key, chunks, content_type=content_type, max_bytes=self._max_bytes)
        return await self._accept(organisation_id, interview_id, stored, filename=filename, upload_id=None)

    async def receive(
        self,
        organisation_id: str,
        interview_id: str,
        chunks: AsyncIterator[bytes],
        *,
        epoch: int,
        filename: str,
        declared_size: int | None,
    ) -> Recording:
        """Store a recording that a worker fetches and look at it; the worker's commit makes it the interview's.

        What is not a recording, or does not come to its end, leaves no trace, and neither do recordings that attempts
        before this one left behind when they were killed.
        """
        self._refuse_too_large(declared_size)
        key = fetched_key(organisation_id, interview_id, epoch)
        await remove_older(self._store, key, epoch)
        return await self.keep(
            key,
            chunks,
            filename=filename,
            content_type="application/octet-stream",
            declared_size=declared_size,
        )

    async def keep(
        self,
        key: str,
        chunks: AsyncIterator[bytes],
        *,
        filename: str,
        content_type: str,
        declared_size: int | None,
    ) -> Recording:
        """Store a recording and look at it; it is nobody's yet. What is not a recording leaves no trace."""
        self._refuse_too_large(declared_size)
        stored = await self._store.put(key, chunks, content_type=content_type, max_bytes=self._max_bytes)
        try:
            return await self._examine(stored, filename=filename, upload_id=None)
        except BaseException:
            with CancelScope(shield=True):
                await self._store.delete(stored.key)
            raise

    async def begin_upload(
        self,
        organisation_id: str,
        interview_id: str,
        *,
        filename: str,
        content_type: str,
        size: int | None,
        by: str,
    ) -> PendingUpload:
        """Begin a multipart upload; an unfinished one of the same interview is given up."""
        self._refuse_too_large(size)
        before = await self._lifecycle.get(organisation_id, interview_id)
        refuse_second(before)
        key = recording_key(organisation_id, interview_id, new_id())
        pending = PendingUpload(
            id=await self._store.create_multipart(key, content_type=content_type),
            key=key,
            filename=filename,
            content_type=content_type,
            size=size,
            part_size=self._part_bytes,
            created_at=utc_now(),
            created_by=by,
        )

        def decide(interview: Interview) -> dict[str, Any]:
            refuse_second(interview)
            return {"pending_upload": pending}

        await self._lifecycle.edit(organisation_id, interview_id, decide)
        if before.pending_upload:
            await self._store.abort_multipart(before.pending_upload.key, before.pending_upload.id)
        return pending

    async def sign_part(
        self, organisation_id: str, interview_id: str, upload_id: str, part_number: int
    ) -> SignedRequest:
        pending = await self._pending(organisation_id, interview_id, upload_id)
        return await self._store.sign_part(pending.key, pending.id, part_number, expires_in=self._url_seconds)

    async def list_parts(self, organisation_id: str, interview_id: str, upload_id: str) -> Sequence[Part]:
        pending = await self._pending(organisation_id, interview_id, upload_id)
        return await self._store.list_parts(pending.key, pending.id)

    async def complete_upload(
        self, organisation_id: str, interview_id: str, upload_id: str, parts: Sequence[tuple[int, str]]
    ) -> Interview:
        """Join the parts and start the pipeline. A repeated call answers like the first."""
        interview = await self._lifecycle.get(organisation_id, interview_id)
        if interview.recording and interview.recording.upload_id == upload_id:
            return interview
        pending = await self._pending(organisation_id, interview_id, upload_id)
        try:
            stored = await self._store.complete_multipart(
                pending.key, pending.id, parts, max_bytes=self._max_bytes
            )
        except UploadNotFound:
            # An earlier call may have joined the parts and ended before it could say so.
            found = await self._store.head(pending.key)
            if found is None:
                raise
            stored = found
        return await self._accept(
            organisation_id, interview_id, stored, filename=pending.filename, upload_id=upload_id
        )

    async def abort_upload(self, organisation_id: str, interview_id: str, upload_id: str) -> None:
        pending = await self._pending(organisation_id, interview_id, upload_id)
        await self._store.abort_multipart(pending.key, pending.id)
        await self._drop_pending(organisation_id, interview_id, upload_id)

    async def playback(self, organisation_id: str, interview_id: str) -> Playback:
        interview = await self._lifecycle.get(organisation_id, interview_id)
        if interview.recording is None:
            raise RecordingMissing("This interview has no recording.")
        recording = interview.recording
        path = self._store.local_path(recording.key)
        if path is not None:
            return Playback(recording, path)
        signed = await self._store.sign_get(
            recording.key,
            expires_in=self._url_seconds,
            filename=recording.filename,
            content_type=recording.content_type,
        )
        if signed is None:
            raise RecordingMissing("The object store hands out no addresses and keeps no local file.")
        return Playback(recording, signed)

    async def peaks(self, organisation_id: str, interview_id: str) -> bytes:
        """The waveform as JSON text (audiowaveform's data format)."""
        interview = await self._lifecycle.get(organisation_id, interview_id)
        if interview.recording is None:
            raise RecordingMissing("This interview has no recording.")
        if interview.recording.peaks_key is None:
            raise PeaksNotReady("The waveform is made in the first step; try again in a moment.")
        return await self._store.get_bytes(interview.recording.peaks_key)

    async def _accept(
        self,
        organisation_id: str,
        interview_id: str,
        stored: StoredObject,
        *,
        filename: str,
        upload_id: str | None,
    ) -> Interview:
        try:
            recording = await self._examine(stored, filename=filename, upload_id=upload_id)

            def decide(interview: Interview) -> dict[str, Any]:
                refuse_second(interview)
                # What was to be fetched is here: nobody needs its address and token any more.
                source = interview.source and interview.source.forgotten()
                return {"recording": recording, "parts": (), "pending_upload": None, "source": source}

            return await self._lifecycle.move(organisation_id, interview_id, Status.PREPARING, decide)
        except Unavailable:
            # It may work the next time, or what became of it is not known: what is left over goes with its interview,
            # a recording that was deleted does not come back.
            raise
        except AppError:
            kept = await self._kept(organisation_id, interview_id, stored.key)
            if kept is not None:
                return kept
            await self._store.delete(stored.key)
            if upload_id:
                await self._drop_pending(organisation_id, interview_id, upload_id)
            raise

    async def _examine(self, stored: StoredObject, *, filename: str, upload_id: str | None) -> Recording:
        """What the stored bytes are, whatever was said of them. Raises as `MediaService.probe`."""
        async with self._store.as_file(stored.key) as path:
            info = await self._media.probe(path)
        return _recording(stored, info, filename=filename, upload_id=upload_id)

    async def _kept(self, organisation_id: str, interview_id: str, key: str) -> Interview | None:
        """The interview, if another call that completed the same upload was quicker and it has this recording."""
        try:
            interview = await self._lifecycle.get(organisation_id, interview_id)
        except InterviewNotFound:
            return None
        return interview if interview.recording and interview.recording.key == key else None

    async def _pending(self, organisation_id: str, interview_id: str, upload_id: str) -> PendingUpload:
        interview = await self._lifecycle.get(organisation_id, interview_id)
        if interview.pending_upload is None or interview.pending_upload.id != upload_id:
            raise UploadNotFound("No such upload in progress for this interview; begin a new one.")
        return interview.pending_upload

    async def _drop_pending(self, organisation_id: str, interview_id: str, upload_id: str) -> None:
        def decide(interview: Interview) -> dict[str, Any]:
            ours = interview.pending_upload and interview.pending_upload.id == upload_id
            return {"pending_upload": None} if ours else {}

        await self._lifecycle.edit(organisation_id, interview_id, decide)

    def _refuse_too_large(self, size: int | None) -> None:
        if size is not None and size > self._max_bytes:
            raise UploadTooLarge(
                f"A recording may have at most {self._max_bytes:,} bytes; this one has {size:,}.",
                max_bytes=self._max_bytes,
            )


def refuse_second(interview: Interview) -> None:
    """Raises `RecordingExists`, unless the one that is there could not be made use of."""
    refused_before = interview.status is Status.FAILED and interview.transcript_revision == 0
    if interview.recording is not None and not refused_before:
        raise RecordingExists("This interview has a recording; create another interview for another one.")


def _recording(stored: StoredObject, info: MediaInfo, *, filename: str, upload_id: str | None) -> Recording:
    return Recording(
        key=stored.key,
        upload_id=upload_id,
        filename=filename,
        content_type=info.content_type,
        size=stored.size,
        etag=stored.etag,
        container=info.container,
        duration=info.duration,
        channels=info.channels,
        sample_rate=info.sample_rate,
        has_video=info.has_video,
        problems=info.problems,
        uploaded_at=utc_now(),
    )
