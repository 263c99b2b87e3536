"""Fetch a recording that a meeting service, or a program of the organisation, told us of.

The transcript file comes first: it is small, and where it is to be had only later the recording was not fetched in vain.
The recording is needed, the transcript is not: what became of it is told, and the pipeline goes on without it. It may
also come by itself, when the recording is here already and everything else is done.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

import structlog
from anyio import CancelScope

from app.core.container import Container
from app.core.errors import AppError, InvalidInput, ProviderUnavailable, Unavailable
from app.jobs.steps import Advance, ReportProgress
from app.models.interview import (
    ImportedTranscript,
    Interrupted,
    Interview,
    Recording,
    RemoteSource,
    Status,
)
from app.services.downloads import Download, RemoteFile

log = structlog.get_logger(__name__)

_STORED: Final = 0.9
"""The part of the step that is done once every byte is here; looking at them follows."""

_TRANSCRIPT_TRIES: Final = 2
_BEGUN_ANEW: Final = frozenset({Status.SUBMITTING, Status.AWAITING, Status.TRANSCRIBING})
"""An answer that came meanwhile found nobody who waited for it."""


class SourceLost(InvalidInput):
    code = "source_missing"


async def fetch(c: Container, interview: Interview, report: ReportProgress) -> Advance:
    """Bring the recording, and the transcript file if there is one, into the object store."""
    source = interview.source
    if source is None:
        raise SourceLost("Nothing says where the recording is.")
    await report(0.0)
    imported, problem = await _transcript(c, interview, source)
    try:
        recording = interview.recording or await _recording(c, interview, source, report)
    except BaseException:
        if imported is not None:
            with CancelScope(shield=True):
                await c.store.delete(imported.key)
        raise
    # The token goes in the update that makes what it was for the interview's own.
    kept = source.model_copy(update={"token": None, "transcript_problem": problem, "interrupted": None})
    changes: dict[str, Any] = {"source": kept, "recording": recording}
    if imported is not None:
        changes |= {"imported": imported, "transcription": None}
        return Advance(Status.PREPARING if recording.peaks_key is None else Status.INGESTING, changes)
    return _go_on(source.interrupted, changes)


def _go_on(interrupted: Interrupted | None, changes: dict[str, Any]) -> Advance:
    """Look at the recording; or, after a late transcript of no use, leave everything as it was."""
    if interrupted is None or interrupted.status in _BEGUN_ANEW:
        return Advance(Status.PREPARING, changes)
    return Advance(interrupted.status, {**changes, "failure": interrupted.failure})


async def _recording(
    c: Container, interview: Interview, source: RemoteSource, report: ReportProgress
) -> Recording:
    async with c.downloads.open(_file(source, source.url)) as download:
        return await c.recordings.receive(
            interview.organisation_id,
            interview.id,
            _counted(download, report),
            epoch=interview.epoch,
            filename=source.filename,
            declared_size=download.size,
        )


async def _counted(download: Download, report: ReportProgress) -> AsyncIterator[bytes]:
    """The bytes, telling of every hundredth that is here."""
    received, told = 0, 0
    async for chunk in download.chunks:
        yield chunk
        received += len(chunk)
        hundredth = 100 * received // download.size if download.size else 0
        if hundredth > told:
            told = hundredth
            await report(_STORED * min(hundredth, 100) / 100)


async def _transcript(
    c: Container, interview: Interview, source: RemoteSource
) -> tuple[ImportedTranscript | None, str | None]:
    """The stored file, or why there is none although there was to be one."""
    if source.transcript_url is None or interview.imported is not None:
        return None, None
    try:
        data = await c.downloads.read(
            _file(source, source.transcript_url), max_bytes=c.settings.limits.max_transcript_bytes
        )
        kept = await c.transcripts.receive(
            interview.organisation_id, interview.id, data, epoch=interview.epoch, filename="transcript.vtt"
        )
    except AppError as error:
        may_pass = isinstance(error, (Unavailable, ProviderUnavailable))
        if may_pass and interview.attempt < _transcript_tries(c, interview):
            raise
        log.warning("fetch.transcript_left_out", interview_id=interview.id, code=error.code)
        return None, error.detail
    return kept, None


def _transcript_tries(c: Container, interview: Interview) -> int:
    """Where the recording is still to come, its attempts are for the recording."""
    most = c.settings.worker.worker_max_attempts
    return most if interview.recording else min(_TRANSCRIPT_TRIES, most)


def _file(source: RemoteSource, url: str) -> RemoteFile:
    return RemoteFile(url, source.token, source.token_hosts)
