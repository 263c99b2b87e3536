"""Reads a growing WebM file and writes its samples to standard output: a program of its own, started by `sound`.

FFmpeg meets bytes from outside here, so it runs where it can take nothing down with it. Reading waits at the end of the
file until standard input is closed, which says that nothing follows.
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator
from typing import Final

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.error import FFmpegError

_LOOK_SECONDS: Final = 0.05
_GAP_SECONDS: Final = 0.1
"""By how much a time stamp may run ahead of the samples before the difference counts as missing sound."""
_LONGEST_GAP_SECONDS: Final = 3600.0


class GrowingFile:
    """What the bindings need of a file: `read` gives what is there, and nothing only at the real end."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDONLY)
        self._is_whole = False

    def read(self, size: int) -> bytes:
        while not (data := os.read(self._file, size)) and not self._is_whole:
            readable, _, _ = select.select([0], [], [], _LOOK_SECONDS)
            if readable and not os.read(0, 1):
                # What was added before the input was closed is still to be read.
                self._is_whole = True
        return data


def decode(path: str, *, sample_rate: int, channels: int) -> Iterator[bytes]:
    """16-bit samples; silence stands in where the file's clock jumps ahead. A damaged packet costs only itself."""
    resampler = AudioResampler(format="s16", layout="mono" if channels == 1 else "stereo", rate=sample_rate)
    written, clock, first = 0, 0.0, None
    for frame in _frames(path):
        due = float(frame.pts * frame.time_base) if frame.pts is not None and frame.time_base else None
        if first is None:
            first = due
        if (
            due is not None
            and first is not None
            and _GAP_SECONDS < due - first - clock < _LONGEST_GAP_SECONDS
        ):
            missing = round((due - first) * sample_rate) - written
            yield bytes(2 * channels * max(0, missing))
            written += max(0, missing)
            clock = due - first
        clock += frame.samples / frame.sample_rate
        for out in resampler.resample(frame):
            yield _samples(out, channels)
            written += out.samples
    for out in resampler.resample(None):
        yield _samples(out, channels)


def _frames(path: str) -> Iterator[AudioFrame]:
    with av.open(
        GrowingFile(path), "r", format="webm", buffer_size=4096, options={"probesize": "4096"}
    ) as source:
        stream = source.streams.audio[0]
        for packet in source.demux(stream):
            try:
                frames = packet.decode()
            except (FFmpegError, ValueError):
                continue
            yield from (frame for frame in frames if frame.samples and frame.sample_rate > 0)


def _samples(frame: AudioFrame, channels: int) -> bytes:
    return bytes(frame.planes[0])[: frame.samples * 2 * channels]


def main(path: str, sample_rate: int, channels: int) -> None:
    try:
        for samples in decode(path, sample_rate=sample_rate, channels=channels):
            view = memoryview(samples)
            while view:
                view = view[os.write(1, view) :]
    except (FFmpegError, ValueError, IndexError):
        # The container broke off or holds no sound: what could be read was written.
        raise SystemExit(1) from None


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
