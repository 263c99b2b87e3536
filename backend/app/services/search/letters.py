"""Characters as they are compared: folded one by one, so that each knows where it stood.

This is the folding of `repositories.folding` with two differences that texts need and names do not: what separates
words becomes a space, and the marks of scripts that cannot be read without them (voiced kana, vowels of Hindi or
Thai) stay.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from app.repositories.folding import fold

TECHNICAL: Final = frozenset("+#.")
"""Kept beside letters and digits, for `C++`, `C#` and `.NET`; what they mean is the analyzer's business."""

_INVISIBLE: Final = "Cf"
_ZERO_WIDTH_SPACE: Final = "\u200b"
_SELECTORS: Final = (("\ufe00", "\ufe0f"), ("\U000e0100", "\U000e01ef"))
_ACCENTS: Final = (
    ("\u0300", "\u08ff"),
    ("\u1ab0", "\u1aff"),
    ("\u1dc0", "\u1dff"),
    ("\u20d0", "\u20ff"),
    ("\ufe20", "\ufe2f"),
)
"""Blocks whose combining characters people leave out when they type: of Latin, Greek, Cyrillic, Hebrew, Arabic."""


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text. `origins` has for each of its characters the position of the one it came from; None when the
    positions are the same."""

    text: str
    origins: list[int] | None


class _Table(dict[str, str]):
    """What each character becomes: nothing, a space, or one or more folded characters. Filled as they are met."""

    def __missing__(self, character: str) -> str:
        folded = "".join(_part(part) for part in _decomposed(character))
        if len(self) < _REMEMBERED:
            self[character] = folded
        return folded


_REMEMBERED: Final = 20_000
"""More than any language has; a text of all there is must not fill the memory."""


def folded(text: str) -> Folded:
    if text.isascii():
        return Folded(text.translate(_ASCII), None)
    pieces = [_TABLE[character] for character in text]
    origins = [position for position, piece in enumerate(pieces) for _ in piece]
    return Folded("".join(pieces), origins)


def is_attached(character: str) -> bool:
    """Whether it belongs to the character before it and is nothing by itself: an accent, a joiner, a selector."""
    return not _TABLE[character] or unicodedata.category(character).startswith("M")


def _decomposed(character: str) -> str:
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())


def _part(character: str) -> str:
    if character == _ZERO_WIDTH_SPACE:
        return " "
    category = unicodedata.category(character)
    if category == _INVISIBLE or _within(character, _SELECTORS):
        return ""
    if category.startswith("M"):
        return "" if _within(character, _ACCENTS) else character
    if character in TECHNICAL:
        return character
    # Strokes (ł, ø) as in names; a letter that is none of them stays what it is.
    return (fold(character) or character) if character.isalnum() else " "


def _within(character: str, blocks: tuple[tuple[str, str], ...]) -> bool:
    return any(first <= character <= last for first, last in blocks)


_TABLE: Final = _Table()
_ASCII: Final = str.maketrans({character: _TABLE[character] for character in map(chr, range(128))})
"""Each of them becomes one character, so their positions stay."""
