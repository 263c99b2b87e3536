"""Speakers from stereo: one voice on each side. Loaded only in worker processes."""

from __future__ import annotations

from typing import Final

import numpy as np

from app.services.transcription.providers.diarization.activity import active, runs, threshold
from app.services.transcription.providers.diarization.features import HOP, Features
from app.services.transcription.providers.diarization.segments import Turn

_CLEARLY_LOUDER: Final = 6.0
"""dB between the channels when one side speaks; what bleeds over is weaker than that."""
_LEAST_SHARE: Final = 0.05
_MOSTLY: Final = 0.6


def sides_differ(features: Features) -> bool:
    """Whether each side has the floor to itself for a good part of the speech."""
    if features.levels.shape[1] != 2:
        return False
    loudest = features.levels.max(axis=1)
    speaking = loudest > threshold(loudest)
    if not speaking.any():
        return False
    difference = features.levels[speaking, 0] - features.levels[speaking, 1]
    left, right = float(np.mean(difference > _CLEARLY_LOUDER)), float(np.mean(difference < -_CLEARLY_LOUDER))
    return min(left, right) >= _LEAST_SHARE and left + right >= _MOSTLY


def by_channel(features: Features) -> list[Turn]:
    """Turns of the left (0) and right (1) channel in the order of time; they may overlap."""
    turns = []
    for channel in (0, 1):
        own, other = features.levels[:, channel], features.levels[:, 1 - channel]
        # What bleeds over from the other side is silence here.
        levels = np.where(own > other - _CLEARLY_LOUDER, own, np.minimum(own, -96.0))
        turns += [Turn(channel, begin * HOP, end * HOP) for begin, end in runs(active(levels, pause=0.3))]
    return sorted(turns, key=lambda turn: (turn.start, turn.speaker))
