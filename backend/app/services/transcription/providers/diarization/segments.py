"""Who speaks when: the result of every way to tell speakers apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    CHANNELS = "stereo-channels"
    VOICES = "mfcc-gmm"
    SINGLE = "single"


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of speech by one speaker, numbered from 0. Times in seconds from the beginning."""

    speaker: int
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Diarization:
    """`turns` in the order of time; `warnings` are sentences for people."""

    turns: tuple[Turn, ...]
    method: Method
    warnings: tuple[str, ...] = ()


def speaker_at(diarization: Diarization, start: float, end: float) -> int | None:
    """The speaker with most of the time between; with none, the nearest turn within a second; else None."""
    overlap: dict[int, float] = {}
    nearest: tuple[float, int] | None = None
    for turn in diarization.turns:
        shared = min(end, turn.end) - max(start, turn.start)
        if shared > 0:
            overlap[turn.speaker] = overlap.get(turn.speaker, 0.0) + shared
        elif -shared <= 1.0 and (nearest is None or -shared < nearest[0]):
            nearest = (-shared, turn.speaker)
    if overlap:
        return max(overlap, key=lambda speaker: overlap[speaker])
    return nearest[1] if nearest else None
