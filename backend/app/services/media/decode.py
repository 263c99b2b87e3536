"""One streaming pass over a recording: 16-bit PCM, waveform, loudness. Loaded only inside a worker process.

Memory is constant: blocks of about a second flow through; nothing is kept but the waveform.
"""

from __future__ import annotations

import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Final

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.packet import Packet

from app.models.audio import MediaInfo, PcmAudio, Prepared, ProblemCode, RecordingProblem
from app.services.media.errors import EmptyFile
from app.services.media.peaks import LevelMeter, PeakMeter, Samples, silence
from app.services.media.probe import probe, require_within, truncated
from app.services.media.reader import DECODE_ERRORS, OpenAudio, open_audio

PCM_NAME: Final = "audio.wav"
DEFAULT_SAMPLE_RATE: Final = 16_000
DEFAULT_PEAKS_PER_SECOND: Final = 50
_GAP: Final = 0.1
"""Seconds a timestamp may run ahead of the samples before the difference counts as missing sound."""
_LEAD: Final = 1.0
"""Seconds that are decoded ahead of what is wanted: a packet may lean on those before it."""


def prepare(
    path: Path,
    out_dir: Path | None = None,
    *,
    sample_rate: int = DEFAULT_SAMPLE_RATE,
    peaks_per_second: int = DEFAULT_PEAKS_PER_SECOND,
    max_duration: float,
) -> Prepared:
    """Read a recording once and tell its waveform, loudness, real duration and problems.

    With `out_dir`, the decoded sound is also written there as `audio.wav` (see `decode_to_wav`).
    `peaks_per_second` is the finest resolution; long recordings get fewer, at most 4000 pixels in all.
    Raises what `probe` raises, and TooLong when there is more sound than the headers admit.
    """
    info = probe(path, max_duration=max_duration)
    decoder = Decoder(path, info, sample_rate=sample_rate, max_duration=max_duration)
    peaks = PeakMeter(channels=decoder.channels, sample_rate=sample_rate, per_second=peaks_per_second)
    level = LevelMeter(channels=decoder.channels, sample_rate=sample_rate)
    target = out_dir / PCM_NAME if out_dir is not None else None
    with _wav_writer(target, decoder) as wav:
        for block in decoder.blocks():
            peaks.add(block)
            level.add(block)
            if wav is not None:
                wav.writeframesraw(block.tobytes())
    loudness = level.finish()
    quiet = silence(loudness, decoder.duration)
    problems = decoder.problems()
    return Prepared(
        info=info,
        peaks=peaks.finish(),
        level=loudness,
        decoded_duration=round(decoder.duration, 3),
        skipped_packets=decoder.skipped,
        problems=(*problems, quiet) if quiet else problems,
        pcm=decoder.pcm(target) if target else None,
    )


def decode_to_wav(
    path: Path, target: Path, *, sample_rate: int = DEFAULT_SAMPLE_RATE, max_duration: float = inf
) -> PcmAudio:
    """Write a recording as 16-bit WAV: its own one or two channels, more are mixed down to two.

    The file's clock is the player's: missing sound becomes silence. It appears under its name once complete.
    Damaged packets are skipped and counted. Raises what `probe` raises.
    """
    info = probe(path, max_duration=max_duration)
    decoder = Decoder(path, info, sample_rate=sample_rate, max_duration=max_duration)
    with _wav_writer(target, decoder) as wav:
        for block in decoder.blocks():
            if wav is not None:
                wav.writeframesraw(block.tobytes())
    return decoder.pcm(target)


@dataclass(slots=True)
class Decoder:
    """Turns a file into blocks of samples, and remembers what went wrong on the way."""

    path: Path
    info: MediaInfo
    sample_rate: int
    max_duration: float
    unwanted_before: float = 0.0
    """Seconds: silence may stand in for what sounds earlier, which saves the work of decoding it."""
    skipped: int = 0
    samples: int = 0
    _ended_badly: bool = field(default=False, init=False)
    _resampler: AudioResampler | None = field(default=None, init=False)
    _source_format: tuple[str, str, int] | None = field(default=None, init=False)
    _clock: float = field(default=0.0, init=False)

    @property
    def channels(self) -> int:
        return min(self.info.channels, 2)

    @property
    def duration(self) -> float:
        """Seconds of sound given out so far, filled gaps included."""
        return self.samples / self.sample_rate

    def blocks(self) -> Iterator[Samples]:
        """Arrays of shape (samples, channels), about one second each. Raises TooLong, EmptyFile."""
        held: list[Samples] = []
        count = 0
        with open_audio(self.path) as source:
            for part in self._parts(source):
                held.append(part)
                count += len(part)
                self.samples += len(part)
                require_within(self.duration, self.max_duration + 1)
                if count >= self.sample_rate:
                    yield np.concatenate(held)
                    held, count = [], 0
        if held:
            yield np.concatenate(held)
        if self.samples == 0:
            raise EmptyFile(
                "There is no sound in this recording that could be read. Export or upload it again."
            )

    def problems(self) -> tuple[RecordingProblem, ...]:
        """What `probe` found, and what only decoding could show."""
        found = self.info.problems
        tolerance = max(1.0, self.info.duration / 50)
        short = self._ended_badly or (
            not self.info.has_video and self.duration < self.info.duration - tolerance
        )
        if short and not any(problem.code is ProblemCode.TRUNCATED for problem in found):
            found = (*found, truncated(self.duration))
        if self.skipped > self._ended_badly:
            found = (*found, _damaged(self.skipped))
        return found

    def pcm(self, target: Path) -> PcmAudio:
        return PcmAudio(
            path=target,
            sample_rate=self.sample_rate,
            channels=self.channels,
            duration=round(self.duration, 3),
            skipped_packets=self.skipped,
            problems=self.problems(),
        )

    def _parts(self, source: OpenAudio) -> Iterator[Samples]:
        for frame in self._frames(source):
            yield from self._fill_gap(frame, source.start)
            yield from self._resample(frame)
            self._clock += frame.samples / frame.sample_rate
        yield from self._flush()

    def _frames(self, source: OpenAudio) -> Iterator[AudioFrame]:
        """Decoded frames. A damaged packet costs only itself; a container that breaks off ends the sound."""
        try:
            for packet in source.packets():
                if self._is_unwanted(packet, source.start):
                    continue
                try:
                    frames = packet.decode()
                except DECODE_ERRORS:
                    self.skipped += 1
                    self._ended_badly = True
                    continue
                self._ended_badly = False
                yield from (frame for frame in frames if frame.samples and frame.sample_rate > 0)
        except DECODE_ERRORS:
            self._ended_badly = True
        try:
            yield from (frame for frame in source.stream.codec_context.decode(None) if frame.samples)
        except DECODE_ERRORS:
            self._ended_badly = True

    def _is_unwanted(self, packet: Packet[AudioStream], start: float) -> bool:
        if packet.pts is None:
            return False
        return float(packet.pts * packet.time_base) - start < self.unwanted_before - _LEAD

    def _fill_gap(self, frame: AudioFrame, start: float) -> Iterator[Samples]:
        """Silence where the container's clock jumps ahead, so that times match what a player shows."""
        if frame.pts is None or frame.time_base is None:
            return
        due = float(frame.pts * frame.time_base) - start
        if due - self._clock <= _GAP or due > self.info.duration + 1:
            return
        yield from self._flush()
        missing = round(due * self.sample_rate) - self.samples
        while missing > 0:
            length = min(missing, self.sample_rate)
            yield np.zeros((length, self.channels), np.int16)
            missing -= length
        self._clock = due

    def _resample(self, frame: AudioFrame) -> Iterator[Samples]:
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._resampler is None or shape != self._source_format:
            yield from self._flush()  # some streams change their format midway
            layout = "mono" if self.channels == 1 else "stereo"
            self._resampler = AudioResampler(format="s16", layout=layout, rate=self.sample_rate)
            self._source_format = shape
        yield from self._arrays(self._resampler.resample(frame))

    def _flush(self) -> Iterator[Samples]:
        if self._resampler is not None:
            yield from self._arrays(self._resampler.resample(None))
            self._resampler = None

    def _arrays(self, frames: list[AudioFrame]) -> Iterator[Samples]:
        for frame in frames:
            yield frame.to_ndarray().reshape(-1, self.channels).astype(np.int16, copy=False)


@contextmanager
def _wav_writer(target: Path | None, decoder: Decoder) -> Iterator[wave.Wave_write | None]:
    """A WAV file that gets its name only when it is whole; nothing remains of a failed one."""
    if target is None:
        yield None
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.part")
    try:
        with wave.open(str(partial), "wb") as wav:
            wav.setnchannels(decoder.channels)
            wav.setsampwidth(2)
            wav.setframerate(decoder.sample_rate)
            yield wav
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _damaged(skipped: int) -> RecordingProblem:
    parts = "One small part" if skipped == 1 else f"{skipped} small parts"
    return RecordingProblem(
        code=ProblemCode.DAMAGED,
        detail=f"{parts} of the recording could not be read; silence stands in for them.",
    )
