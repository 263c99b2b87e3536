"""Subtitles out of a transcript: at most two lines and seven seconds, in order, one at a time.

Where people talk at once, the cue of the earlier one ends when the later one begins, and both get time to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.models.transcript import Transcript
from app.services.export.transcript.names import name_of, spoken
from app.services.export.transcript.timed_words import LINE, TimedWord, columns, timed_words

LONGEST: Final = 7_000
"""Milliseconds, like all that follow."""
_READABLE: Final = 700
"""What a cue keeps of its time when another begins with it."""
_WITHOUT_LENGTH: Final = 1_000
"""How long words are shown that have no duration, if nothing follows."""
_PAUSE: Final = 2_000
_LINES: Final = 2
_WIDEST_LABEL: Final = 30
_SENTENCE_ENDS: Final = (".", "?", "!", "…", "。", "？", "！", "؟", "।")


@dataclass(frozen=True, slots=True)
class Cue:
    """`number` counts from 1; times are milliseconds."""

    number: int
    speaker: str
    lines: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Piece:
    speaker: str
    words: list[str]
    start: int
    end: int


def cues_of(transcript: Transcript, names: dict[str, str], *, labelled: bool) -> Iterator[Cue]:
    """The cues; with `labelled`, the first line of each leaves room for `Name: `."""
    room = {name: min(columns(name) + 2, _WIDEST_LABEL) if labelled else 0 for name in names.values()}
    pieces = list(_pieces(transcript, names, room))
    # Sorting keeps the order of what begins at the same time.
    pieces.sort(key=lambda piece: piece.start)
    times = _times([(piece.start, piece.end) for piece in pieces])
    for number, (piece, (start, end)) in enumerate(zip(pieces, times, strict=True), start=1):
        lines = _wrapped(piece.words, room.get(piece.speaker, 0))
        yield Cue(number, piece.speaker, tuple(lines), start, end)


def _pieces(transcript: Transcript, names: dict[str, str], room: dict[str, int]) -> Iterator[_Piece]:
    """What cues can show, with the times at which it was said. Nobody overtakes themselves."""
    latest: dict[str, int] = {}
    for utterance, text in spoken(transcript):
        name = name_of(utterance, names)
        for words in _cut(timed_words(utterance, text), room.get(name, 0)):
            start = max(words[0].start, latest.get(name, 0))
            end = max(start, *(word.end for word in words))
            latest[name] = start
            yield _Piece(name, [word.text for word in words], start, end)


def _cut(words: Iterable[TimedWord], taken: int) -> Iterator[list[TimedWord]]:
    """The words of an utterance in pieces that one cue can show. `taken` columns of its first line are not free."""
    piece: list[TimedWord] = []
    line, width = 1, taken
    for word in words:
        wide = columns(word.text)
        line, width = _placed(line, width, wide)
        if piece and (line > _LINES or _ends(piece, word, is_full=line == _LINES)):
            yield piece
            piece = []
            line, width = _placed(1, taken, wide)
        piece.append(word)
    if piece:
        yield piece


def _ends(piece: Sequence[TimedWord], word: TimedWord, *, is_full: bool) -> bool:
    last = piece[-1]
    if last.goes_on:
        return word.end - piece[0].start > LONGEST
    return (
        word.end - piece[0].start > LONGEST
        or word.start - last.end > _PAUSE
        or (is_full and last.text.endswith(_SENTENCE_ENDS))
    )


def _placed(line: int, width: int, wide: int) -> tuple[int, int]:
    """Line and its width after one more word; a line always takes its first word."""
    if width == 0:
        return line, wide
    if width + 1 + wide <= LINE:
        return line, width + 1 + wide
    return line + 1, wide


def _wrapped(words: Sequence[str], taken: int) -> Iterator[str]:
    line: list[str] = []
    number, width = 1, taken
    for word in words:
        following, width = _placed(number, width, columns(word))
        if following > number:
            if line:
                yield " ".join(line)
            line, number = [], following
        line.append(word)
    yield " ".join(line)


def _times(wanted: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Times that follow one another without overlap, as near to those wanted as can be."""
    free = 0
    for place, (begins, ends) in enumerate(wanted):
        start = max(begins, free)
        following = wanted[place + 1][0] if place + 1 < len(wanted) else None
        if ends <= begins:
            end = start + _WITHOUT_LENGTH if following is None else min(start + _WITHOUT_LENGTH, following)
        else:
            end = max(min(ends, start + LONGEST), min(start + _READABLE, start + ends - begins))
            if following is not None and following < end:
                end = max(following, start + min(_READABLE, ends - begins))
        free = max(end, start + 1)
        yield start, free
