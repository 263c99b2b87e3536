"""The times of words after their text was changed: words that stay keep theirs, others fill the gaps between.

Words are compared folded (no case, no punctuation) and, where a script has no spaces, character by character, so that
a corrected name in the middle of a sentence moves nothing around it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final

from app.models.transcript import Word
from app.services.transcript_editing.characters import UNSPACED, visible

_COMPARED_AT_MOST: Final = 400_000
"""Pairs of pieces. More than any utterance has; a file that is one endless utterance is not compared for minutes."""
_PRECISION: Final = 3
"""Milliseconds: finer than any engine hears."""


def realigned(words: Sequence[Word], text: str, start: float, end: float) -> tuple[Word, ...]:
    """The words of `text`, in the times of `words` and between `start` and `end`."""
    words = ordered(words, start, end)
    spans = _pieces(text)
    pieces = [text[first:last] for first, last in spans]
    kept = _kept(words, pieces)
    result: list[Word] = []
    position, old = 0, 0
    for new_from, new_to, word_index in [*kept, (len(pieces), len(pieces), len(words))]:
        if position < new_from:
            gap = _gap(words, old, word_index, start, end)
            result += fill(pieces[position:new_from], *gap)
        if word_index < len(words):
            spelled = text[spans[new_from][0] : spans[new_to - 1][1]]
            result.append(words[word_index].model_copy(update={"text": spelled}))
        position, old = new_to, word_index + 1
    return ordered(result, start, end)


def spread(text: str, start: float, end: float) -> tuple[Word, ...]:
    """Words for a text of which only the whole time is known."""
    return tuple(fill([text[first:last] for first, last in _pieces(text)], start, end))


def fill(texts: Sequence[str], start: float, end: float) -> list[Word]:
    """These words from `start` to `end`, each as long as its share of the letters."""
    total = sum(map(len, texts))
    words, at, reached = [], start, 0
    for text in texts:
        reached += len(text)
        until = end if reached == total else between(start, end, reached / total)
        words.append(Word(text=text, start=at, end=until))
        at = until
    return words


def between(start: float, end: float, part: float) -> float:
    """The time when `part` of the span is over, in milliseconds and never outside of it."""
    return min(max(round(start + (end - start) * part, _PRECISION), start), end)


def ordered(words: Iterable[Word], start: float, end: float) -> tuple[Word, ...]:
    """The same words with times that do not run backwards and stay inside. Good times are left as they are."""
    result = []
    earliest = start
    for word in words:
        begins = min(max(word.start, earliest), end)
        ends = min(max(word.end, begins), end)
        if (begins, ends) != (word.start, word.end):
            word = word.model_copy(update={"start": begins, "end": ends})  # noqa: PLW2901
        result.append(word)
        earliest = begins
    return tuple(result)


def _pieces(text: str) -> list[tuple[int, int]]:
    """Where there is what has a time of its own: what stands between spaces, and each character of a script without."""
    return [piece for run in re.finditer(r"\S+", text) for piece in _pieces_of_run(run[0], run.start())]


def _pieces_of_run(run: str, start: int) -> list[tuple[int, int]]:
    if not UNSPACED.search(run):
        return [(start, start + len(run))]
    pieces: list[tuple[int, int]] = []
    is_open = False
    for character in visible(run):
        end = start + len(character)
        is_mark = unicodedata.category(character[0]).startswith("P")
        is_alone = UNSPACED.match(character) is not None and not is_mark
        if pieces and (is_mark or (is_open and not is_alone)):
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
            is_open = not is_alone
        start = end
    return pieces


def _kept(words: Sequence[Word], pieces: Sequence[str]) -> list[tuple[int, int, int]]:
    """Which pieces, from and to, are which word still. Rising in all three."""
    old = [
        (_folded(word.text[start:end]), index)
        for index, word in enumerate(words)
        for start, end in _pieces(word.text)
    ]
    new = [_folded(piece) for piece in pieces]
    pairs = _matched([folded for folded, _ in old], new)
    kept = []
    first = 0
    while first < len(old):
        index = old[first][1]
        last = first
        while last < len(old) and old[last][1] == index:
            last += 1
        at = pairs.get(first)
        if at is not None and all(pairs.get(first + n) == at + n for n in range(last - first)):
            kept.append((at, at + last - first, index))
        first = last
    return kept


def _matched(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Positions in `old` and where they are found in `new`: the common ends, and what is common between them."""
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    left = shorter - head
    tail = next((n for n in range(left) if old[-1 - n] != new[-1 - n]), left)
    pairs = {n: n for n in range(head)}
    pairs |= {len(old) - 1 - n: len(new) - 1 - n for n in range(tail)}
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    if 0 < len(old_middle) * len(new_middle) <= _COMPARED_AT_MOST:
        matcher = SequenceMatcher(None, old_middle, new_middle, autojunk=False)
        for a, b, size in matcher.get_matching_blocks():
            pairs |= {head + a + n: head + b + n for n in range(size)}
    return pairs


def _gap(words: Sequence[Word], first: int, after: int, start: float, end: float) -> tuple[float, float]:
    """The time of the words from `first` to before `after`, which are gone, or the pause where there were none."""
    latest = words[after].start if after < len(words) else end
    if first < after:
        begins = words[first].start
        ends = max(word.end for word in words[first:after])
    else:
        begins, ends = (words[first - 1].end if first else start), latest
    begins = min(begins, latest)
    return begins, max(min(ends, latest), begins)


def _folded(text: str) -> str:
    """A word without case and punctuation; what is nothing but punctuation stays."""
    plain = unicodedata.normalize("NFC", text).casefold()
    letters = "".join(c for c in plain if unicodedata.category(c)[0] not in "PZ")
    return letters or plain
