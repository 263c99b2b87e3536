"""Whether a file is as long as its own container says: a cut copy is told without decoding a sample."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO, Final

from app.services.media.sniff import HEAD_BYTES, Family, family

_PLACEHOLDER: Final = 0x7FFF_F000
"""Sizes from here up are what writers to a pipe put where they cannot know better: they say nothing."""
_SEGMENT_ID: Final = 0x18538067
_MAX_OGG_PAGE: Final = 65_307


def is_cut(path: Path) -> bool:
    """True when the container announces bytes that the file does not have. False when that cannot be told."""
    size = path.stat().st_size
    with path.open("rb") as file:
        match family(file.read(HEAD_BYTES)):
            case Family.RIFF:
                return _riff_is_cut(file, size)
            case Family.AIFF:
                return _aiff_is_cut(file, size)
            case Family.ISO:
                return _iso_is_cut(file, size)
            case Family.EBML:
                return _ebml_is_cut(file, size)
            case Family.OGG:
                return _ogg_is_cut(file, size)
            case _:
                return False


def mp3_counts_its_frames(path: Path) -> bool:
    """True when an MP3 carries a Xing, Info or VBRI header: only then is its stated duration exact."""
    with path.open("rb") as file:
        head = file.read(10)
        if head.startswith(b"ID3") and len(head) == 10:
            tag = (head[6] << 21) | (head[7] << 14) | (head[8] << 7) | head[9]
            file.seek(10 + tag)
        else:
            file.seek(0)
        frame = file.read(512)
    return any(mark in frame for mark in (b"Xing", b"Info", b"VBRI"))


def _riff_is_cut(file: BinaryIO, size: int) -> bool:
    file.seek(0)
    header = file.read(12)
    if len(header) < 12:
        return True
    announced = int.from_bytes(header[4:8], "little")
    if header[8:12] != b"WAVE":
        return 0 < announced < _PLACEHOLDER and announced + 8 > size + 1
    position = 12
    while position + 8 <= size:
        file.seek(position)
        name, length = struct.unpack("<4sI", file.read(8))
        if name == b"data":
            return bool(length < _PLACEHOLDER and position + 8 + length > size)
        position += 8 + length + length % 2
    return True


def _aiff_is_cut(file: BinaryIO, size: int) -> bool:
    file.seek(4)
    announced = int.from_bytes(file.read(4), "big")
    return announced < _PLACEHOLDER and announced + 8 > size + 1


def _iso_is_cut(file: BinaryIO, size: int) -> bool:
    """Walk the top-level boxes: one that ends after the file, or no `moov` at all, is a cut."""
    position, has_index = 0, False
    while position + 8 <= size:
        file.seek(position)
        header = file.read(16)
        length, name = struct.unpack(">I4s", header[:8])
        if not name.replace(b"\xa9", b"c").isascii() or name == b"\x00\x00\x00\x00":
            break  # padding or junk after the last box
        if length == 1:
            if len(header) < 16:
                return True
            length = int.from_bytes(header[8:16], "big")
        elif length == 0:
            length = size - position
        has_index = has_index or name == b"moov"
        if length < 8:
            break
        position += length
        if position > size:
            return True
    return not has_index


def _ogg_is_cut(file: BinaryIO, size: int) -> bool:
    """The last page's own table says how long the page is."""
    file.seek(max(0, size - 2 * _MAX_OGG_PAGE))
    tail = file.read()
    start = tail.rfind(b"OggS")
    if start < 0:
        return False
    page = tail[start:]
    if len(page) < 27 or len(page) < 27 + page[26]:
        return True
    return len(page) < 27 + page[26] + sum(page[27 : 27 + page[26]])


def _ebml_is_cut(file: BinaryIO, size: int) -> bool:
    """Follow the elements: enter those of unknown size (a live recording), step over the others."""
    position, seen_segment = 0, False
    while position < size:
        file.seek(position)
        head = file.read(12)
        parsed = _ebml_element(head)
        if parsed is None:
            return len(head) < 12  # an element cut inside its own header; otherwise junk, which tells nothing
        identifier, length, used = parsed
        seen_segment = seen_segment or identifier == _SEGMENT_ID
        position += used
        if length is None:
            continue
        position += length
        if position > size:
            return True
    return not seen_segment


def _ebml_element(head: bytes) -> tuple[int, int | None, int] | None:
    """(identifier, payload length or None when unknown, header length), or None when it is not one."""
    if not head or head[0] < 0x10:
        return None
    id_length = 9 - head[0].bit_length()
    if len(head) <= id_length or head[id_length] == 0:
        return None
    size_length = 9 - head[id_length].bit_length()
    used = id_length + size_length
    if len(head) < used:
        return None
    value = int.from_bytes(head[id_length:used], "big") & ((1 << (7 * size_length)) - 1)
    unknown = value == (1 << (7 * size_length)) - 1
    return int.from_bytes(head[:id_length], "big"), None if unknown else value, used
