"""Names as people type them: folded so that case and accents do not decide whether something is found."""

from __future__ import annotations

import unicodedata
from string import ascii_lowercase, ascii_uppercase
from typing import Final

_STROKES: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Letters that Unicode does not decompose although people type them without the stroke."""

_ASCII_LOWER: Final = str.maketrans(ascii_uppercase, ascii_lowercase)

LAST: Final = "\U0010ffff"
"""Sorts after every character: `prefix <= x < prefix + LAST` are the strings with that prefix."""


def fold(text: str) -> str:
    """Case and diacritics removed, white space collapsed; the same for composed and decomposed input.

    >>> fold("  ZOË  Łukasz ")
    'zoe lukasz'
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(bare.translate(_STROKES).split())


def fold_email(address: str) -> str:
    """ASCII letters in lower case: what a database's own `lower` does, so that both find the same.

    >>> fold_email("Zoë@Example.COM")
    'zoë@example.com'
    """
    return address.translate(_ASCII_LOWER)


def fold_optional(text: str | None) -> str | None:
    return None if text is None else fold(text)
