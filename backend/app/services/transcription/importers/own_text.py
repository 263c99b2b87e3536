"""Our own plain text: a head, then for each turn a line with time and name, and a line with the words.

The general reader finds out what is a name and what was said; here nothing has to be found out, so that a name may be
anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from app.services.transcription.importers.clock import seconds
from app.services.transcription.importers.cues import Cue, Parsed

_FIRST: Final = re.compile(r"Debrief transcript: .*\n")
_HEADING: Final = re.compile(r"\[([0-9]{2,4}:[0-9]{2}:[0-9]{2})\] (.{1,160})")
_LANGUAGE: Final = re.compile(r"Language: ([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})")


def is_own_text(text: str) -> bool:
    """Whether it begins as ours does. A person may have edited what follows."""
    return _FIRST.match(text) is not None


def parse_own_text(text: str) -> Parsed | None:
    """None for a file that a person has changed so that it must be read as any other."""
    head, _, body = text.partition("\n\n")
    language = next((m[1] for line in head.split("\n") if (m := _LANGUAGE.fullmatch(line))), None)
    cues = list(_turns(body, first_line=head.count("\n") + 3))
    return Parsed([cue for cue in cues if cue is not None], language=language) if all(cues) else None


def _turns(body: str, *, first_line: int) -> Iterator[Cue | None]:
    line = first_line
    for paragraph in body.split("\n\n"):
        heading, _, words = paragraph.strip("\n").partition("\n")
        match = _HEADING.fullmatch(heading.rstrip())
        start = seconds(match[1]) if match else None
        if match is not None and start is not None and words.strip():
            yield Cue(words, line, speaker=match[2].strip() or None, start=start)
        elif heading.strip():
            yield None
        line += paragraph.count("\n") + 2
