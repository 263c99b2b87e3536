"""What a file is and whether it can be used, without decoding it. Loaded only inside a worker process."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.packet import Packet
from av.stream import Disposition

from app.models.audio import MediaInfo, ProblemCode, RecordingProblem
from app.services.media.errors import EmptyFile, TooLong, Truncated
from app.services.media.reader import DECODE_ERRORS, OpenAudio, open_audio, unreadable
from app.services.media.sniff import HEAD_BYTES
from app.services.media.structure import is_cut, mp3_counts_its_frames

_FIRST_PACKETS: Final = 64
"""How many packets may fail before the file counts as unreadable: a bad start is not a bad recording."""

_SCANNED: Final = frozenset({"mp3", "aac", "flac", "amr", "ac3"})
"""Bare streams: their stated duration is missing, guessed from the bit rate, or not checked."""

_TYPES: Final[dict[str, tuple[str, str]]] = {
    # container: (audio only, with video)
    "wav": ("audio/wav", "audio/wav"),
    "mp3": ("audio/mpeg", "audio/mpeg"),
    "mp4": ("audio/mp4", "video/mp4"),
    "mov": ("video/quicktime", "video/quicktime"),
    "3gp": ("audio/3gpp", "video/3gpp"),
    "ogg": ("audio/ogg", "video/ogg"),
    "webm": ("audio/webm", "video/webm"),
    "mkv": ("audio/x-matroska", "video/x-matroska"),
    "flac": ("audio/flac", "audio/flac"),
    "aac": ("audio/aac", "audio/aac"),
    "amr": ("audio/amr", "audio/amr"),
    "ac3": ("audio/ac3", "audio/ac3"),
    "aiff": ("audio/aiff", "audio/aiff"),
    "au": ("audio/basic", "audio/basic"),
    "caf": ("audio/x-caf", "audio/x-caf"),
    "avi": ("video/x-msvideo", "video/x-msvideo"),
    "wma": ("audio/x-ms-wma", "video/x-ms-wmv"),
    "flv": ("video/x-flv", "video/x-flv"),
    "mpeg": ("audio/mpeg", "video/mpeg"),
    "mpegts": ("video/mp2t", "video/mp2t"),
}
_SHORT_NAMES: Final = {"w64": "wav", "asf": "wma", "amrnb": "amr", "amrwb": "amr", "eac3": "ac3"}


def probe(path: Path, *, max_duration: float) -> MediaInfo:
    """Describe a recording from its headers and first frames; never from its name.

    `max_duration` is in seconds. A file without a stated duration is walked packet by packet, not decoded.
    Raises EmptyFile, NotMedia, NoAudioTrack, UnknownCodec, Truncated, TooLong.
    """
    with open_audio(path) as source:
        container = _container_name(source, path)
        cut = is_cut(path) or _index_points_past(source, path.stat().st_size)
        packets = source.packets()
        frame = _first_frame(source, packets, path, cut=cut)
        duration = stated_duration(source)
        if cut or duration is None or container in _SCANNED:
            measured = _measure(source, packets, frame, max_duration)
            duration, cut = _reconcile(path, container, duration, measured, cut=cut)
        require_within(duration, max_duration)
        has_video = any(
            not stream.disposition & Disposition.attached_pic for stream in source.container.streams.video
        )
        return MediaInfo(
            container=container,
            content_type=_TYPES[container][has_video],
            duration=round(duration, 3),
            channels=frame.layout.nb_channels,
            sample_rate=frame.sample_rate,
            has_video=has_video,
            codec=source.stream.codec_context.codec.canonical_name,
            problems=(truncated(duration),) if cut else (),
        )


def truncated(readable: float) -> RecordingProblem:
    """The problem of a recording whose end is missing; `readable` in seconds."""
    return RecordingProblem(
        code=ProblemCode.TRUNCATED,
        detail=f"The recording was cut: it can be read up to {clock(readable)}. Upload it again.",
    )


def require_within(duration: float, max_duration: float) -> None:
    """Raise TooLong when `duration` exceeds `max_duration`, both in seconds."""
    if duration > max_duration:
        raise TooLong(
            f"The recording lasts more than {clock(max_duration)}, the limit here. Split it first.",
            max_seconds=max_duration,
        )


def clock(seconds: float) -> str:
    """Seconds as people write them: 4:05 or 1:02:03."""
    hours, rest = divmod(int(seconds), 3600)
    minutes, last = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{last:02}" if hours else f"{minutes}:{last:02}"


def stated_duration(source: OpenAudio) -> float | None:
    """Seconds the container claims for the sound, or else for the whole; None when it does not say."""
    stream, container = source.stream, source.container
    if stream.duration is not None and stream.duration > 0 and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None and container.duration > 0:
        return container.duration / av.time_base
    return None


def _first_frame(
    source: OpenAudio, packets: Iterator[Packet[AudioStream]], path: Path, *, cut: bool
) -> AudioFrame:
    """Decode until one frame comes out: it knows the channels and the rate better than the headers do."""
    failed = 0
    try:
        for packet in islice(packets, _FIRST_PACKETS):
            try:
                frames = packet.decode()
            except DECODE_ERRORS:
                failed += 1
                continue
            if frames and frames[0].sample_rate > 0:
                return frames[0]
        frames = source.stream.codec_context.decode(None)
        if frames:
            return frames[0]
    except DECODE_ERRORS:
        failed += 1
    if failed and not cut:
        raise unreadable(path)
    if cut:
        raise Truncated("The recording was cut before its first sound. Export or upload it again.")
    raise EmptyFile("There is no sound in this recording: its audio track is empty.")


def _measure(
    source: OpenAudio, packets: Iterator[Packet[AudioStream]], first: AudioFrame, max_duration: float
) -> float:
    """Seconds from the first packet to the end of the last one that is really there."""
    end = first.samples / first.sample_rate
    try:
        for packet in packets:
            if packet.pts is None:
                continue
            end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base) - source.start)
            require_within(end, max_duration)
    except DECODE_ERRORS:
        pass  # what follows cannot be read: the recording lasts until here
    return end


def _reconcile(
    path: Path, container: str, stated: float | None, measured: float, *, cut: bool
) -> tuple[float, bool]:
    """The duration to trust, and whether the end is missing."""
    if stated is None:
        return measured, cut
    tolerance = max(0.5, stated / 100)
    exact = container == "flac" or (container == "mp3" and mp3_counts_its_frames(path))
    cut = cut or (exact and measured < stated - tolerance)
    return (stated if exact and abs(stated - measured) < tolerance else measured), cut


def _index_points_past(source: OpenAudio, size: int) -> bool:
    """An MP4 keeps its table of samples apart from the samples: the last one may lie beyond the end."""
    entries = source.stream.index_entries
    if "mp4" not in source.container.format.name or not len(entries):
        return False
    last = entries[len(entries) - 1]
    return last.pos + last.size > size


def _container_name(source: OpenAudio, path: Path) -> str:
    """FFmpeg names families ("mov,mp4,m4a,…"); the first bytes tell which member this is."""
    name = source.container.format.name
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if name.startswith("matroska"):
        return "webm" if b"webm" in head[:64] else "mkv"
    if name.startswith("mov"):
        brand = head[8:12] if head[4:8] == b"ftyp" else b"qt  "
        if brand.startswith(b"3g"):
            return "3gp"
        return "mov" if brand == b"qt  " else "mp4"
    return _SHORT_NAMES.get(name, name)
