"""Which characters the fonts at hand cannot show.

The compiler draws an empty box for a character that no font has and says nothing about it. Each character is drawn
alone here, and compared with one that is in no font.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

import typst

_PROBE: Final = b"""
#set page(width: 2em, height: 2em, margin: 0pt, fill: none)
#set text(font: "Libertinus Serif")
#for (place, character) in json(bytes(sys.inputs.data)).enumerate() {
  if place > 0 { pagebreak() }
  text(character)
}
"""
_IN_NO_FONT: Final = "\U0010fffd"
_GLYPH: Final = re.compile(rb'<symbol id="(g[0-9A-Za-z]+)"')
# The serif of the compiler has all of these blocks that anybody writes: Latin, Greek, Cyrillic, punctuation.
_ALWAYS: Final = re.compile("[\x00-\u024f\u0370-\u03ff\u0400-\u04ff\u2010-\u2027]")
_MOST_AT_ONCE: Final = 4000


def missing_characters(texts: Iterable[str], fonts: typst.Fonts) -> tuple[str, ...]:
    """The characters without a glyph, in the order of their code points."""
    unsure = sorted({c for text in texts for c in text if not _ALWAYS.match(c) and _has_shape(c)})
    missing: list[str] = []
    for begin in range(0, len(unsure), _MOST_AT_ONCE):
        missing += _without_glyph(unsure[begin : begin + _MOST_AT_ONCE], fonts)
    return tuple(missing)


def scripts(characters: Iterable[str]) -> tuple[str, ...]:
    """What the characters belong to, as Unicode names it (`Hangul`, `Cjk`), for people."""
    names = (unicodedata.name(character, "Unnamed").split()[0] for character in characters)
    return tuple(sorted({name if name == "CJK" else name.title() for name in names}))


def _has_shape(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs", "Mn", "Me"}


def _without_glyph(characters: list[str], fonts: typst.Fonts) -> list[str]:
    data = json.dumps([_IN_NO_FONT, *characters])
    pages = typst.Compiler(_PROBE, font_paths=fonts, sys_inputs={"data": data}).compile(format="svg")
    assert isinstance(pages, list)  # noqa: S101 - more than one page is a list
    box, *drawn = (frozenset(_GLYPH.findall(page)) for page in pages)
    return [character for character, glyphs in zip(characters, drawn, strict=True) if glyphs & box]
