"""Which way words run in a Word document.

Word does not find out by itself: it has to be told of each paragraph from which side it is read, and of each run whether
its letters go from right to left. A run that mixes both is shown in an order that nobody can foresee, so text is cut
where the direction changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Final
from unicodedata import bidirectional

from docx.text.paragraph import Paragraph as WordParagraph

from app.services.export.docx_styles import element

_STRONG: Final = {"L": False, "R": True, "AL": True}
_CLINGING: Final = frozenset({"NSM", "BN"})
"""Marks and joiners are one with the character ahead of them."""
_AFTER_BIDI: Final = (
    "w:adjustRightInd",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:mirrorIndents",
    "w:suppressOverlap",
    "w:jc",
    "w:textDirection",
    "w:textAlignment",
    "w:textboxTightWrap",
    "w:outlineLvl",
    "w:divId",
    "w:cnfStyle",
    "w:rPr",
    "w:sectPr",
    "w:pPrChange",
)


def is_right_to_left(text: str) -> bool:
    """Whether most words are: a Hebrew sentence may begin with an English term. At a tie the first decides."""
    if text.isascii():
        return False
    strong = (_first_direction(word) for word in text.split())
    known = [direction for direction in strong if direction is not None]
    words = Counter(known)
    return known[0] if known and words[True] == words[False] else words[True] > words[False]


def _first_direction(word: str) -> bool | None:
    directions = (_STRONG.get(bidirectional(character)) for character in word)
    return next((direction for direction in directions if direction is not None), None)


def runs_of(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces of one direction, each with whether it goes from right to left."""
    if text.isascii():
        yield text, False
        return
    for direction, pieces in groupby(zip(text, _directions(text), strict=True), key=lambda pair: pair[1]):
        yield "".join(character for character, _ in pieces), direction


def read_from_the_right(paragraph: WordParagraph, *, wanted: bool) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.remove_all("w:bidi")
    if wanted:
        # Word calls a file damaged whose properties are not in the order of the standard.
        properties.insert_element_before(element("w:bidi"), *_AFTER_BIDI)


def _directions(text: str) -> list[bool]:
    """For each character. What has no direction (space, stops, figures) goes with its neighbours where they agree, else
    with the whole."""
    whole = is_right_to_left(text)
    kinds = [bidirectional(character) for character in text]
    own = [_STRONG.get(kind) for kind in kinds]
    found: list[bool] = []
    before = whole
    for kind, direction, after in zip(kinds, own, _following(own, whole), strict=True):
        if direction is not None:
            before = direction
            found.append(direction)
        elif kind in _CLINGING and found:
            found.append(found[-1])
        else:
            found.append(before if before is after else whole)
    return found


def _following(own: list[bool | None], whole: bool) -> list[bool]:
    """For each place the next direction that is known, from there on."""
    found: list[bool] = []
    after = whole
    for direction in reversed(own):
        after = after if direction is None else direction
        found.append(after)
    return found[::-1]
