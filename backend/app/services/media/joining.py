"""Recordings one after the other in one file. Loaded only inside a worker process.

Whatever they are coded in, they are decoded and encoded once more: at the highest rate and with the most channels that
any of them has, so that none loses, and as loud as they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from app.models.audio import Joint, MediaInfo
from app.services.media.decode import Decoder
from app.services.media.encode import encoding, rate_for
from app.services.media.peaks import Samples
from app.services.media.probe import probe, require_within

Part = tuple[Path, float]
"""A recording and the seconds of silence ahead of it."""


def join(parts: Sequence[Part], target: Path, *, max_duration: float) -> Joint:
    """Write the parts into `target`. Raises what `probe` raises, and TooLong for what they are together."""
    infos = [probe(path, max_duration=max_duration) for path, _ in parts]
    rate = rate_for(max(info.sample_rate for info in infos))
    channels = min(max(info.channels for info in infos), 2)
    starts: list[float] = []
    with encoding(target, sample_rate=rate, channels=channels) as joined:
        for (path, gap), info in zip(parts, infos, strict=True):
            for block in _silence(round(gap * rate), rate, channels):
                joined.write(block)
            starts.append(round(joined.samples / rate, 3))
            for block in _sound(path, info, rate, channels):
                joined.write(block)
                require_within(joined.samples / rate, max_duration)
    return Joint(
        starts=tuple(starts),
        duration=round(joined.samples / rate, 3),
        channels=channels,
        sample_rate=rate,
    )


def _sound(path: Path, info: MediaInfo, rate: int, channels: int) -> Iterator[Samples]:
    decoder = Decoder(path, info, sample_rate=rate, max_duration=info.duration + 60)
    for block in decoder.blocks():
        # One channel becomes two equal ones: a mixer would make them quieter.
        yield block if block.shape[1] == channels else np.repeat(block, channels, axis=1)


def _silence(samples: int, rate: int, channels: int) -> Iterator[Samples]:
    for begin in range(0, samples, rate):
        yield np.zeros((min(rate, samples - begin), channels), np.int16)
