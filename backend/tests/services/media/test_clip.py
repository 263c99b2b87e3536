"""Clips: the length that was asked for, and the very sound of that part."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from pathlib import Path

import numpy as np
import pytest

from app.services.media.clip import cut
from app.services.media.decode import Decoder
from app.services.media.probe import probe
from tests.services.media.conftest import KINDS, SAMPLES

RATE = 16_000
FRAME = 0.065
"""Seconds: the longest packet of the codecs in use here, that of AAC at 16 kHz."""


def samples_of(path: Path) -> np.ndarray:
    """One channel."""
    info = probe(path, max_duration=inf)
    blocks = list(Decoder(path, info, sample_rate=RATE, max_duration=inf).blocks())
    return np.concatenate(blocks)[:, 0].astype(np.float64)


def likeness(clip: np.ndarray, original: np.ndarray, start: float) -> float:
    """The best correlation of the clip with the original around `start`, moved by a frame at most."""
    slack, begin = round(FRAME * RATE), round(start * RATE)
    inner = clip[slack:-slack]  # the edges are the encoder's
    found = (
        np.corrcoef(inner, original[begin + slack + move : begin + slack + move + len(inner)])[0, 1]
        for move in range(-slack, slack + 1, 4)
    )
    return max(found)


@pytest.mark.parametrize(
    "name", ["interview-30s.wav", "interview-stereo.m4a", "interview.mp3", "interview.webm"]
)
@pytest.mark.parametrize(("start", "end"), [(0.0, 2.5), (7.3, 11.9)])
def test_a_clip_is_that_part_of_the_recording(name: str, start: float, end: float, tmp_path: Path) -> None:
    clip = tmp_path / "clip"
    told = cut(SAMPLES / name, clip, start=start, end=end)
    info = probe(clip, max_duration=inf)
    assert info.content_type == told.content_type
    assert not info.problems
    assert told.duration == pytest.approx(end - start, abs=2 * FRAME), "a frame at either end"
    sound = samples_of(clip)
    assert len(sound) / RATE == pytest.approx(end - start, abs=2 * FRAME)
    assert likeness(sound, samples_of(SAMPLES / name), start) > 0.95


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_container_can_be_cut(kind: str, record: Callable[..., Path], tmp_path: Path) -> None:
    clip = tmp_path / "clip"
    told = cut(record(kind), clip, start=1.0, end=2.0)
    info = probe(clip, max_duration=inf)
    assert info.duration == pytest.approx(1.0, abs=2 * FRAME)
    assert (info.content_type, info.has_video) == (told.content_type, False)


@pytest.mark.parametrize("kind", ["m4a", "webm"])
def test_sound_that_can_be_copied_is_not_encoded_again(
    kind: str, record: Callable[..., Path], tmp_path: Path
) -> None:
    clip = tmp_path / "clip"
    cut(record(kind), clip, start=0.0, end=2.0)
    assert probe(clip, max_duration=inf).codec == {"m4a": "aac", "webm": "opus"}[kind]


def test_a_clip_past_the_end_ends_with_the_recording(record: Callable[..., Path], tmp_path: Path) -> None:
    told = cut(record("wav", seconds=2), tmp_path / "clip", start=1.5, end=9)
    assert told.duration == pytest.approx(0.5, abs=FRAME)
