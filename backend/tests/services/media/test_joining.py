"""Several recordings as one: their lengths add up, each begins where it is said to, none is louder than it was."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from pathlib import Path

import numpy as np
import pytest

from app.services.media.decode import Decoder
from app.services.media.errors import TooLong
from app.services.media.joining import join
from app.services.media.probe import probe
from tests.services.media.conftest import silence


def loudness(path: Path, begin: float, end: float) -> np.ndarray:
    """RMS of each channel between two times."""
    info = probe(path, max_duration=inf)
    blocks = list(Decoder(path, info, sample_rate=16_000, max_duration=inf).blocks())
    part = np.concatenate(blocks)[int(begin * 16_000) : int(end * 16_000)].astype(np.float64)
    return np.sqrt((part**2).mean(axis=0))


def test_unlike_parts_become_one_recording(record: Callable[..., Path], tmp_path: Path) -> None:
    parts = [
        (record("mp3", seconds=2), 0.0),
        (record("webm from a browser", seconds=3, layout="stereo"), 0.0),
        (record("wav", seconds=1.5), 2.5),
    ]
    joined = tmp_path / "joined.m4a"
    told = join(parts, joined, max_duration=60)
    info = probe(joined, max_duration=inf)
    assert (info.container, info.channels, info.sample_rate) == ("mp4", 2, 48_000)
    assert (told.channels, told.sample_rate) == (2, 48_000)
    assert told.duration == pytest.approx(2 + 3 + 2.5 + 1.5, abs=0.15)
    assert info.duration == pytest.approx(told.duration, abs=0.05)
    assert told.starts == pytest.approx((0, 2, 7.5), abs=0.15)
    for (part, _), begins in zip(parts, told.starts, strict=True):
        alone = loudness(part, 0.5, 1.2)
        together = loudness(joined, begins + 0.5, begins + 1.2)
        assert together == pytest.approx([alone[0], alone[-1]], rel=0.02), part.name
    assert loudness(joined, told.starts[2] - 2.2, told.starts[2] - 0.3).max() < 20, "the gap is silent"


def test_one_channel_stays_one(record: Callable[..., Path], tmp_path: Path) -> None:
    parts = [(record("wav", "a.wav", seconds=1), 0.0), (record("flac", seconds=1, signal=silence), 0.0)]
    assert join(parts, tmp_path / "joined.m4a", max_duration=60).channels == 1


def test_what_is_too_long_together_is_refused(record: Callable[..., Path], tmp_path: Path) -> None:
    part = record("wav", seconds=2)
    with pytest.raises(TooLong):
        join([(part, 0.0), (part, 0.0)], tmp_path / "joined.m4a", max_duration=3)
