"""WebVTT: a header, then cues, with comments, styles and regions between them."""

from __future__ import annotations

import re
from typing import Final

from app.services.transcription.importers.cues import Parsed
from app.services.transcription.importers.subtitles import Line, read_blocks
from app.services.transcription.importers.voices import spoken

_LANGUAGE: Final = re.compile(
    r"language[ \t]?[:=][ \t]?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})[ \t]*", re.IGNORECASE
)
_METADATA: Final = re.compile(r"(?:kind|language|x-timestamp-map)[ \t]?[:=]", re.IGNORECASE)


def parse_webvtt(text: str) -> Parsed:
    """Cues in the order of the file. Raises `TranscriptUnreadable` with the line of a broken timing."""
    lines = list(enumerate(text.split("\n"), start=1))
    header, body = _header(lines)
    cues, warnings = spoken(read_blocks(_without_comments(body)))
    language = next((m[1] for _, line in header if (m := _LANGUAGE.fullmatch(line))), None)
    return Parsed(cues, warnings, language=language, join_cues=True)


def _header(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of the header block and the rest; a timing ends the header even without a blank line."""
    start = next(i for i, (_, line) in enumerate(lines) if line.strip())
    end = start + 1
    while end < len(lines) and lines[end][1].strip() and "-->" not in lines[end][1]:
        end += 1
    above = lines[end - 1][1]
    if end < len(lines) and "-->" in lines[end][1] and end > start + 1 and not _METADATA.match(above):
        end -= 1  # the line above a timing is the cue's id
    return lines[start + 1 : end], lines[end:]


def _without_comments(lines: list[Line]) -> list[Line]:
    """Drops NOTE, STYLE and REGION blocks. As in the standard, a block with a timing in its second line is a cue."""
    kept: list[Line] = []
    at_start, skipping = True, False
    for position, (number, line) in enumerate(lines):
        if not line.strip():
            at_start, skipping = True, False
        elif at_start:
            following = lines[position + 1][1] if position + 1 < len(lines) else ""
            skipping = _opens_comment(line) and "-->" not in following
            at_start = False
        if not skipping:
            kept.append((number, line))
    return kept


def _opens_comment(line: str) -> bool:
    return line.rstrip() in {"STYLE", "REGION", "NOTE"} or line.startswith(("NOTE ", "NOTE\t"))
