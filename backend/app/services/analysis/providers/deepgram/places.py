"""Where a stretch of the text that was read lies in the utterances, in their own words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from app.models.analysis import Evidence
from app.services.analysis.providers.deepgram.parts import Line, Part
from app.services.analysis.providers.deepgram.payload import Segment
from app.services.analysis.text.turns import evidence

_WORD: Final = re.compile(r"\S+")
_NO_LETTER: Final = re.compile(r"[\W_]+")
_LOOKED_AT_FIRST: Final = 6
"""Words: most stretches that begin with the same word differ soon."""


@dataclass(frozen=True, slots=True)
class _Word:
    """`start` and `end` are positions in the line's text."""

    line: int
    start: int
    end: int


class Places:
    def __init__(self, part: Part) -> None:
        self._lines = part.lines
        self._words: list[_Word] = []
        self._plain: list[str] = []
        """The words that can be compared, in order, and `_number` of each among all words."""
        self._number: list[int] = []
        self._found_at: dict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(part.lines):
            self._take(number, line)

    def of(self, segment: Segment) -> tuple[Evidence, ...]:
        """One quote from each utterance that the segment touches; empty when it cannot be found.

        Vendors count words in ways of their own, so the segment's text has the last word over its numbers.
        """
        first, last = segment.start_word, segment.end_word
        text = _plain_words(segment.text)
        counted = 0 <= first <= last < len(self._words)
        if text and not (counted and self._says(first, last, text)):
            found = self._search(text, near=first)
            if found is None:
                return ()
            first, last = found
        elif not text and not counted:
            return ()
        within = self._words[first : last + 1]
        return tuple(self._quote(line, list(words)) for line, words in groupby(within, key=lambda w: w.line))

    def _take(self, number: int, line: Line) -> None:
        for match in _WORD.finditer(line.redacted.text):
            plain = _plain(match.group())
            if plain:
                self._found_at[plain].append(len(self._plain))
                self._plain.append(plain)
                self._number.append(len(self._words))
            self._words.append(_Word(number, match.start(), match.end()))

    def _says(self, first: int, last: int, text: list[str]) -> bool:
        words = self._words[first : last + 1]
        said = (self._lines[w.line].redacted.text[w.start : w.end] for w in words)
        return [plain for plain in map(_plain, said) if plain] == text

    def _search(self, text: list[str], *, near: int) -> tuple[int, int] | None:
        """First and last word of the occurrence that lies nearest."""
        head, length = text[:_LOOKED_AT_FIRST], len(text)
        for at in _nearest_first(self._found_at.get(text[0], []), bisect_left(self._number, near)):
            if self._plain[at : at + len(head)] == head and self._plain[at : at + length] == text:
                return self._number[at], self._number[at + length - 1]
        return None

    def _quote(self, number: int, words: Sequence[_Word]) -> Evidence:
        line = self._lines[number]
        start, end = line.redacted.source_range(words[0].start, words[-1].end)
        return evidence(line.utterance, line.redacted.source[start:end].strip())


def _nearest_first(positions: Sequence[int], near: int) -> Iterator[int]:
    """Sorted positions, by their distance."""
    after = bisect_left(positions, near)
    before = after - 1
    while before >= 0 or after < len(positions):
        if after == len(positions) or (before >= 0 and near - positions[before] <= positions[after] - near):
            yield positions[before]
            before -= 1
        else:
            yield positions[after]
            after += 1


def _plain(word: str) -> str:
    return _NO_LETTER.sub("", word).casefold()


def _plain_words(text: str) -> list[str]:
    return [plain for plain in map(_plain, text.split()) if plain]
