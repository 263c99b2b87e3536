"""A waveform and a loudness computed while the sound streams by. Loaded only inside a worker process."""

from __future__ import annotations

from math import ceil, log10
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.models.audio import SILENCE_FLOOR_DBFS, Level, Peaks, ProblemCode, RecordingProblem

Samples = NDArray[np.int16]
"""Shape (samples, channels)."""

MAX_PIXELS: Final = 4000
ACTIVE_DBFS: Final = -60.0
_FULL_SCALE: Final = 32768.0
_WINDOWS_PER_SECOND: Final = 10
_MOSTLY_SILENT_BELOW: Final = 0.05
_MOSTLY_SILENT_FROM: Final = 60.0
"""Seconds: in a shorter recording a pause weighs too much to complain about."""


class PeakMeter:
    """Keeps (min, max) per pixel; when the picture is full, neighbours merge.

    Each pixel then covers twice the time. Memory does not depend on the duration: at most `MAX_PIXELS` pixels
    and one pixel's worth of samples.
    """

    def __init__(self, *, channels: int, sample_rate: int, per_second: int) -> None:
        self._sample_rate = sample_rate
        self._per_pixel = max(1, sample_rate // per_second)
        self._low = np.zeros((MAX_PIXELS, channels), np.int8)
        self._high = np.zeros((MAX_PIXELS, channels), np.int8)
        self._used = 0
        self._rest = np.zeros((0, channels), np.int16)

    def add(self, samples: Samples) -> None:
        """Take in a block of shape (samples, channels)."""
        pending = np.concatenate((self._rest, samples)) if len(self._rest) else samples
        while len(pending) >= self._per_pixel:
            pixels = min(len(pending) // self._per_pixel, MAX_PIXELS - self._used)
            taken = pixels * self._per_pixel
            self._store(pending[:taken].reshape(pixels, self._per_pixel, -1))
            pending = pending[taken:]
        self._rest = pending.copy()

    def finish(self) -> Peaks:
        """The waveform so far; the last pixel may cover less time than the others."""
        if len(self._rest):
            self._store(self._rest[np.newaxis])
            self._rest = self._rest[:0]
        pairs = np.stack((self._low[: self._used], self._high[: self._used]), axis=-1)
        return Peaks(
            channels=self._low.shape[1],
            sample_rate=self._sample_rate,
            samples_per_pixel=self._per_pixel,
            length=self._used,
            data=pairs.reshape(-1).tolist(),
        )

    def _store(self, pixels: NDArray[np.int16]) -> None:
        until = self._used + len(pixels)
        # Eight bits are what the format holds; the shift keeps -32768 … 32767 within -128 … 127.
        self._low[self._used : until] = pixels.min(axis=1) >> 8
        self._high[self._used : until] = pixels.max(axis=1) >> 8
        self._used = until
        if self._used == MAX_PIXELS:
            half = MAX_PIXELS // 2
            self._low[:half] = np.minimum(self._low[0::2], self._low[1::2])
            self._high[:half] = np.maximum(self._high[0::2], self._high[1::2])
            self._used = half
            self._per_pixel *= 2


class LevelMeter:
    """Overall loudness, and how many tenths of a second hold more than silence on any channel."""

    def __init__(self, *, channels: int, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._window = max(1, sample_rate // _WINDOWS_PER_SECOND)
        self._energy = np.zeros(channels, np.float64)
        self._samples = 0
        self._peak = 0
        self._active = 0
        self._rest = np.zeros((0, channels), np.int16)

    def add(self, samples: Samples) -> None:
        """Take in a block of shape (samples, channels)."""
        pending = np.concatenate((self._rest, samples)) if len(self._rest) else samples
        whole = len(pending) // self._window * self._window
        if whole:
            self._measure(pending[:whole].reshape(whole // self._window, self._window, -1))
        self._rest = pending[whole:].copy()

    def finish(self) -> Level:
        if len(self._rest):
            self._measure(self._rest[np.newaxis])
            self._rest = self._rest[:0]
        means = self._energy / max(1, self._samples)
        return Level(
            rms_dbfs=_dbfs(float(means.mean()) ** 0.5),
            peak_dbfs=_dbfs(float(self._peak)),
            channel_rms_dbfs=tuple(_dbfs(float(mean) ** 0.5) for mean in means),
            active_seconds=round(self._active / self._sample_rate, 1),
        )

    def _measure(self, windows: NDArray[np.int16]) -> None:
        wide = windows.astype(np.float32)
        energy = np.square(wide).sum(axis=1, dtype=np.float64)
        self._energy += energy.sum(axis=0)
        self._samples += windows.shape[0] * windows.shape[1]
        self._peak = max(self._peak, int(np.abs(wide).max()))
        threshold = (_FULL_SCALE * 10 ** (ACTIVE_DBFS / 20)) ** 2 * windows.shape[1]
        self._active += int((energy.max(axis=1) > threshold).sum()) * windows.shape[1]


def silence(level: Level, duration: float) -> RecordingProblem | None:
    """The verdict on a recording of `duration` seconds without sound, or with next to none."""
    if level.active_seconds == 0:
        return RecordingProblem(
            code=ProblemCode.SILENT,
            detail="The recording is silent from start to end. Was the microphone muted?",
        )
    if duration >= _MOSTLY_SILENT_FROM and level.active_seconds < duration * _MOSTLY_SILENT_BELOW:
        heard = ceil(level.active_seconds)
        return RecordingProblem(
            code=ProblemCode.MOSTLY_SILENT,
            detail=f"Almost all of it is silent: {heard} s of sound in {duration / 60:.0f} min.",
        )
    return None


def _dbfs(amplitude: float) -> float:
    if amplitude <= 0:
        return SILENCE_FLOOR_DBFS
    return max(SILENCE_FLOOR_DBFS, round(20 * log10(amplitude / _FULL_SCALE), 1))
