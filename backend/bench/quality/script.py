"""The script of an invented interview: one utterance a line, pleasant to write and to review in a diff.

    # a comment
    u014 [02:31] A: And what happened after the outage?

A line may be written without its head (`A: And what …`); `stamp` then gives it an id and a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from app.models.transcript import Utterance

_LINE: Final = re.compile(
    r"(?:(?P<id>u\d{3}[a-z]?) \[(?P<minutes>\d{2,3}):(?P<seconds>[0-5]\d)\] )?"
    r"(?P<speaker>[A-Z][A-Za-z0-9]*): (?P<text>\S.*)"
)
_WORDS_A_SECOND: Final = 2.75
"""While somebody speaks; with the pauses an interview comes to about 145 words a minute."""
_BREATH: Final = 0.7
_CHANGE: Final = 1.0
_THOUGHT: Final = 2.0
"""Seconds of silence: between sentences of one speaker, between speakers, and after a question."""


class BadScript(Exception):
    """A line cannot be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    speaker: str
    text: str
    id: str | None = None
    start: int | None = None
    """Whole seconds from the beginning."""


def utterances_of(script: str) -> tuple[Utterance, ...]:
    """Every line as an utterance. Raises `BadScript` for a line without id or time, or out of order."""
    lines = [line for line in _lines(script) if isinstance(line, Line)]
    if not lines:
        raise BadScript("The script has no lines.")
    for line in lines:
        if line.id is None or line.start is None:
            raise BadScript(
                f"Line {line.number} has no id and time; `python -m bench.quality.stamp` gives it both."
            )
    seen: set[str] = set()
    for line in lines:
        if line.id in seen:
            raise BadScript(f"Line {line.number}: {line.id} is there twice.")
        seen.add(line.id or "")
    for before, line in pairwise(lines):
        if (line.start or 0) <= (before.start or 0):
            raise BadScript(f"Line {line.number}: {line.id} does not begin after {before.id}.")
    nexts = [float(line.start or 0) for line in lines[1:]]
    last = lines[-1]
    nexts.append((last.start or 0) + spoken_seconds(last.text))
    return tuple(
        Utterance(
            id=line.id or "",
            speaker=line.speaker,
            start=float(line.start or 0),
            end=min(until, (line.start or 0) + spoken_seconds(line.text)),
            text=line.text,
        )
        for line, until in zip(lines, nexts, strict=True)
    )


def stamp(script: str) -> str:
    """The script with an id and a time on every line: known ids stay, times are counted anew from the words.

    A line put in after `u014` becomes `u014a`, so that labels made before still point at the right words.
    """
    written: list[str] = []
    moment = 2.0
    before: Line | None = None
    known = {line.id for line in _lines(script) if isinstance(line, Line) and line.id}
    newest, letters = 0, 0
    for line in _lines(script):
        if not isinstance(line, Line):
            written.append(line)
            continue
        if before is not None:
            moment += spoken_seconds(before.text) + _silence(before, line)
        if line.id is not None:
            newest, letters = int(line.id[1:4]), ord(line.id[4]) - 96 if line.id[4:] else 0
            name = line.id
        elif known:
            letters += 1
            name = f"u{newest:03}{chr(96 + letters)}"
        else:
            newest += 1
            name = f"u{newest:03}"
        minutes, seconds = divmod(int(moment), 60)
        written.append(f"{name} [{minutes:02}:{seconds:02}] {line.speaker}: {line.text}")
        before = line
    return "\n".join(written) + "\n"


def spoken_seconds(text: str) -> float:
    return max(0.4, len(text.split()) / _WORDS_A_SECOND)


def _silence(before: Line, line: Line) -> float:
    if before.text.endswith("?") and before.speaker != line.speaker:
        return _THOUGHT
    return _CHANGE if before.speaker != line.speaker else _BREATH


def _lines(script: str) -> Iterator[Line | str]:
    """Lines of speech, and the others (empty or a comment) as they stand."""
    for number, text in enumerate(script.splitlines(), start=1):
        if not text.strip() or text.startswith("#"):
            yield text
            continue
        found = _LINE.fullmatch(text.rstrip())
        if found is None:
            raise BadScript(f"Line {number} is not of the form `u001 [00:02] A: text`: {text[:60]!r}")
        clock = None
        if found["id"] is not None:
            clock = int(found["minutes"]) * 60 + int(found["seconds"])
        yield Line(number, found["speaker"], found["text"], found["id"], clock)
