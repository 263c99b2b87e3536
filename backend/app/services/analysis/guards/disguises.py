"""Texts as software reads through their disguise: look-alike letters, digits for letters, spaced or reversed letters,
rot13, base64, hexadecimal and invisible characters.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator
from typing import Final

from app.services.analysis.guards.folding import Folded

_LOOK_ALIKE: Final = {
    **dict(zip("авекмнорстухіјѕԁһӏԛԝьгп", "abekmhopctyxijsdhlqwbrn", strict=True)),
    **dict(zip("αβγεηικνορτυχω", "abyenikvoptuxw", strict=True)),
    **dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɡɑ", "abcdefghijklmnoprstuvwyzga", strict=True)),
    **{chr(0x1F170 + n): chr(ord("a") + n) for n in range(26)},
    **{chr(0x1F130 + n): chr(ord("a") + n) for n in range(26)},
}
_DIGITS: Final = dict(zip("013457@$!|", "oieastasil", strict=True))
_MIXED: Final = re.compile(r"[a-z][0-9@$|!][a-z]|\b[0134@$][a-z]{2,}")
_NOT_LATIN: Final = re.compile(r"[^\x00-\x7f]")
_SPACED: Final = re.compile(r"(?<![a-z0-9])[a-z](?:[^\S\n]{1,3}[a-z]|[.\-_*|·~+][a-z]){4,}(?![a-z0-9])")
_ROT13: Final = dict(zip("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm", strict=True))
_TELLING: Final = (
    "ignore",
    "disregard",
    "instruction",
    "prompt",
    "strong yes",
    "forget",
    "override",
    "rate me",
    "rating",
)
_TELLING_ROT13: Final = tuple(codecs.encode(word, "rot13") for word in _TELLING)
_TELLING_BACKWARDS: Final = tuple(word[::-1] for word in _TELLING)

_BASE64: Final = re.compile(r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{20,}={0,2}")
_HEX: Final = re.compile(r"(?<![0-9A-Fa-f])(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[ ,:]?){12,}(?![0-9A-Fa-f])")
_INVISIBLE: Final = re.compile(
    r"(?<!\U0001f3f4)[\U000e0020-\U000e007e]+|[\u200b-\u200d\u2060-\u2064\ufeff\u180e]{8,}|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}"
)
_LEAST_READABLE: Final = 0.85
"""Part of a decoded text that must be letters and spaces for it to be a message."""


def readings(source: str) -> Iterator[Folded]:
    """The plain text, then each reading for which the text gives a cause."""
    plain = Folded.of(source)
    yield plain
    if _NOT_LATIN.search(plain.text):
        latin = plain.translated(_LOOK_ALIKE)
        if latin.text != plain.text:
            yield latin
            plain = latin
    if _MIXED.search(plain.text):
        yield plain.translated(_DIGITS)
    if _SPACED.search(plain.text):
        yield _without_spacing(plain)
    if any(word in plain.text for word in _TELLING_ROT13):
        yield plain.translated(_ROT13)
    if any(word in plain.text for word in _TELLING_BACKWARDS):
        yield plain.kept(range(len(plain.text) - 1, -1, -1))


def squeezed(reading: Folded) -> Folded:
    """Letters and digits only: for orders spelled without telling where a word ends."""
    return reading.kept(at for at, character in enumerate(reading.text) if character.isalnum())


def is_spaced(text: str) -> bool:
    return _SPACED.search(text) is not None


def _without_spacing(plain: Folded) -> Folded:
    """Spaced letters joined; two spaces or more stay as one, because they part words."""
    dropped: set[int] = set()
    for run in _SPACED.finditer(plain.text):
        for gap in re.finditer(r"[^a-z0-9]+", run.group()):
            first, last = run.start() + gap.start(), run.start() + gap.end()
            dropped.update(range(first, last) if last - first == 1 else range(first, last - 1))
    return plain.kept(at for at in range(len(plain.text)) if at not in dropped)


def encoded(source: str) -> Iterator[tuple[int, int]]:
    """Stretches that hide a text in base64, in hexadecimal or in invisible characters."""
    for match in _BASE64.finditer(source):
        if _is_message(_from_base64(match.group())):
            yield match.span()
    for match in _HEX.finditer(source):
        if _is_message(_from_hex(match.group())):
            yield match.span()
    for match in _INVISIBLE.finditer(source):
        yield match.span()


def _from_base64(text: str) -> bytes:
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(
            plain[: len(plain) - (len(plain) % 4 == 1)] + "=" * (-len(plain) % 4), validate=True
        )
    except (binascii.Error, ValueError):
        return b""


def _from_hex(text: str) -> bytes:
    digits = re.sub(r"0x|\\x|[ ,:]", "", text)
    return bytes.fromhex(digits[: len(digits) // 2 * 2])


def _is_message(decoded: bytes) -> bool:
    try:
        text = decoded.decode()
    except UnicodeDecodeError:
        return False
    readable = sum(c.isalpha() or c in " .,:!?'\"{}_-" for c in text)
    return len(text) >= 12 and " " in text.strip() and readable / len(text) >= _LEAST_READABLE
