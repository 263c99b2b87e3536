"""Plain text: `Name: words`, a name on a line of its own, times in brackets or none at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from app.services.transcription.importers.clock import STAMP
from app.services.transcription.importers.cues import Cue, Parsed
from app.services.transcription.importers.headings import names_on_own_lines
from app.services.transcription.importers.labels import Vocabulary, carry_names, learn, without_marks
from app.services.transcription.importers.own_text import is_own_text, parse_own_text
from app.services.transcription.importers.plain_lines import TextLine, read_lines

_FOOTER: Final = re.compile(
    rf"(?:Transcription|Meeting) ended (?:after|at) {STAMP}\W*"
    r"|This editable transcript was computer generated and might contain errors\..{0,120}"
)
"""What meeting programs write under the words; it must not be given to whoever spoke last."""
_TIME_OF_DAY: Final = 4 * 3600.0
"""Seconds. When the first words stand later than this, the times are those of a clock on the wall."""


def parse_plain(text: str) -> Parsed:
    """Cues in the order of the file; lines without a label belong to the turn they stand in."""
    if is_own_text(text) and (own := parse_own_text(text)) is not None:
        return own
    lines, notes = _from_first_word(_without_footer(read_lines(text)))
    vocabulary, warnings = learn(
        [line.text if line.speaker is None else f"{line.speaker}:" for line in lines], least_share=0.03
    )
    headings: frozenset[int] = frozenset()
    if not vocabulary.keys and not any(line.speaker for line in lines):
        headings = names_on_own_lines([(line.text, line.after_blank) for line in lines])
    cues, carried = carry_names(_turns(lines, vocabulary, headings))
    return Parsed(cues, notes + warnings + carried)


def _without_footer(lines: list[TextLine]) -> list[TextLine]:
    end = len(lines)
    while end and _FOOTER.fullmatch(lines[end - 1].text):
        end -= 1
    return lines[:end]


def _from_first_word(lines: list[TextLine]) -> tuple[list[TextLine], list[str]]:
    """Times of day (`10:32:05`, as Zoom saves them) counted from the first of them."""
    first = min((line.start for line in lines if line.start is not None), default=0.0)
    if first < _TIME_OF_DAY:
        return lines, []
    shifted = [
        replace(
            line,
            start=None if line.start is None else line.start - first,
            end=None if line.end is None else max(0.0, line.end - first),
        )
        for line in lines
    ]
    return shifted, ["The times look like times of day; they were counted from the first one in the file."]


@dataclass(slots=True)
class _Turn:
    line: TextLine
    speaker: str | None
    parts: list[str]

    def cue(self) -> Cue:
        text = " ".join(part for part in self.parts if part)
        return Cue(text, self.line.number, speaker=self.speaker, start=self.line.start, end=self.line.end)


def _turns(lines: list[TextLine], vocabulary: Vocabulary, headings: frozenset[int]) -> list[Cue]:
    named = bool(vocabulary.keys or headings) or any(line.speaker for line in lines)
    turns: list[_Turn] = []
    for position, line in enumerate(lines):
        split = _label(line, vocabulary, is_heading=position in headings)
        if split is not None:
            turns.append(_Turn(line, split[0], [split[1]]))
        elif turns and line.start is None and (named or not line.after_blank):
            # In a file with names an unlabelled paragraph goes on with the turn; without names it may be anybody's.
            turns[-1].parts.append(line.text)
        else:
            turns.append(_Turn(line, None, [without_marks(line.text)]))
    return [turn.cue() for turn in turns]


def _label(line: TextLine, vocabulary: Vocabulary, *, is_heading: bool) -> tuple[str, str] | None:
    if line.speaker is not None:
        return line.speaker, line.text
    if is_heading:
        return line.text, ""
    return vocabulary.split(line.text)
