"""The place of an utterance that answers a question, short enough for a list, with what was found marked in it.

A snippet is text and ranges, never markup. It begins and ends at words, so no accent, emoji or pair of directions is
cut in two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.services.search.analyzer import Word, words
from app.services.search.letters import is_attached
from app.services.search.questions import Question

LENGTH: Final = 240
"""Characters of a snippet, about; a longer word is cut."""
_LEAD: Final = 60
"""Characters before the first thing that is marked."""


@dataclass(frozen=True, slots=True)
class Range:
    """Characters (Unicode code points) from `start` to before `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Snippet:
    text: str
    ranges: tuple[Range, ...]
    """What was found, in order, without overlaps."""
    cut_before: bool
    cut_after: bool
    """Whether the utterance goes on."""


def snippet(
    text: str, question: Question, language: str | None = None, *, indexed: Sequence[str] = ()
) -> Snippet:
    """Of an utterance in a language (BCP 47); `indexed` as `words` takes it."""
    spoken = words(text, language, indexed=indexed)
    marks = _merged(_marks(spoken, question))
    start, end = _window(text, spoken, marks)
    shown = tuple(
        Range(max(mark.start, start) - start, min(mark.end, end) - start)
        for mark in marks
        if mark.start < end and mark.end > start
    )
    return Snippet(text[start:end], shown, cut_before=start > 0, cut_after=end < len(text))


def _marks(spoken: Sequence[Word], question: Question) -> list[Range]:
    wanted = set(question.terms)
    marks = [
        Range(start, end)
        for start, end, term, own, parts in spoken
        if term in wanted or own in wanted or (parts and not wanted.isdisjoint(parts))
    ]
    row = [word.term for word in spoken] if question.phrases else []
    for phrase in question.phrases:
        size = len(phrase)
        marks += [
            Range(spoken[at].start, spoken[at + size - 1].end)
            for at in range(len(row) - size + 1)
            if row[at] == phrase[0] and tuple(row[at : at + size]) == phrase
        ]
    return marks


def _merged(marks: list[Range]) -> list[Range]:
    merged: list[Range] = []
    for mark in sorted(marks, key=lambda one: one.start):
        if merged and mark.start <= merged[-1].end:
            merged[-1] = Range(merged[-1].start, max(merged[-1].end, mark.end))
        else:
            merged.append(mark)
    return merged


def _window(text: str, spoken: Sequence[Word], marks: Sequence[Range]) -> tuple[int, int]:
    """The part of the text in which most is marked, the earliest such."""
    if len(text) <= LENGTH:
        return 0, len(text)
    best = max(marks, key=lambda one: _marked_from(one, marks), default=Range(0, 0))
    earliest = max(0, min(best.start - _LEAD, len(text) - LENGTH))
    start = 0
    if earliest > 0:
        start = next((w.start for w in spoken if w.start >= earliest), best.start)
        start = min(start, best.start)
    end = len(text)
    if start + LENGTH < end:
        end = max((w.end for w in spoken if start < w.end <= start + LENGTH), default=start + LENGTH)
        while end < len(text) and is_attached(text[end]):
            end += 1
    return start, end


def _marked_from(first: Range, marks: Sequence[Range]) -> int:
    """Characters that are marked in a window that begins a little before `first`."""
    last = first.start - _LEAD + LENGTH
    return sum(mark.end - mark.start for mark in marks if first.start <= mark.start and mark.end <= last)
