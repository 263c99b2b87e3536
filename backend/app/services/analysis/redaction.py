"""Text with parts of it replaced, which still knows where each of its characters came from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an utterance's text, by character positions; `end` is exclusive."""

    utterance_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Replacement:
    """What stands in the place of a stretch of a text; `end` is exclusive."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the new text. What was kept maps character by character, what was replaced only as a whole."""

    start: int
    end: int
    source_start: int
    source_end: int
    kept: bool


class Redacted:
    """`text` after the replacements. Of two that overlap the one that begins first stands, and covers both."""

    def __init__(self, source: str, replacements: Iterable[Replacement]) -> None:
        self.source = source
        self._pieces = list(_pieces(source, _disjoint(replacements)))
        parts = (source[p.source_start : p.source_end] if p.kept else text for p, text in self._pieces)
        self.text = "".join(parts)

    def source_range(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the source that `text[start:end]` stands for, replaced parts as a whole."""
        first, last = self._piece_at(start), self._piece_at(end - 1)
        begins = first.source_start + (start - first.start if first.kept else 0)
        ends = last.source_start + (end - last.start) if last.kept else last.source_end
        return begins, ends

    def _piece_at(self, position: int) -> _Piece:
        number = bisect_right(self._pieces, position, key=lambda piece: piece[0].start) - 1
        return self._pieces[number][0]


def _disjoint(replacements: Iterable[Replacement]) -> list[Replacement]:
    result: list[Replacement] = []
    for given in sorted(replacements, key=lambda r: (r.start, -r.end)):
        if result and given.start < result[-1].end:
            before = result[-1]
            result[-1] = Replacement(before.start, max(before.end, given.end), before.text)
        else:
            result.append(given)
    return result


def _pieces(source: str, replacements: list[Replacement]) -> Iterable[tuple[_Piece, str]]:
    read = written = 0
    for replacement in replacements:
        if replacement.start > read:
            length = replacement.start - read
            yield _Piece(written, written + length, read, replacement.start, kept=True), ""
            written += length
        if replacement.text:
            length = len(replacement.text)
            piece = _Piece(written, written + length, replacement.start, replacement.end, kept=False)
            yield piece, replacement.text
            written += length
        read = replacement.end
    if read < len(source):
        yield _Piece(written, written + len(source) - read, read, len(source), kept=True), ""
