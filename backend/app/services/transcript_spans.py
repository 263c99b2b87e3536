"""From what a person marked in a transcript to words, times and utterances, whichever of them was given.

Offsets count characters (code points) of an utterance's text, as everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.models.transcript import Utterance, Word


@dataclass(frozen=True, slots=True)
class Place:
    """Before the character at `offset` of an utterance."""

    utterance_id: str
    offset: int


@dataclass(frozen=True, slots=True)
class Span:
    start: float
    end: float
    utterance_ids: tuple[str, ...] = ()
    quote: str = ""
    """One line for each utterance."""


def between(utterances: Sequence[Utterance], start: float, end: float) -> Span:
    """What was said between two times. Where words have no times of their own, whole utterances are meant."""
    said = [
        (one.id, text)
        for one in utterances
        if one.start < end and one.end > start
        if (text := _said(one, start, end))
    ]
    return Span(start, end, tuple(i for i, _ in said), "\n".join(text for _, text in said))


def of_utterances(utterances: Sequence[Utterance], ids: Collection[str]) -> Span | None:
    """Whole utterances; None when the transcript has not all of them."""
    found = [one for one in utterances if one.id in ids]
    if not found or len(found) != len(set(ids)):
        return None
    return _span(found, [one.text for one in found], found[0].start, max(one.end for one in found))


def from_to(utterances: Sequence[Utterance], begin: Place, end: Place) -> Span | None:
    """The words from one place up to another; None when there are none, or the transcript has no such places."""
    positions = {one.id: index for index, one in enumerate(utterances)}
    first, last = positions.get(begin.utterance_id), positions.get(end.utterance_id)
    if first is None or last is None or first > last:
        return None
    chosen = utterances[first : last + 1]
    if begin.offset > len(chosen[0].text) or end.offset > len(chosen[-1].text):
        return None
    texts = [one.text for one in chosen]
    texts[-1] = texts[-1][: end.offset]
    texts[0] = texts[0][begin.offset :]
    if not any(text.strip() for text in texts):
        return None
    starts, ends = _start_at(chosen[0], begin.offset), _end_at(chosen[-1], end.offset)
    return _span(chosen, texts, starts, max(starts, ends))


def _span(utterances: Sequence[Utterance], texts: Sequence[str], start: float, end: float) -> Span:
    quoted = [(one.id, text.strip()) for one, text in zip(utterances, texts, strict=True) if text.strip()]
    return Span(start, end, tuple(i for i, _ in quoted), "\n".join(text for _, text in quoted))


def _said(utterance: Utterance, start: float, end: float) -> str:
    if start <= utterance.start and utterance.end <= end:
        return utterance.text
    placed = _placed(utterance)
    if not placed:
        return utterance.text
    within = [(begins, ends) for begins, ends, word in placed if word.start < end and word.end > start]
    return utterance.text[within[0][0] : within[-1][1]] if within else ""


def _placed(utterance: Utterance) -> list[tuple[int, int, Word]]:
    """Where in the text its words are; those that it does not have as they were heard are left out."""
    placed: list[tuple[int, int, Word]] = []
    position = 0
    for word in utterance.words:
        begins = utterance.text.find(word.text, position) if word.text else -1
        if begins >= 0:
            position = begins + len(word.text)
            placed.append((begins, position, word))
    return placed


def _start_at(utterance: Utterance, offset: int) -> float:
    later = (word.start for _, ends, word in _placed(utterance) if ends > offset)
    return next(later, _proportional(utterance, offset))


def _end_at(utterance: Utterance, offset: int) -> float:
    earlier = [word.end for begins, _, word in _placed(utterance) if begins < offset]
    return earlier[-1] if earlier else _proportional(utterance, offset)


def _proportional(utterance: Utterance, offset: int) -> float:
    share = offset / len(utterance.text) if utterance.text else 0.0
    return utterance.start + (utterance.end - utterance.start) * share
