"""Real recordings, encoded on the spot: short tones and silences in every container that people upload."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

SAMPLES = Path(__file__).parents[4] / "samples"
HALF_SCALE = 16_384


@dataclass(frozen=True)
class Kind:
    """How to make one sort of recording; `format` is FFmpeg's name of the container."""

    suffix: str
    format: str
    codec: str
    rate: int = 48_000
    options: tuple[tuple[str, str], ...] = ()
    video: str | None = None
    seekable: bool = True


KINDS = {
    "wav": Kind(".wav", "wav", "pcm_s16le"),
    "streamed wav": Kind(".wav", "wav", "pcm_s16le", seekable=False),
    "mp3": Kind(".mp3", "mp3", "libmp3lame", 44_100),
    "mp3 without a frame count": Kind(".mp3", "mp3", "libmp3lame", 44_100, (("write_xing", "0"),)),
    "m4a": Kind(".m4a", "ipod", "aac"),
    "mp4 for the web": Kind(".mp4", "mp4", "aac", options=(("movflags", "faststart"),)),
    "mp4 in fragments": Kind(".mp4", "mp4", "aac", options=(("movflags", "frag_keyframe+empty_moov"),)),
    "mp4 with video": Kind(".mp4", "mp4", "aac", video="mpeg4"),
    "mov with video": Kind(".mov", "mov", "aac", video="mpeg4"),
    "ogg": Kind(".ogg", "ogg", "libopus"),
    "webm": Kind(".webm", "webm", "libopus"),
    "webm from a browser": Kind(".webm", "webm", "libopus", options=(("live", "1"),), seekable=False),
    "webm with video": Kind(".webm", "webm", "libopus", video="libvpx"),
    "mkv": Kind(".mkv", "matroska", "libopus"),
    "flac": Kind(".flac", "flac", "flac"),
    "aac": Kind(".aac", "adts", "aac"),
    "avi": Kind(".avi", "avi", "libmp3lame", 44_100, video="mpeg4"),
}


class Pipe(io.RawIOBase):
    """A file that cannot seek, as a browser's recorder or a pipe: sizes and duration stay unwritten."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def write(self, data: Any) -> int:
        return self._file.write(data)

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        self._file.close()
        super().close()


def tone(start: int, count: int, rate: int) -> np.ndarray:
    return (np.sin(2 * np.pi * 440 * np.arange(start, start + count) / rate) * HALF_SCALE).astype(np.int16)


def silence(start: int, count: int, rate: int) -> np.ndarray:
    return np.zeros(count, np.int16)


Signal = Callable[[int, int, int], np.ndarray]


def encode(
    target: Any,
    kind: Kind,
    *,
    seconds: float = 3.0,
    layout: str = "mono",
    signal: Signal = tone,
    bit_rate: int | None = None,
    skip: tuple[float, float] = (0.0, 0.0),
) -> None:
    """Write a recording; the stretch `skip` (from, to, in seconds) is left out and its place in time is kept."""
    with av.open(target, "w", format=kind.format, options=dict(kind.options)) as container:
        sound = container.add_stream(kind.codec, rate=kind.rate, layout=layout)
        if bit_rate:
            sound.bit_rate = bit_rate
        pictures = container.add_stream(kind.video, rate=5) if kind.video else None
        if pictures is not None:
            pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
            for index in range(int(seconds * 5)):
                image = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
                image.pts = index
                container.mux(pictures.encode(image))
            container.mux(pictures.encode(None))
        channels = sound.layout.nb_channels
        total, step = int(seconds * kind.rate), sound.codec_context.frame_size or 4096
        for start in range(0, total, step):
            if skip[0] * kind.rate <= start < skip[1] * kind.rate:
                continue
            mono = signal(start, min(step, total - start), kind.rate)
            packed = np.repeat(mono, channels).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(packed, format="s16", layout=layout)
            frame.sample_rate, frame.pts = kind.rate, start
            container.mux(sound.encode(frame))
        container.mux(sound.encode(None))


@pytest.fixture
def record(tmp_path: Path) -> Callable[..., Path]:
    """`record("mp3", seconds=3, layout="stereo", signal=…)` gives the path of a new recording."""

    def make(kind: str, name: str | None = None, **settings: Any) -> Path:
        recipe = KINDS[kind]
        path = tmp_path / (name or kind.replace(" ", "-") + recipe.suffix)
        if recipe.seekable:
            encode(str(path), recipe, **settings)
        else:
            with Pipe(path) as pipe:
                encode(pipe, recipe, **settings)
        return path

    return make


@pytest.fixture
def video_without_sound(tmp_path: Path) -> Path:
    path = tmp_path / "screen.mp4"
    with av.open(str(path), "w") as container:
        pictures = container.add_stream("mpeg4", rate=5)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        for index in range(10):
            image = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
            image.pts = index
            container.mux(pictures.encode(image))
        container.mux(pictures.encode(None))
    return path


@pytest.fixture
def cut(tmp_path: Path) -> Iterator[Callable[[Path], Path]]:
    """`cut(path)` gives a copy that lost its second half; `cut(path, 0.9)` keeps nine tenths."""

    def make(path: Path, keep: float = 0.5) -> Path:
        data = path.read_bytes()
        target = tmp_path / f"cut-{path.name}"
        target.write_bytes(data[: int(len(data) * keep)])
        return target

    return make


@pytest.fixture(scope="session")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The bytes of one short recording of every kind."""
    folder = tmp_path_factory.mktemp("originals")
    found: dict[str, bytes] = {}
    for number, (name, kind) in enumerate(KINDS.items()):
        path = folder / str(number)
        if kind.seekable:
            encode(str(path), kind, seconds=1)
        else:
            with Pipe(path) as pipe:
                encode(pipe, kind, seconds=1)
        found[name] = path.read_bytes()
    return found
