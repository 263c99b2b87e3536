"""Text in its plainest form, for comparing: one case, no accents, no invisible characters, one kind of quote.

Every folded character knows the stretch of the source that it came from, so that what is found in the plain form
can be marked in the original.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

_ALIKE: Final = {
    **dict.fromkeys("’‘‛ʼʻˈ´`′＇", "'"),
    **dict.fromkeys("“”„‟«»″＂", '"'),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
}
_LETTERS: Final = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "ħ": "h",
}
_BLANK: Final = "\u2800"
_NOTHING: Final = frozenset("\u0640\u115f\u1160\u3164\uffa0")
"""Letters by their category that show nothing or only stretch a word (tatweel, Hangul fillers)."""
_LOOSE_MARKS: Final = frozenset("\uff9e\uff9f")
"""Half-width voicing marks of Japanese: letters by their category, marks by their use."""

Origin = tuple[int, int]


class Folded:
    """`text` is the plain form of `source`."""

    __slots__ = ("_origins", "source", "text")

    def __init__(self, source: str, text: str, origins: Sequence[Origin]) -> None:
        self.source = source
        self.text = text
        self._origins = origins

    @classmethod
    def of(cls, source: str) -> Folded:
        if source.isascii():
            origins = [(at, at + 1) for at in range(len(source))]
            return cls(source, source.translate(_ASCII).lower(), origins)
        characters: list[str] = []
        found: list[Origin] = []
        for start, end in _clusters(source):
            for character in _plain(source[start:end]):
                characters.append(character)
                found.append((start, end))
        return cls(source, "".join(characters), found)

    def origin(self, start: int, end: int) -> Origin:
        """The stretch of the source that `text[start:end]`, which must not be empty, came from."""
        stretch = self._origins[start:end]
        return min(o[0] for o in stretch), max(o[1] for o in stretch)

    def translated(self, table: Mapping[str, str]) -> Folded:
        """With single characters exchanged for others, such as digits for the letters they stand for."""
        return Folded(self.source, "".join(table.get(c, c) for c in self.text), self._origins)

    def kept(self, positions: Iterable[int]) -> Folded:
        """Only these characters, in this order."""
        chosen = list(positions)
        return Folded(
            self.source, "".join(self.text[at] for at in chosen), [self._origins[at] for at in chosen]
        )


_ASCII: Final = str.maketrans({"`": "'", "\n": " ", "\t": " ", "\r": " ", "\v": " ", "\f": " "})


def fold(text: str) -> str:
    """The plain form alone."""
    return Folded.of(text).text


def _clusters(text: str) -> Iterator[Origin]:
    """A character and the marks and invisible characters after it, which no span may tear from it."""
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and _belongs_to_the_one_before(text[end]):
            end += 1
        yield start, end
        start = end


def _belongs_to_the_one_before(character: str) -> bool:
    if character.isascii():
        return False
    return (
        unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf"}
        or "\u1160" <= character <= "\u11ff"
        or character in _LOOSE_MARKS
    )


def _plain(cluster: str) -> str:
    if len(cluster) == 1 and cluster.isascii():
        return cluster.translate(_ASCII).lower()
    alike = "".join(_ALIKE.get(c, c) for c in cluster)
    whole = unicodedata.normalize("NFKC", alike)
    if whole and _has_accents(whole[0]):
        whole = "".join(c for c in unicodedata.normalize("NFKD", whole) if unicodedata.category(c)[0] != "M")
    return "".join(_single(c) for c in whole)


def _has_accents(character: str) -> bool:
    """In these scripts (Latin, Greek, Cyrillic, Hebrew, Arabic) a word without its marks is the same word."""
    return character < "\u0900" or "\u1e00" <= character <= "\u1fff"


def _single(character: str) -> str:
    if character.isspace() or character == _BLANK:
        return " "
    if character in _NOTHING or unicodedata.category(character) == "Cf":
        return ""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    lower = character.casefold()
    return _LETTERS.get(lower, lower)
