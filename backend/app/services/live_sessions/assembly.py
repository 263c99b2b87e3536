"""The parts of a live recording as one file: as it came where that is possible, else decoded and joined."""

from __future__ import annotations

import struct
import wave
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from anyio import to_thread

from app.core.errors import AppError
from app.models.audio import PcmAudio
from app.models.live import LiveEncoding
from app.services.live.journal import PartBegun
from app.services.live.spool import SpooledRecording
from app.services.media.service import MediaService

log = structlog.get_logger(__name__)

WAV_HEADER_BYTES: Final = 44
_BLOCK_FRAMES: Final = 256 * 1024
_JOINED_RATE: Final = 16_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """Samples inside a file."""

    path: Path
    start: int
    """Bytes before the first sample."""
    size: int
    """Bytes."""
    doubled: bool = False
    """Whether the only channel stands for both."""


@dataclass(frozen=True, slots=True)
class Assembled:
    filename: str
    content_type: str
    header: bytes
    stretches: Sequence[Stretch]

    @property
    def size(self) -> int:
        return len(self.header) + sum(s.size * (2 if s.doubled else 1) for s in self.stretches)

    async def chunks(self) -> AsyncIterator[bytes]:
        yield self.header
        for stretch in self.stretches:
            with await to_thread.run_sync(stretch.path.open, "rb") as file:
                await to_thread.run_sync(file.seek, stretch.start)
                left = stretch.size
                while left and (block := await to_thread.run_sync(file.read, min(left, _BLOCK_FRAMES))):
                    left -= len(block)
                    yield _doubled(block) if stretch.doubled else block


async def assemble(spooled: SpooledRecording, media: MediaService) -> Assembled | None:
    """None when nothing was recorded. Raises what `MediaService.decode` raises when no part can be read."""
    parts = [
        (part, size) for part, size in zip(spooled.journal.parts, spooled.sizes(), strict=True) if size > 0
    ]
    if not parts:
        return None
    name = f"live-{spooled.begun.session_id}"
    first = parts[0][0]
    if len(parts) == 1 and first.encoding is LiveEncoding.WEBM_OPUS:
        whole = Stretch(spooled.part_path(first), 0, parts[0][1])
        return Assembled(f"{name}.webm", "audio/webm", b"", [whole])
    if all(part.encoding is LiveEncoding.LINEAR16 and part.continues(first) for part, _ in parts):
        stretches = [_raw(spooled, part, size) for part, size in parts]
        rate, channels = first.sample_rate, first.channels
    else:
        decoded = await _decode_all(spooled, parts, media)
        rate, channels = _JOINED_RATE, max(pcm.channels for pcm in decoded)
        stretches = [
            Stretch(pcm.path, WAV_HEADER_BYTES, _samples_size(pcm.path), doubled=pcm.channels < channels)
            for pcm in decoded
        ]
    joined = Assembled(f"{name}.wav", "audio/wav", bytes(WAV_HEADER_BYTES), stretches)
    header = wav_header(joined.size - WAV_HEADER_BYTES, sample_rate=rate, channels=channels)
    return Assembled(joined.filename, joined.content_type, header, stretches)


def wav_header(size: int, *, sample_rate: int, channels: int) -> bytes:
    """Of 16-bit samples; `size` is theirs in bytes."""
    frame = 2 * channels
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        size + WAV_HEADER_BYTES - 8,
        b"WAVE",
        b"fmt ",
        16,
        1,
        channels,
        sample_rate,
        sample_rate * frame,
        frame,
        16,
        b"data",
        size,
    )


def _raw(spooled: SpooledRecording, part: PartBegun, size: int) -> Stretch:
    return Stretch(spooled.part_path(part), 0, size // part.frame_bytes * part.frame_bytes)


async def _decode_all(
    spooled: SpooledRecording, parts: Sequence[tuple[PartBegun, int]], media: MediaService
) -> list[PcmAudio]:
    """Every part at the same rate. One that cannot be read costs only itself, unless there is no other."""
    decoded: list[PcmAudio] = []
    failure: AppError | None = None
    for part, size in parts:
        path = spooled.part_path(part)
        try:
            if part.encoding is LiveEncoding.LINEAR16:
                path = await to_thread.run_sync(_with_header, spooled, part, size)
            target = spooled.folder / f"joined-{part.number}.wav"
            decoded.append(await media.decode(path, target, sample_rate=_JOINED_RATE))
        except AppError as error:
            log.warning("live.part_unreadable", part=part.number, code=error.code)
            failure = error
    if not decoded and failure is not None:
        raise failure
    return decoded


def _with_header(spooled: SpooledRecording, part: PartBegun, size: int) -> Path:
    target = spooled.folder / f"part-{part.number}.wav"
    whole = size // part.frame_bytes * part.frame_bytes
    with target.open("wb") as wav, spooled.part_path(part).open("rb") as samples:
        wav.write(wav_header(whole, sample_rate=part.sample_rate, channels=part.channels))
        while block := samples.read(_BLOCK_FRAMES):
            wav.write(block[: max(0, whole)])
            whole -= len(block)
    return target


def _samples_size(path: Path) -> int:
    with wave.open(str(path), "rb") as wav:
        return wav.getnframes() * wav.getnchannels() * wav.getsampwidth()


def _doubled(block: bytes) -> bytes:
    """One channel of 16-bit samples as two equal ones."""
    out = bytearray(2 * len(block))
    out[0::4] = out[2::4] = block[0::2]
    out[1::4] = out[3::4] = block[1::2]
    return bytes(out)
