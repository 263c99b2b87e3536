"""Lines of plain text and the times that stand in them.

A time in brackets at the start of a line is a time. One without brackets, or one behind a name, may as well have
been spoken (`10:30 is fine`, `Around 10:30`): it is taken for a time only when the rest of the file agrees, and
otherwise the line stays as it was written.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from app.services.transcription.importers.clock import STAMP, seconds
from app.services.transcription.importers.labels import candidate, key, looks_like_name, without_marks

_RANGE: Final = rf"({STAMP})(?:[ ]?(?:--?>|[-–—]|to)[ ]?({STAMP}))?"
_BRACKETED: Final = re.compile(rf"(?:\[[ ]?{_RANGE}[ ]?\]|\([ ]?{_RANGE}[ ]?\))[ ]?(?:[-–—|:](?=[ ]|$))?")
_BARE: Final = re.compile(rf"{_RANGE}(?=[ ]|$)[ ]?(?:[-–—|:](?=[ ]|$))?")
_AFTER_NAME: Final = re.compile(
    rf"([^\s:：\[\](){{}}][^:：\[\](){{}}]{{0,79}}?)[ ,|–—-]{{0,4}}[\[(][ ]?{_RANGE}[ ]?[\])][ ]?([:：]?)(?=[ ]|$)"
)
_BRACKETED_NAME: Final = re.compile(rf"\[[ ]?([^\[\]:：]{{1,80}}?)[ ]?\][ ]({STAMP})")
_AT_END: Final = re.compile(rf"([^\s:：][^:：]{{0,79}}?)[ ,|–—-]{{1,4}}({STAMP})[:：]?")


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line with white space squeezed. `text` is what is left when the time is taken away."""

    number: int
    text: str
    after_blank: bool
    start: float | None = None
    end: float | None = None
    speaker: str | None = None
    """A name that stands with a time, which names a speaker whatever the habit of the file is."""
    written: str | None = None
    """The whole line, when the time in it is doubtful."""


def read_lines(text: str) -> list[TextLine]:
    """Lines that hold words. A time alone on its line belongs to the line after it."""
    found: list[TextLine] = []
    blank = True
    for number, raw in enumerate(text.split("\n"), start=1):
        line = " ".join(raw.split())
        if line:
            found.append(_read(number, line, after_blank=blank))
        blank = not line
    return _move_lone_times(_settle_doubts(found))


def _read(number: int, line: str, *, after_blank: bool) -> TextLine:
    head = line[:160]
    plain = TextLine(number, line, after_blank)
    for pattern in (_BRACKETED, _BARE):
        match = pattern.match(head)
        if match is None:
            continue
        start, end = _times([group for group in match.groups() if group is not None])
        rest = line[match.end() :].strip()
        if start is not None:
            sure = pattern is _BRACKETED
            return replace(plain, text=rest, start=start, end=end, written=None if sure else line)
    match = _AFTER_NAME.match(head)
    if match is not None and looks_like_name(without_marks(match[1])):
        start, end = _times([stamp for stamp in (match[2], match[3]) if stamp is not None])
        if start is not None:
            rest, written = line[match.end() :].strip(), None if match[4] else line
            return replace(
                plain, text=rest, start=start, end=end, speaker=without_marks(match[1]), written=written
            )
    if len(line) > 120:
        return plain
    match = _BRACKETED_NAME.fullmatch(line) or _AT_END.fullmatch(line)
    if match is not None and looks_like_name(without_marks(match[1])):
        start = seconds(match[2])
        if start is not None:
            return replace(plain, text="", start=start, speaker=without_marks(match[1]), written=line)
    return plain


def _times(stamps: list[str]) -> tuple[float | None, float | None]:
    return seconds(stamps[0]), seconds(stamps[1]) if len(stamps) > 1 else None


def _settle_doubts(lines: list[TextLine]) -> list[TextLine]:
    names = Counter(key(line.speaker) for line in lines if line.speaker is not None)
    bare = sum(line.written is not None and line.speaker is None and bool(line.text) for line in lines)
    bare_is_habit = bare * 3 >= len(lines)

    def holds(position: int, line: TextLine) -> bool:
        following = lines[position + 1] if position + 1 < len(lines) else None
        if line.speaker is None and not line.text:
            # Alone on its line: the time of what follows, unless it is all that somebody said (`Daniel:` above it).
            said = position > 0 and not line.after_blank and lines[position - 1].text.endswith((":", "："))
            return following is not None and not said
        if line.speaker is None:
            return bare_is_habit or candidate(line.text) is not None
        if names[key(line.speaker)] > 1:
            return True
        heads_paragraph = following is not None and not following.after_blank and following.start is None
        return line.after_blank and heads_paragraph and not line.text

    return [
        line
        if line.written is None or holds(position, line)
        else TextLine(line.number, line.written, line.after_blank)
        for position, line in enumerate(lines)
    ]


def _move_lone_times(lines: list[TextLine]) -> list[TextLine]:
    kept: list[TextLine] = []
    lone: TextLine | None = None
    for line in lines:
        if not line.text and line.speaker is None:
            lone = line
            continue
        if lone is not None:
            # A time above a paragraph opens it, also without a blank line between them.
            timed = line if line.start is not None else replace(line, start=lone.start, end=lone.end)
            kept.append(replace(timed, after_blank=True))
            lone = None
        else:
            kept.append(line)
    return kept
