"""Where a list of hits goes on, and how hits are put in order of relevance: the same for both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_SATURATION: Final = 1.2
_LENGTH_COUNTS: Final = 0.75
"""The usual constants of BM25."""
_USUAL_LENGTH: Final = 20.0
"""Words of an utterance. An average over what is stored would change with every interview, and with it the order."""

_SCORED: Final = "r"
_MOMENTS: Final = 2**43
"""Milliseconds until the year 2248: more than that is no date that was stored, and no number for a database."""
_NUMBERS: Final = 2**31


@dataclass(frozen=True, slots=True)
class Position:
    """Of a hit in the list of the newest."""

    at: int
    """Milliseconds since 1970, of the interview."""
    interview_id: str
    number: int

    def is_after(self, other: Position) -> bool:
        """Whether it comes later in the list, which is to say: is of an older interview, or was said later."""
        mine, others = (self.at, self.interview_id), (other.at, other.interview_id)
        return mine < others or (mine == others and self.number > other.number)

    def comes_after(self, score: int, last: tuple[int, Position]) -> bool:
        """The same in the list of the most relevant, for a hit of this score."""
        return score < last[0] or (score == last[0] and self.is_after(last[1]))

    def cursor(self, score: int | None = None) -> str:
        start = "" if score is None else f"{_SCORED}{score}:"
        return f"{start}{self.at}:{self.number}:{self.interview_id}"


def read_newest(cursor: str) -> Position:
    """Raises `ValueError` for what is no cursor of the newest hits."""
    at, number, interview_id = cursor.split(":", 2)
    found = Position(int(at), interview_id, int(number))
    if abs(found.at) >= _MOMENTS or not 0 <= found.number < _NUMBERS:
        raise ValueError("no position in a list of hits")
    return found


def read_scored(cursor: str) -> tuple[int, Position]:
    """Raises `ValueError` for what is no cursor of the most relevant hits."""
    score, rest = cursor.split(":", 1)
    if not score.startswith(_SCORED):
        raise ValueError("no position in a list by relevance")
    return int(score.removeprefix(_SCORED)), read_newest(rest)


def relevance(words: Sequence[str], phrases: Sequence[Sequence[str]]) -> int:
    """BM25 without the rarity of words: all hits have all of them, so that it would hardly change their order."""
    shortening = _SATURATION * (1 - _LENGTH_COUNTS + _LENGTH_COUNTS * len(words) / _USUAL_LENGTH)
    score = 0.0
    for phrase in phrases:
        count = occurrences(words, phrase)
        score += len(phrase) * count * (_SATURATION + 1) / (count + shortening)
    return round(score * 1000)


def occurrences(words: Sequence[str], phrase: Sequence[str]) -> int:
    """How often the phrase stands in the words, one after the other."""
    first, length = phrase[0], len(phrase)
    if length == 1:
        return sum(word == first for word in words)
    wanted = list(phrase)
    starts = (n for n, word in enumerate(words) if word == first)
    return sum(list(words[n : n + length]) == wanted for n in starts)
