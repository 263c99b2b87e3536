"""One function from a transcript to bytes, away from the event loop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Final, assert_never

import anyio.to_process
import anyio.to_thread
from anyio import BrokenWorkerProcess

from app.models.transcript import Transcript
from app.services.export.render import ExportFailed
from app.services.export.transcript.plain import write_text
from app.services.export.transcript.structured import write_json
from app.services.export.transcript.subtitles import write_srt, write_webvtt


class TranscriptFormat(StrEnum):
    TXT = "txt"
    SRT = "srt"
    VTT = "vtt"
    JSON = "json"
    DOCX = "docx"


TRANSCRIPT_MEDIA_TYPES: Final = {
    TranscriptFormat.TXT: "text/plain; charset=utf-8",
    TranscriptFormat.SRT: "application/x-subrip; charset=utf-8",
    TranscriptFormat.VTT: "text/vtt; charset=utf-8",
    TranscriptFormat.JSON: "application/json",
    TranscriptFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class TranscriptFacts:
    transcript: Transcript
    title: str
    organisation: str
    exported_at: datetime


async def rendered_transcript(format: TranscriptFormat, facts: TranscriptFacts) -> bytes:
    """As `render_transcript`, without holding the event loop. Raises `ExportFailed`."""
    if format is not TranscriptFormat.DOCX:
        return await anyio.to_thread.run_sync(partial(render_transcript, format, facts))
    try:
        # Seconds of work for a long talk; and the server starts without what it takes.
        return await anyio.to_process.run_sync(render_transcript, format, facts, cancellable=True)
    except BrokenWorkerProcess as error:
        raise ExportFailed("The export process ended unexpectedly. Try again.") from error


def render_transcript(format: TranscriptFormat, facts: TranscriptFacts) -> bytes:
    """The file's content."""
    match format:
        case TranscriptFormat.TXT:
            return write_text(facts.transcript, facts.title)
        case TranscriptFormat.SRT:
            return write_srt(facts.transcript)
        case TranscriptFormat.VTT:
            return write_webvtt(facts.transcript)
        case TranscriptFormat.JSON:
            return write_json(facts.transcript, facts.title)
        case TranscriptFormat.DOCX:
            # Imported here, in the worker process.
            from app.services.export.docx import write_docx  # noqa: PLC0415
            from app.services.export.transcript.word_document import transcript_document  # noqa: PLC0415

            return write_docx(
                transcript_document(
                    facts.transcript,
                    title=facts.title,
                    organisation=facts.organisation,
                    exported_at=facts.exported_at,
                )
            )
        case _:
            assert_never(format)
