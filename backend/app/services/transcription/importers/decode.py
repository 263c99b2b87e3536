"""Bytes to text: which encoding it is, and a clear refusal of what is no text."""

from __future__ import annotations

import codecs
import re
from typing import Final

from app.services.transcription.importers.errors import TranscriptUnreadable

_NOT_TEXT: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "a rich text (RTF) document"),
    (b"PK\x03\x04", "a Word document or another ZIP file"),
    (b"PK\x05\x06", "an empty ZIP file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an older Office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"ID3\x02", "an MP3 recording"),
    (b"ID3\x03", "an MP3 recording"),
    (b"ID3\x04", "an MP3 recording"),
    (b"OggS", "an Ogg recording"),
    (b"fLaC", "a FLAC recording"),
    (b"\x1aE\xdf\xa3", "a WebM or Matroska recording"),
)
_MARKUP: Final = re.compile(r"\s{0,64}<(?:!doctype\s+html|html|\?xml|tt[\s>])", re.IGNORECASE)
_HOW: Final = "Export the transcript as WebVTT (.vtt), SRT, JSON or plain text and send that."
_CONTROLS: Final = re.compile(r"[\x01-\x08\x0e-\x1b\x7f\ufeff\ufffe\uffff\ud800-\udfff]")


def decode(data: bytes) -> tuple[str, list[str]]:
    """The text with `\\n` line ends, and warnings. Raises `TranscriptUnreadable` for what is no text."""
    head = data[:1024]
    for magic, what in _NOT_TEXT:
        if head.lstrip().startswith(magic):
            raise TranscriptUnreadable(f"This is {what}, not a transcript. {_HOW}")
    if head[4:8] == b"ftyp" or (head.startswith(b"RIFF") and head[8:12] in {b"WAVE", b"AVI ", b"WEBP"}):
        raise TranscriptUnreadable(f"This is a recording or an image, not a transcript. {_HOW}")
    text, warnings = _to_text(data)
    if _MARKUP.match(text):
        raise TranscriptUnreadable(f"This is an HTML or XML document, not a transcript. {_HOW}")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise TranscriptUnreadable(f"A NUL byte: this is a binary file, or text in UTF-16. {_HOW}", line=line)
    clean, controls = _CONTROLS.subn("", text)
    if controls > 16 and controls > len(text) // 100:
        raise TranscriptUnreadable(f"This is a binary file, not a transcript. {_HOW}")
    return clean.replace("\r\n", "\n").replace("\r", "\n"), warnings


def _to_text(data: bytes) -> tuple[str, list[str]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16"), []
        except UnicodeDecodeError as error:
            raise TranscriptUnreadable(f"The UTF-16 text is damaged at byte {error.start}. {_HOW}") from error
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        # Strict: the five bytes that Windows-1252 leaves undefined are a good sign of something else.
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise TranscriptUnreadable(
            f"Neither UTF-8 nor Windows-1252 text (byte {error.start}). Save the transcript as UTF-8."
        ) from error
    return text, ["The file is not UTF-8; it was read as Windows-1252. Check names and accented letters."]
