"""Voice activity by level: where somebody speaks. Loaded only in worker processes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.services.transcription.providers.diarization.features import HOP, Floats

Flags = NDArray[np.bool_]

_QUIETEST_SPEECH: Final = -60.0
"""dBFS under which nothing counts as speech."""
_ABOVE_FLOOR: Final = 6.0
_SHARE: Final = 0.35


def active(levels: Floats, *, pause: float = 0.2, shortest: float = 0.16) -> Flags:
    """The frames with speech: pauses below `pause` seconds are bridged, sounds below `shortest` dropped."""
    loud = levels > threshold(levels)
    return _without_short(_bridged(loud, round(pause / HOP)), round(shortest / HOP))


def threshold(levels: Floats) -> float:
    """Between the noise floor and the loud parts of the recording, in dBFS."""
    floor, top = (float(v) for v in np.percentile(levels, (10, 95)))
    return max(_QUIETEST_SPEECH, floor + max(_ABOVE_FLOOR, _SHARE * (top - floor)))


def runs(flags: Flags) -> Iterator[tuple[int, int]]:
    """Begin and end (exclusive) of each stretch of true frames."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _bridged(flags: Flags, longest_gap: int) -> Flags:
    result = flags.copy()
    for begin, end in runs(~flags):
        if begin > 0 and end < len(flags) and end - begin < longest_gap:
            result[begin:end] = True
    return result


def _without_short(flags: Flags, shortest: int) -> Flags:
    result = flags.copy()
    for begin, end in runs(flags):
        if end - begin < shortest:
            result[begin:end] = False
    return result
