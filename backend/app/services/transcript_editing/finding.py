"""Find and replace: which texts would change, and to what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from app.models.edit import ReplacedText
from app.models.transcript import Transcript
from app.services.transcript_editing.characters import is_boundary
from app.services.transcript_editing.errors import TooMuchText

MOST_CHANGED: Final = 2_000_000
"""Characters of all changed utterances: what they become is kept in one document of the log."""


@dataclass(frozen=True, slots=True)
class Wanted:
    find: str
    replace: str
    match_case: bool = False
    whole_words: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    utterance_id: str
    before: str
    after: str
    count: int
    """How often it was found in this utterance."""


@dataclass(frozen=True, slots=True)
class Found:
    changes: tuple[Change, ...]
    left_out: tuple[str, ...]
    """Utterances that are left as they are: nothing of their words would remain."""

    @property
    def replaced(self) -> tuple[ReplacedText, ...]:
        return tuple(ReplacedText(utterance_id=c.utterance_id, text=c.after) for c in self.changes)


def found_in(transcript: Transcript, wanted: Wanted) -> Found:
    """Never in the middle of a visible character: an `e` is not found in an `é` that is written with two.

    Raises `TooMuchText`.
    """
    pattern = _pattern(wanted)
    changes: list[Change] = []
    left_out: list[str] = []
    room = MOST_CHANGED
    for utterance in transcript.utterances:
        text, count = _replaced(utterance.text, pattern, wanted.replace, room)
        if count and not text:
            left_out.append(utterance.id)
        elif text != utterance.text:
            changes.append(Change(utterance.id, utterance.text, text, count))
            room -= len(text)
    return Found(tuple(changes), tuple(left_out))


def _pattern(wanted: Wanted) -> re.Pattern[str]:
    pattern = re.escape(wanted.find)
    if wanted.whole_words:
        pattern = rf"(?<!\w){pattern}(?!\w)"
    return re.compile(pattern, 0 if wanted.match_case else re.IGNORECASE)


def _replaced(text: str, pattern: re.Pattern[str], replacement: str, room: int) -> tuple[str, int]:
    parts: list[str] = []
    reached, count = 0, 0
    for match in pattern.finditer(text):
        if is_boundary(text, match.start()) and is_boundary(text, match.end()):
            parts += [text[reached : match.start()], replacement]
            reached = match.end()
            count += 1
    if not count:
        return text, 0
    parts.append(text[reached:])
    if sum(map(len, parts)) > room:
        raise TooMuchText(f"A replacement may come to {MOST_CHANGED:,} characters; look for something rarer.")
    replaced = "".join(parts)
    if not replacement:
        replaced = re.sub(r" {2,}", " ", replaced)
    return replaced.strip(), count
