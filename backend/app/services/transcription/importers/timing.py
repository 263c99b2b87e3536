"""Times put in order: estimated where the file has none, clamped where they run backwards, sorted by start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Final

from app.services.transcription.importers.cues import Cue

WORDS_PER_SECOND: Final = 150 / 60
_TOLERANCE: Final = 0.001


def in_order(cues: list[Cue], *, place_name: str) -> tuple[list[Cue], list[str]]:
    """The cues sorted by start, every one with both times, and a warning for whatever was not as it should be."""
    warnings = _about_missing(cues)
    timed, reversed_at = [], []
    for cue in _estimated(cues):
        start, end = cue.start or 0.0, cue.end or 0.0
        if end < start:
            reversed_at.append(cue.place)
            end = start
        timed.append(replace(cue, start=round(start, 3), end=round(end, 3)))
    if reversed_at:
        warnings.append(
            f"{len(reversed_at)} cue(s) end before they start, the first at {place_name} {reversed_at[0]}; "
            "they were given no length."
        )
    ordered = sorted(timed, key=lambda cue: cue.start or 0.0)
    back = sum((b.start or 0.0) < (a.start or 0.0) for a, b in pairwise(timed))
    if back:
        warnings.append(
            f"The times go backwards in {back} place(s); the utterances were sorted by their start."
        )
    overlapping = _overlapping(ordered)
    if overlapping:
        warnings.append(
            f"{overlapping} cue(s) start before an earlier one has ended; they were kept as they are."
        )
    return ordered, warnings


def _overlapping(ordered: list[Cue]) -> int:
    """How many start while another is going on. Two voices of one cue share its times and do not count."""
    count, latest, place = 0, 0.0, 0
    for cue in ordered:
        count += (cue.start or 0.0) < latest - _TOLERANCE and cue.place != place
        if (cue.end or 0.0) > latest:
            latest, place = cue.end or 0.0, cue.place
    return count


def spoken_seconds(text: str) -> float:
    """How long the words take at 150 a minute. Scripts without spaces count by characters."""
    return max(len(text.split()), len(text) / 15) / WORDS_PER_SECOND


def _about_missing(cues: list[Cue]) -> list[str]:
    without_start = sum(cue.start is None for cue in cues)
    if without_start == len(cues):
        return [
            "The file has no times; they are estimated at 150 words a minute and do not match the recording."
        ]
    if without_start:
        return [
            f"{without_start} utterance(s) have no time in the file; theirs are estimated from the words."
        ]
    without_end = sum(cue.end is None for cue in cues)
    return [f"The end of {without_end} utterance(s) is estimated from the words."] if without_end else []


def _estimated(cues: list[Cue]) -> Iterator[Cue]:
    """Fills the gaps: what has no time of its own shares the time up to the next cue that has one."""
    at = 0.0
    position = 0
    while position < len(cues):
        until = position + 1
        while until < len(cues) and cues[until].start is None:
            until += 1
        own = cues[position].start
        at = at if own is None else own
        following = cues[until].start if until < len(cues) else None
        room = None if following is None or following <= at else following - at
        for cue in _spread(cues[position:until], at, room):
            at = max(at, cue.end or 0.0)
            yield cue
        position = until


def _spread(cues: list[Cue], at: float, room: float | None) -> Iterator[Cue]:
    lengths = [spoken_seconds(cue.text) for cue in cues]
    if cues[0].end is not None:
        lengths[0] = max(0.0, cues[0].end - at)
    total = sum(lengths)
    told = len(cues) == 1 and cues[0].end is not None
    scale = 1.0 if told or room is None or total <= room else room / total
    for cue, length in zip(cues, lengths, strict=True):
        ends = at + length * scale
        yield replace(cue, start=at, end=ends if cue.end is None else cue.end)
        at = ends
