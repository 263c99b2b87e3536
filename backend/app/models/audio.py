"""What is known about a recording: its container, its problems, its waveform and its decoded form."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final, Literal

from app.models.base import Stored

SILENCE_FLOOR_DBFS: Final = -96.0
"""The level of digital silence: what 16 bits can hold. Stands for minus infinity, which JSON cannot write."""


class ProblemCode(StrEnum):
    TRUNCATED = "truncated"
    SILENT = "silent"
    MOSTLY_SILENT = "mostly_silent"
    DAMAGED = "damaged"


class RecordingProblem(Stored):
    """Something a person should know before relying on the recording. `detail` is a sentence for them."""

    code: ProblemCode
    detail: str


class MediaInfo(Stored):
    """What a file really is, whatever its name says.

    `container` is a short name (wav, mp3, mp4, mov, ogg, webm, mkv, flac, aac …), `content_type` the
    canonical MIME type, `duration` the playable seconds (measured where the container does not
    tell them, or lies).
    """

    container: str
    content_type: str
    duration: float
    channels: int
    sample_rate: int
    has_video: bool
    codec: str
    problems: tuple[RecordingProblem, ...] = ()


class Peaks(Stored):
    """A waveform in the audiowaveform JSON convention, version 2.

    `data` holds `length` pixels; a pixel is a (min, max) pair for each channel in turn, from -128 to 127.
    """

    version: Literal[2] = 2
    channels: int
    sample_rate: int
    samples_per_pixel: int
    bits: Literal[8] = 8
    length: int
    data: list[int]


class Level(Stored):
    """How loud a recording is. `active_seconds` counts the windows louder than -60 dBFS on any channel."""

    rms_dbfs: float
    peak_dbfs: float
    channel_rms_dbfs: tuple[float, ...]
    active_seconds: float


class PcmAudio(Stored):
    """A WAV file of 16-bit samples, little endian, one or two channels; `duration` in seconds."""

    path: Path
    sample_rate: int
    channels: int
    duration: float
    skipped_packets: int = 0
    problems: tuple[RecordingProblem, ...] = ()


class Prepared(Stored):
    """One full reading of a recording.

    `decoded_duration` is in seconds of sound that could be read; `skipped_packets` counts the damaged ones;
    `problems` includes those of `info`; `pcm` is there when an output directory was given.
    """

    info: MediaInfo
    peaks: Peaks
    level: Level
    decoded_duration: float
    skipped_packets: int
    problems: tuple[RecordingProblem, ...] = ()
    pcm: PcmAudio | None = None

    @property
    def is_silent(self) -> bool:
        return any(problem.code is ProblemCode.SILENT for problem in self.problems)


class ClipInfo(Stored):
    """What a stretch that was cut out of a recording became; `suffix` is the ending of a file's name."""

    content_type: str
    suffix: str
    duration: float


class Joint(Stored):
    """Recordings that became one. `starts` has the second at which each of them begins there."""

    starts: tuple[float, ...]
    duration: float
    channels: int
    sample_rate: int
