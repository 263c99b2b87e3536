"""SRT, and WebVTT that lost its first line: numbered cues, with or without `Name:` in the text."""

from __future__ import annotations

from app.services.transcription.importers.cues import Parsed
from app.services.transcription.importers.subtitles import read_blocks
from app.services.transcription.importers.voices import spoken


def parse_srt(text: str) -> Parsed:
    """Cues in the order of the file. Raises `TranscriptUnreadable` with the line of a broken timing."""
    cues, warnings = spoken(read_blocks(list(enumerate(text.split("\n"), start=1))))
    return Parsed(cues, warnings, join_cues=True)
