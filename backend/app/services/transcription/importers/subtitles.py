"""The skeleton that WebVTT and SRT share: blocks between blank lines, an optional id, a timing line, a payload."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from app.services.transcription.importers.clock import STAMP, seconds
from app.services.transcription.importers.errors import TranscriptUnreadable

_TIMING: Final = re.compile(rf"[ \t]*+({STAMP})[ \t]*+--+>[ \t]*+({STAMP})(?:[ \t].*)?")
_CLOCKLIKE: Final = re.compile(r"[0-9]\s?[:.,]\s?[0-9]")
_GUID: Final = re.compile(
    r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?(?:[/-][0-9]{1,9}(?:-[0-9]{1,9})?)?"
)
_TAG: Final = re.compile(
    r"</?(?:c|i|b|u|s|v|em|strong|ruby|rt|lang|font|span)(?:\.[^\s<>]*+)?(?:[ \t\n][^<>]*+)?/?>"
    rf"|<{STAMP}>|<br ?/?>|\{{\\an?[0-9]{{1,2}}\}}",
    re.IGNORECASE,
)

_NO_CHARACTER: Final = re.compile(r"&#(?:[0-9]{20,}+|[xX][0-9a-fA-F]{20,}+);?")
"""References far beyond Unicode. Numbers of thousands of digits are an error to Python, not a character."""

Line = tuple[int, str]
"""Number and text."""


@dataclass(slots=True)
class TimedBlock:
    """A cue as it stands in the file: its timing and its payload, line by line with line numbers."""

    line: int
    start: float
    end: float
    payload: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Blocks:
    """The cues of a file, and what was written before the first one or between two of them."""

    cues: list[TimedBlock]
    warnings: list[str]
    preamble: list[Line]


def resolved(text: str) -> str:
    """Entities (`&amp;`, `&#8217;`) as the characters they stand for."""
    return unescape(_NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text)) if "&" in text else text


def plain(text: str) -> str:
    """Without tags, entities resolved, white space as single spaces."""
    return " ".join(resolved(_TAG.sub("", text)).split())


def read_blocks(lines: list[Line]) -> Blocks:
    """Raises `TranscriptUnreadable` with the line of a timing that cannot be read: skipping it would lose words."""
    cues: list[TimedBlock] = []
    preamble: list[Line] = []
    strays: list[int] = []
    last_id = 0
    for block in _paragraphs(lines):
        at = next((i for i, (_, line) in enumerate(block[:2]) if _is_timing(line)), None)
        if at is None:
            if _is_lone_id(block, expected=last_id + 1):
                continue
            if cues:
                # A blank line inside a payload is a mistake some exporters make: the text belongs to that cue.
                cues[-1].payload.extend(block)
                strays.append(block[0][0])
            else:
                preamble.extend(block)
            continue
        if at == 1:
            last_id = _number(block[0][1], otherwise=last_id + 1)
        else:
            last_id += 1
        last_id = _add_cues(cues, block[at:], last_id)
    warnings = []
    if strays:
        warnings.append(
            f"{len(strays)} paragraph(s) without a time were added to the cue before them, "
            f"the first at line {strays[0]}."
        )
    return Blocks(cues, warnings, preamble)


def _paragraphs(lines: list[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for number, line in lines:
        if line and not line.isspace():
            block.append((number, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _is_timing(line: str) -> bool:
    left, arrow, right = line.partition("-->")
    return bool(arrow) and bool(_CLOCKLIKE.search(left[-40:]) or _CLOCKLIKE.search(right[:40]))


def _add_cues(cues: list[TimedBlock], block: list[Line], last_id: int) -> int:
    """Cues of one block: several when the blank line between them is missing."""
    cue: TimedBlock | None = None
    for number, line in block:
        match = _TIMING.fullmatch(line) if "-->" in line else None
        if match is None and cue is not None:
            cue.payload.append((number, line))
            continue
        start, end = (seconds(match[1]), seconds(match[2])) if match else (None, None)
        if start is None or end is None:
            raise TranscriptUnreadable(
                f"“{line.strip()[:60]}” is not a timing such as 00:01:02.000 --> 00:01:05.000.", line=number
            )
        if cue is not None and cue.payload and _number(cue.payload[-1][1], otherwise=0) == last_id + 1:
            cue.payload.pop()
            last_id += 1
        cue = TimedBlock(number, start, end)
        cues.append(cue)
    return last_id


def _is_lone_id(block: list[Line], *, expected: int) -> bool:
    """An id whose cue was cut off; any other number may have been spoken and is kept."""
    text = block[0][1].strip()
    return len(block) == 1 and (bool(_GUID.fullmatch(text)) or _number(text, otherwise=-1) == expected)


def _number(text: str, *, otherwise: int) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else otherwise
