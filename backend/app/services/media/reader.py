"""Opening untrusted files with FFmpeg. Loaded only inside a worker process.

A playlist or a description file could make FFmpeg open other files or addresses, so only formats that hold
their own sound are tried, over the `file` protocol alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet

from app.services.media.errors import EmptyFile, NoAudioTrack, NotMedia, Truncated, UnknownCodec
from app.services.media.sniff import HEAD_BYTES, family, looks_like
from app.services.media.structure import is_cut

_FORMATS: Final = (
    "wav,w64,aiff,au,caf,mp3,aac,flac,ogg,amr,amrnb,amrwb,ac3,eac3,"
    "matroska,webm,mov,mp4,avi,asf,flv,mpeg,mpegts"
)
_OPTIONS: Final = {"format_whitelist": _FORMATS, "protocol_whitelist": "file"}

DECODE_ERRORS: Final = (FFmpegError, ValueError)
"""What damaged data makes the bindings raise, beside their own tree: a value they cannot represent."""


@dataclass(frozen=True, slots=True)
class OpenAudio:
    container: InputContainer
    stream: AudioStream

    @property
    def start(self) -> float:
        """Seconds: where a player's clock begins."""
        return (self.container.start_time or 0) / av.time_base

    def packets(self) -> Iterator[Packet[AudioStream]]:
        """The sound's packets, in order, without the flush packet at the end."""
        return (packet for packet in self.container.demux(self.stream) if packet.size)


@contextmanager
def open_audio(path: Path) -> Iterator[OpenAudio]:
    """Open the main audio track of a file.

    Raises EmptyFile, NotMedia, Truncated, NoAudioTrack, UnknownCodec.
    """
    if path.stat().st_size == 0:
        raise EmptyFile("The file is empty (0 bytes). Upload the recording again.")
    if (kind := looks_like(_head(path))) is not None:
        raise NotMedia(
            f"This looks like {kind}, not a recording. Upload an audio or video file.", looks_like=kind
        )
    try:
        container = av.open(
            f"file:{path.resolve()}",
            "r",
            options=_OPTIONS,
            metadata_errors="replace",
            metadata_encoding="utf-8",
        )
    except DECODE_ERRORS as error:
        raise unreadable(path) from error
    with container:
        yield OpenAudio(container, _main_audio(container))


def unreadable(path: Path) -> NotMedia | Truncated:
    """The error for a file that cannot be read: cut, damaged or something else altogether."""
    announced = family(_head(path))
    if announced is None:
        return NotMedia("This is not audio or video in a known format. Upload an audio or video file.")
    if is_cut(path):
        return Truncated(
            "The recording was cut before its end and cannot be read. Export or upload it again.",
            looks_like=str(announced),
        )
    return NotMedia(
        f"The file begins like {announced} but cannot be read. Export or convert the recording again.",
        looks_like=str(announced),
    )


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _main_audio(container: InputContainer) -> AudioStream:
    if not container.streams.audio:
        raise NoAudioTrack("There is no sound in this file. Upload a recording with an audio track.")
    readable = [stream for stream in container.streams.audio if stream.codec_context is not None]
    if not readable:
        raise UnknownCodec(
            "The sound of this file is in an unknown or protected format. Convert it to MP3 or M4A."
        )
    best = container.streams.best("audio")
    chosen = next(
        (stream for stream in readable if best is not None and stream.index == best.index), readable[0]
    )
    for stream in container.streams:
        if stream.index != chosen.index:
            stream.discard = av.stream.Discard.all  # never read the pictures of a video
    return chosen
