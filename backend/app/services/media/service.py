"""Media work for the rest of the application: every call runs in a worker process.

The server never loads FFmpeg or numpy, a hostile file cannot take it down, and a cancelled request kills
its worker.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import anyio.to_process
from anyio import BrokenWorkerProcess, CapacityLimiter

from app.models.audio import ClipInfo, Joint, MediaInfo, PcmAudio, Prepared
from app.services.media.errors import MediaWorkerDied

_Result = TypeVar("_Result")


class MediaService:
    """Probes and decodes recordings, at most `limiter` at a time, none longer than `max_duration` seconds."""

    def __init__(self, max_duration: float, limiter: int) -> None:
        self._max_duration = max_duration
        self._limiter = CapacityLimiter(limiter)

    async def probe(self, path: Path) -> MediaInfo:
        """What the file is. Raises EmptyFile, NotMedia, NoAudioTrack, UnknownCodec, Truncated, TooLong."""
        return await self._run(_probe, path, self._max_duration)

    async def prepare(
        self,
        path: Path,
        out_dir: Path | None = None,
        *,
        sample_rate: int = 16_000,
        peaks_per_second: int = 50,
    ) -> Prepared:
        """One full reading: waveform, loudness, problems, and the PCM in `out_dir`. Raises as `probe`."""
        return await self._run(_prepare, path, out_dir, sample_rate, peaks_per_second, self._max_duration)

    async def decode(self, path: Path, target: Path, *, sample_rate: int = 16_000) -> PcmAudio:
        """Write the sound as WAV at `target`. Raises as `probe`."""
        return await self._run(_decode, path, target, sample_rate, self._max_duration)

    async def cut(self, path: Path, target: Path, *, start: float, end: float) -> ClipInfo:
        """Write the sound between two times, in seconds, as a file of its own. Raises as `probe`, and NothingThere."""
        return await self._run(_cut, path, target, start, end)

    async def join(self, parts: Sequence[tuple[Path, float]], target: Path) -> Joint:
        """Write recordings one after the other into one file, each after so many seconds of silence.

        Raises as `probe`.
        """
        return await self._run(_join, tuple(parts), target, self._max_duration)

    async def _run(self, function: Callable[..., _Result], *args: object) -> _Result:
        try:
            return await anyio.to_process.run_sync(function, *args, cancellable=True, limiter=self._limiter)
        except BrokenWorkerProcess as error:
            raise MediaWorkerDied(
                "Reading the recording stopped unexpectedly. Try again, then try a converted file."
            ) from error


# What follows runs in the worker process: the imports stay inside so that importing this module stays light.


def _probe(path: Path, max_duration: float) -> MediaInfo:
    from app.services.media.probe import probe  # noqa: PLC0415

    return probe(path, max_duration=max_duration)


def _prepare(
    path: Path, out_dir: Path | None, sample_rate: int, peaks_per_second: int, max_duration: float
) -> Prepared:
    from app.services.media.decode import prepare  # noqa: PLC0415

    return prepare(
        path, out_dir, sample_rate=sample_rate, peaks_per_second=peaks_per_second, max_duration=max_duration
    )


def _decode(path: Path, target: Path, sample_rate: int, max_duration: float) -> PcmAudio:
    from app.services.media.decode import decode_to_wav  # noqa: PLC0415

    return decode_to_wav(path, target, sample_rate=sample_rate, max_duration=max_duration)


def _cut(path: Path, target: Path, start: float, end: float) -> ClipInfo:
    from app.services.media.clip import cut  # noqa: PLC0415

    return cut(path, target, start=start, end=end)


def _join(parts: Sequence[tuple[Path, float]], target: Path, max_duration: float) -> Joint:
    from app.services.media.joining import join  # noqa: PLC0415

    return join(parts, target, max_duration=max_duration)
