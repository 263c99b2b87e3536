"""Acoustic features, block by block: what is kept of an hour is some megabytes. Loaded only in worker processes.

A frame is 32 ms of sound every 20 ms. For each frame there is the level of every channel, and of their mix twelve
mel-frequency cepstral coefficients (Davis and Mermelstein 1980) and the pitch by autocorrelation.
"""

from __future__ import annotations

import wave
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct

Floats = NDArray[np.float32]

SAMPLE_RATE: Final = 16_000
HOP: Final = 0.02
_HOP_SAMPLES: Final = 320
_FRAME_SAMPLES: Final = 512
_FFT: Final = 1024
_BLOCK_FRAMES: Final = 1500
_BANDS: Final = 32
_COEFFICIENTS: Final = 12
_LOWEST_PITCH, _HIGHEST_PITCH = 60, 400
_VOICED: Final = 0.45
"""Height of the autocorrelation peak, 0 to 1, from which a frame counts as voiced."""
_SILENCE_DB: Final = -96.0


@dataclass(frozen=True, slots=True)
class Features:
    """`levels` in dBFS has a column for each channel; `pitch` is the natural logarithm of Hz, NaN where unvoiced."""

    levels: Floats
    cepstra: Floats
    pitch: Floats
    duration: float


def extract(wav: Path) -> Features:
    """The features of a 16 kHz WAV file of 16-bit samples. Raises `ValueError` for another form."""
    with wave.open(str(wav), "rb") as file:
        if file.getframerate() != SAMPLE_RATE or file.getsampwidth() != 2:
            raise ValueError("diarization needs 16-bit samples at 16 kHz")
        duration = file.getnframes() / SAMPLE_RATE
        channels = file.getnchannels()
        parts = [_of_block(block) for block in _blocks(file, channels)]
    if not parts:
        parts = [_of_block(np.zeros((_FRAME_SAMPLES, channels), np.float32))]
    levels, cepstra, pitch = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Features(levels, cepstra, pitch, duration)


def _blocks(file: wave.Wave_read, channels: int) -> Iterator[Floats]:
    """Samples from -1 to 1 of half a minute; consecutive blocks share what the last frame of the first needs."""
    kept = np.zeros((0, channels), np.float32)
    while raw := file.readframes(_BLOCK_FRAMES * _HOP_SAMPLES):
        fresh = np.frombuffer(raw, "<i2").reshape(-1, channels).astype(np.float32) / 32768
        samples = np.concatenate([kept, fresh])
        frames = (len(samples) - _FRAME_SAMPLES) // _HOP_SAMPLES + 1
        if frames > 0:
            yield samples
            kept = samples[frames * _HOP_SAMPLES :]
        else:
            kept = samples


def _of_block(samples: Floats) -> tuple[Floats, Floats, Floats]:
    windows = np.lib.stride_tricks.sliding_window_view(samples, _FRAME_SAMPLES, axis=0)[::_HOP_SAMPLES]
    power = np.mean(np.square(windows), axis=2)
    levels = np.maximum(10 * np.log10(power + 1e-12), _SILENCE_DB).astype(np.float32)
    mono = windows.mean(axis=1) * np.hanning(_FRAME_SAMPLES).astype(np.float32)
    spectrum = np.square(np.abs(np.fft.rfft(mono, _FFT))).astype(np.float32)
    bands = np.log(spectrum @ _mel_bands() + 1e-9)
    cepstra = dct(bands, type=2, norm="ortho", axis=1)[:, 1 : _COEFFICIENTS + 1].astype(np.float32)
    return levels, cepstra, _pitch(spectrum)


def _pitch(spectrum: Floats) -> Floats:
    """The lag at which a frame is most like itself; the taper of the window is divided out."""
    correlation = np.fft.irfft(spectrum)[:, : _FRAME_SAMPLES // 2 + 60]
    height = correlation / (correlation[:, :1] + 1e-9) / _window_correlation()[: correlation.shape[1]]
    shortest, longest = SAMPLE_RATE // _HIGHEST_PITCH, SAMPLE_RATE // _LOWEST_PITCH
    searched = height[:, shortest:longest]
    lag = searched.argmax(axis=1) + shortest
    peak = searched.max(axis=1)
    return np.where(peak > _VOICED, np.log(SAMPLE_RATE / lag), np.nan).astype(np.float32)


@lru_cache(maxsize=1)
def _window_correlation() -> Floats:
    window = np.hanning(_FRAME_SAMPLES)
    correlation = np.fft.irfft(np.square(np.abs(np.fft.rfft(window, _FFT))))
    return np.asarray(correlation / correlation[0], np.float32)


@lru_cache(maxsize=1)
def _mel_bands() -> Floats:
    """Triangles that are equally wide on the mel scale, from 80 Hz to 7.6 kHz; shape (bins, bands)."""
    edges = 700 * (10 ** (np.linspace(_mel(80), _mel(7600), _BANDS + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE)[:, None]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    return np.asarray(np.maximum(0, np.minimum(rising, falling)), np.float32)


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))
