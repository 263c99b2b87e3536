"""Samples into a file that every player plays: AAC in MP4. Loaded only inside a worker process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import av
from av.audio.frame import AudioFrame
from av.container import OutputContainer

from app.services.media.peaks import Samples

_RATES: Final = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
"""Those that AAC can have, up to what anybody hears."""
_BITS_PER_CHANNEL: Final = 96_000
_BITS_PER_SAMPLE: Final = 4
"""The encoder takes no more at low rates."""


def rate_for(wanted: int) -> int:
    """The lowest rate that keeps what `wanted` can hold."""
    return next((rate for rate in _RATES if rate >= wanted), _RATES[-1])


class Encoder:
    """Writes blocks of 16-bit samples, one after the other."""

    def __init__(self, container: OutputContainer, *, sample_rate: int, channels: int) -> None:
        self._container = container
        self._layout = "mono" if channels == 1 else "stereo"
        self._rate = sample_rate
        self._stream = container.add_stream("aac", rate=sample_rate, layout=self._layout)
        self._stream.bit_rate = channels * min(_BITS_PER_CHANNEL, _BITS_PER_SAMPLE * sample_rate)
        self.samples = 0

    def write(self, block: Samples) -> None:
        """`block` has the shape (samples, channels)."""
        if not len(block):
            return
        frame = AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout=self._layout)
        frame.sample_rate, frame.pts = self._rate, self.samples
        self.samples += len(block)
        self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        self._container.mux(self._stream.encode(None))


@contextmanager
def encoding(target: Path, *, sample_rate: int, channels: int) -> Iterator[Encoder]:
    """A file at `target`, with its index in front, that is whole once the block has ended."""
    with av.open(str(target), "w", format="ipod", options={"movflags": "+faststart"}) as container:
        encoder = Encoder(container, sample_rate=sample_rate, channels=channels)
        yield encoder
        encoder.finish()
