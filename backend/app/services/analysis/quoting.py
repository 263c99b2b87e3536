"""Finding words in a text although Unicode form, white space, case or typography differ.

What is found is given as a place in the text, so that a quote is always cut from what was said and never taken from
whoever quotes.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_TYPOGRAPHY: Final = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛`´ʼ", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
    }
)
_TRIMMED: Final = " \t\r\n\"'.,;:-…"
"""What may stand around a quote without belonging to it."""


def normalized(text: str) -> str:
    """Text for comparison: one Unicode form, one kind of white space; case and punctuation stay."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """Where in `text` the words of `quote` stand, `end` exclusive; None when they do not."""
    direct = text.find(quote) if quote.strip() else -1
    if direct >= 0:
        return _trimmed(text, direct, direct + len(quote))
    wanted = "".join(_folded(quote)[0]).strip(_TRIMMED)
    if not wanted:
        return None
    letters, places = _folded(text)
    found = "".join(letters).find(wanted)
    if found < 0:
        return None
    return places[found], places[found + len(wanted) - 1] + _length_at(text, places[found + len(wanted) - 1])


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the white space around it."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))


def _folded(text: str) -> tuple[list[str], list[int]]:
    """The comparable letters and, for each, the position of the character that it comes from."""
    letters: list[str] = []
    places: list[int] = []
    position = 0
    while position < len(text):
        length = _length_at(text, position)
        cluster = unicodedata.normalize("NFKC", text[position : position + length])
        for letter in cluster.translate(_TYPOGRAPHY).casefold():
            if letter.isspace():
                if letters and letters[-1] != " ":
                    letters.append(" ")
                    places.append(position)
            elif unicodedata.category(letter) != "Cf":
                letters.append(letter)
                places.append(position)
        position += length
    return letters, places


def _length_at(text: str, position: int) -> int:
    """A character with the marks that combine with it."""
    end = position + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end - position
