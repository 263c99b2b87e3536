"""The words of an utterance with their times, and long ones cut where a line of subtitles ends."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.models.transcript import Utterance
from app.services.export.transcript.names import JOINER, one_line

LINE: Final = 42
"""Columns of a line. Ideographs take two, as they do on the screen."""
_STOPS: Final = frozenset("、。，！？；：,.!?;:）」』")
_ZERO_WIDTH_JOINER: Final = "\u200d"


@dataclass(frozen=True, slots=True)
class TimedWord:
    """Times in milliseconds. A piece of a longer word ends with the word joiner, unless it is the last."""

    text: str
    start: int
    end: int

    @property
    def goes_on(self) -> bool:
        return self.text.endswith(JOINER)


def timed_words(utterance: Utterance, text: str) -> list[TimedWord]:
    """The words of `text` with the times of the utterance's words, else shared out by length."""
    start, end = _milliseconds(utterance.start), _milliseconds(utterance.end)
    end = max(start, end)
    tokens = text.split()
    heard = [(one_line(word.text), word) for word in utterance.words]
    timed: list[TimedWord] = []
    if [said for said, _ in heard] == tokens:
        earliest = start
        for token, word in heard:
            earliest = min(max(earliest, _milliseconds(word.start)), end)
            timed.append(TimedWord(token, earliest, min(max(earliest, _milliseconds(word.end)), end)))
    else:
        timed = list(_shared(tokens, start, end))
    return [piece for word in timed for piece in _pieces(word)]


def columns(text: str) -> int:
    """How wide the text is shown."""
    return sum(map(_width, text))


def _milliseconds(seconds: float) -> int:
    return max(0, round(seconds * 1000))


def _width(character: str) -> int:
    if character == JOINER or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _shared(tokens: list[str], start: int, end: int) -> Iterator[TimedWord]:
    total = sum(map(len, tokens))
    done = 0
    for token in tokens:
        first = start + (end - start) * done // total
        done += len(token)
        yield TimedWord(token, first, start + (end - start) * done // total)


def _pieces(word: TimedWord) -> list[TimedWord]:
    if columns(word.text) <= LINE:
        return [word]
    pieces = _cut(word.text)
    timed = list(_shared(pieces, word.start, word.end))
    return [
        TimedWord(piece.text + (JOINER if piece is not timed[-1] else ""), piece.start, piece.end)
        for piece in timed
    ]


def _cut(text: str) -> list[str]:
    """Pieces that fit into a line, cut behind a stop where there is one in the second half."""
    pieces: list[str] = []
    begin = at = width = stop = 0
    while at < len(text):
        width += _width(text[at])
        if width > LINE and at > begin and not _belongs(text, at):
            end = stop if stop - begin > (at - begin) // 2 else at
            pieces.append(text[begin:end])
            begin = at = end
            width = 0
            continue
        at += 1
        if text[at - 1] in _STOPS and not _belongs(text, at):
            stop = at
    return [*pieces, text[begin:]]


def _belongs(text: str, at: int) -> bool:
    """Whether the character at a place is one with what stands before it: an accent, a part of an emoji."""
    if at >= len(text):
        return False
    here, before = text[at], text[at - 1]
    return (
        unicodedata.category(here) in ("Mn", "Mc", "Me", "Cf")
        or before == _ZERO_WIDTH_JOINER
        or "\U0001f3fb" <= here <= "\U0001f3ff"
        or ("\U0001f1e6" <= here <= "\U0001f1ff" and "\U0001f1e6" <= before <= "\U0001f1ff")
    )
