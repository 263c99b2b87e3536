"""A stretch of a recording as a file of its own. Loaded only inside a worker process.

AAC and Opus are made of packets of about 20 milliseconds that stand for themselves: they are copied as they are. Other
sound is decoded, cut at the sample, and encoded again.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import dropwhile, takewhile
from math import inf
from pathlib import Path
from typing import Final

import av
from av.audio.stream import AudioStream
from av.packet import Packet

from app.models.audio import ClipInfo
from app.services.media.decode import Decoder
from app.services.media.encode import encoding, rate_for
from app.services.media.errors import NothingThere
from app.services.media.probe import probe
from app.services.media.reader import DECODE_ERRORS, OpenAudio, open_audio

_COPIED: Final = {
    # codec: (container as FFmpeg names it, content type, ending)
    "aac": ("ipod", "audio/mp4", "m4a"),
    "opus": ("webm", "audio/webm", "webm"),
}
_ENCODED: Final = _COPIED["aac"]


def cut(path: Path, target: Path, *, start: float, end: float) -> ClipInfo:
    """Write the sound between two times, in seconds of a player's clock. Raises what `probe` raises, and NothingThere.

    Pictures stay behind: they can only be cut at their key frames, seconds apart.
    """
    with open_audio(path) as source:
        codec = source.stream.codec_context
        kind = _COPIED.get(codec.codec.canonical_name)
        # Bare AAC carries in each packet what an MP4 wants once, ahead of all.
        if kind is not None and codec.extradata:
            duration = _copy(source, target, kind[0], start=start, end=end)
            return ClipInfo(content_type=kind[1], suffix=kind[2], duration=duration)
    duration = _encode(path, target, start=start, end=end)
    return ClipInfo(content_type=_ENCODED[1], suffix=_ENCODED[2], duration=duration)


def _copy(source: OpenAudio, target: Path, container: str, *, start: float, end: float) -> float:
    offset: int | None = None
    with av.open(str(target), "w", format=container) as clip:
        stream = clip.add_stream_from_template(source.stream)
        for packet in _between(source, start, end):
            begins = packet.pts or 0
            offset = begins if offset is None else offset
            packet.pts = packet.dts = begins - offset
            packet.stream = stream
            clip.mux(packet)
    if offset is None:
        raise _nothing(start)
    return probe(target, max_duration=inf).duration


def _between(source: OpenAudio, start: float, end: float) -> Iterator[Packet[AudioStream]]:
    """The packets that sound between the two times; one that begins before and ends after `start` is among them."""

    def begins(packet: Packet[AudioStream]) -> float:
        return float((packet.pts or 0) * packet.time_base) - source.start

    def ends(packet: Packet[AudioStream]) -> float:
        return begins(packet) + float((packet.duration or 0) * packet.time_base)

    timed = (packet for packet in _readable(source) if packet.pts is not None)
    ahead = dropwhile(lambda packet: ends(packet) <= start, timed)
    return takewhile(lambda packet: begins(packet) < end, ahead)


def _readable(source: OpenAudio) -> Iterator[Packet[AudioStream]]:
    """All packets up to where the file breaks off."""
    try:
        yield from source.packets()
    except DECODE_ERRORS:
        return


def _encode(path: Path, target: Path, *, start: float, end: float) -> float:
    info = probe(path, max_duration=inf)
    rate = rate_for(info.sample_rate)
    decoder = Decoder(path, info, sample_rate=rate, max_duration=inf, unwanted_before=start)
    first, last = round(start * rate), round(end * rate)
    with encoding(target, sample_rate=rate, channels=decoder.channels) as clip:
        position = 0
        for block in decoder.blocks():
            clip.write(block[max(0, first - position) : max(0, last - position)])
            position += len(block)
            if position >= last:
                break
        if not clip.samples:
            raise _nothing(start)
    return clip.samples / rate


def _nothing(start: float) -> NothingThere:
    return NothingThere("The recording has no sound at that time.", start=start)
