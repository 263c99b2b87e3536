"""Transcripts made elsewhere: WebVTT, SRT, JSON (also Deepgram's) and plain text, told apart by their content."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from app.models.transcript import TranscriptDraft
from app.services.transcription.importers.assemble import assemble
from app.services.transcription.importers.cues import Format, Parsed
from app.services.transcription.importers.decode import decode
from app.services.transcription.importers.deepgram import is_deepgram, parse_deepgram
from app.services.transcription.importers.detect import detect
from app.services.transcription.importers.errors import (
    TranscriptEmpty,
    TranscriptTooLarge,
    TranscriptUnreadable,
)
from app.services.transcription.importers.plain import parse_plain
from app.services.transcription.importers.srt import parse_srt
from app.services.transcription.importers.structured_json import parse_json
from app.services.transcription.importers.webvtt import parse_webvtt

__all__ = ["TranscriptEmpty", "TranscriptTooLarge", "TranscriptUnreadable", "parse_transcript"]

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_LINES: Final = 250_000
"""Enough for the most utterances allowed, five lines each with the blank one; bounds what ten megabytes of line
ends take in memory. JSON, which programs break into lines as they like, is not counted."""
_READERS: Final[dict[Format, Callable[[str], Parsed]]] = {
    Format.WEBVTT: parse_webvtt,
    Format.SRT: parse_srt,
    Format.JSON: parse_json,
    Format.TEXT: parse_plain,
}


def parse_transcript(data: bytes, *, filename: str | None, max_bytes: int = MAX_BYTES) -> TranscriptDraft:
    """The transcript in a file. Pure and synchronous: seconds of work for megabytes, so not for the event loop.

    Raises `TranscriptTooLarge`, `TranscriptEmpty`, or `TranscriptUnreadable` with the line where that is known. The
    name of the file only makes messages clearer; the content decides on the format.
    """
    if len(data) > max_bytes:
        shown = f"{filename!r}" if filename else "The transcript"
        raise TranscriptTooLarge(
            f"{shown} has {len(data)} bytes; {max_bytes} are allowed for a transcript.", limit=max_bytes
        )
    if not data.strip():
        raise TranscriptEmpty("The file is empty. Export the transcript again.")
    text, notes = decode(data)
    if not text.strip():
        raise TranscriptEmpty("The file holds nothing but white space. Export the transcript again.")
    form = detect(text)
    if form is not Format.JSON and text.count("\n") > MAX_LINES:
        raise TranscriptTooLarge(f"The file has more than {MAX_LINES} lines.", limit=MAX_LINES)
    if form is Format.JSON and is_deepgram(text):
        return parse_deepgram(text, notes=notes)
    return assemble(_READERS[form](text), form, notes=notes)
