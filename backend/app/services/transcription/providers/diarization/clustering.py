"""Speakers by the sound of their voices, for a given number of them. Loaded only in worker processes.

Windows of about a second are described by the mean and the spread of their cepstra and by their pitch, a Gaussian
mixture with one component for each speaker is fitted to them, and the cheapest path through the windows decides: a
change of speaker is cheap at a pause and dear inside a stretch of speech.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.services.transcription.providers.diarization.activity import active, runs
from app.services.transcription.providers.diarization.features import HOP, Features, Floats
from app.services.transcription.providers.diarization.segments import Turn

_WINDOW: Final = round(1.2 / HOP)
_STEP: Final = round(0.4 / HOP)
_MOST_FITTED: Final = 4000
_PITCH_WEIGHT: Final = 3.0
"""Pitch tells more about who speaks than any single coefficient."""
_CHANGE_AT_PAUSE: Final = 1.0
_CHANGE_WITHIN: Final = 8.0
_SUREST: Final = 4.0
"""Bound on what one window can say, in nats: no single cough decides."""


@dataclass(frozen=True, slots=True)
class _Window:
    begin: int
    end: int
    opens: bool
    """First of its stretch of speech: there is a pause before it."""


def by_voice(features: Features, *, speakers: int) -> list[Turn]:
    """Turns in the order of time, numbered by who speaks first. Fewer speakers when there is too little speech."""
    windows = _windows(features)
    if not windows:
        return []
    labels = _labels(_described(features, windows), windows, min(speakers, len(windows)))
    return _turns(windows, labels)


def single(features: Features) -> list[Turn]:
    speech = active(features.levels.max(axis=1))
    return [Turn(0, begin * HOP, end * HOP) for begin, end in runs(speech)]


def _windows(features: Features) -> list[_Window]:
    windows = []
    for begin, end in runs(active(features.levels.max(axis=1))):
        starts = range(begin, max(begin + 1, end - _WINDOW // 2), _STEP)
        for start in starts:
            last = start == starts[-1]
            windows.append(_Window(start, end if last else start + _STEP, start == begin))
    return windows


def _described(features: Features, windows: list[_Window]) -> NDArray[np.float64]:
    """One standardised row for each window; it looks a little beyond the frames that it decides about."""
    centred = features.cepstra - _mean_of_speech(features, windows)
    rows = [_row(features, centred, window) for window in windows]
    described = np.array(rows, np.float64)
    # The pitch of an unvoiced window is not known: the mean says nothing for either speaker.
    pitch = described[:, 0]
    pitch[np.isnan(pitch)] = np.nanmean(pitch) if not np.isnan(pitch).all() else 0.0
    spread = described.std(axis=0)
    described -= described.mean(axis=0)
    described /= np.where(spread > 1e-6, spread, 1.0)
    described[:, 0] *= _PITCH_WEIGHT
    return described


def _mean_of_speech(features: Features, windows: list[_Window]) -> Floats:
    speech = np.zeros(len(features.cepstra), bool)
    for window in windows:
        speech[window.begin : window.end] = True
    mean: Floats = features.cepstra[speech].mean(axis=0)
    return mean


def _row(features: Features, centred: Floats, window: _Window) -> Floats:
    frames = slice(window.begin, max(window.end, min(window.begin + _WINDOW, len(centred))))
    if window.opens:
        frames = slice(window.begin, window.end) if window.end - window.begin > _STEP else frames
    pitch = features.pitch[frames]
    voiced = pitch[~np.isnan(pitch)]
    middle = float(np.median(voiced)) if len(voiced) else np.nan
    part = centred[frames]
    return np.concatenate([[middle], part.mean(axis=0), part.std(axis=0)])


def _labels(described: NDArray[np.float64], windows: list[_Window], speakers: int) -> list[int]:
    if speakers == 1:
        return [0] * len(windows)
    # Imported here: it takes longer than all else for a short recording, and those with a side for each speaker, or with
    # one speaker, do without.
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415
    from sklearn.mixture import GaussianMixture  # noqa: PLC0415

    fitted = described[:: max(1, len(described) // _MOST_FITTED)]
    mixture = GaussianMixture(speakers, covariance_type="diag", reg_covar=0.05, n_init=4, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        mixture.fit(fitted)
    evidence = np.log(mixture.predict_proba(described) + np.exp(-_SUREST))
    return _cheapest_path(evidence, windows)


def _cheapest_path(evidence: NDArray[np.float64], windows: list[_Window]) -> list[int]:
    """Viterbi over the windows: most evidence, with few changes of speaker where nobody paused."""
    count = evidence.shape[1]
    score = evidence[0].copy()
    came_from = np.zeros(evidence.shape, np.int64)
    for number in range(1, len(windows)):
        price = _CHANGE_AT_PAUSE if windows[number].opens else _CHANGE_WITHIN
        moves = score[:, None] - price * (1 - np.eye(count))
        came_from[number] = moves.argmax(axis=0)
        score = moves.max(axis=0) + evidence[number]
    path = [int(score.argmax())]
    for number in range(len(windows) - 1, 0, -1):
        path.append(int(came_from[number, path[-1]]))
    return path[::-1]


def _turns(windows: list[_Window], labels: list[int]) -> list[Turn]:
    order = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    turns: list[Turn] = []
    for window, label in zip(windows, labels, strict=True):
        speaker, start, end = order[label], window.begin * HOP, window.end * HOP
        if turns and not window.opens and turns[-1].speaker == speaker:
            turns[-1] = Turn(speaker, turns[-1].start, end)
        else:
            turns.append(Turn(speaker, start, end))
    return turns
