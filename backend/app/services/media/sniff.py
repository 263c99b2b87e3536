"""What a file is, from its first bytes: which non-media kinds to name, and which media family to inspect."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

HEAD_BYTES: Final = 4096

_NOT_MEDIA: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an older Office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"{\\rtf", "a rich text document"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database"),
)
_STILL_BRANDS: Final = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"avif"})


class Family(StrEnum):
    """Containers whose own structure tells whether the file is whole."""

    RIFF = "RIFF"
    AIFF = "AIFF"
    ISO = "MP4 or QuickTime"
    EBML = "WebM or Matroska"
    OGG = "Ogg"
    FLAC = "FLAC"
    MP3 = "MP3"


def looks_like(head: bytes) -> str | None:
    """A phrase such as "a PDF document" when the first bytes are clearly no recording, else None."""
    for magic, name in _NOT_MEDIA:
        if head.startswith(magic):
            return name
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "a WebP image"
    if head[4:8] == b"ftyp" and head[8:12] in _STILL_BRANDS:
        return "a HEIF image"
    return _textual(head)


def family(head: bytes) -> Family | None:
    """The media container that the first bytes announce."""
    if head.startswith((b"RIFF", b"RF64", b"BW64")):
        return Family.RIFF
    if head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"styp", b"moof"}:
        return Family.ISO
    starts = (
        (b"FORM", Family.AIFF),
        (b"\x1a\x45\xdf\xa3", Family.EBML),
        (b"OggS", Family.OGG),
        (b"fLaC", Family.FLAC),
        (b"ID3", Family.MP3),
    )
    return next((found for magic, found in starts if head.startswith(magic)), None)


def _textual(head: bytes) -> str | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x00" in head[:64]:
        return "a text file"
    # A multi-byte character may be cut at the end of what was read.
    for cut in range(4):
        try:
            text = head[: len(head) - cut].decode()
        except UnicodeDecodeError:
            continue
        break
    else:
        return None
    if not text.strip("\x00") or any(ord(char) < 32 and char not in "\t\n\r\f\x1b" for char in text):
        return None
    start = text.lstrip("\ufeff \t\r\n")[:64].lower()
    if start.startswith(("<!doctype html", "<html")):
        return "a web page"
    if start.startswith(("webvtt", "1\n00:", "1\r\n00:")):
        return "a subtitle file: import it as a transcript"
    return "a text file"
