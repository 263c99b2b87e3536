"""A cue: a kind of phrase that tells an interviewer from a candidate.

Lists of phrases are written over the plain form of a text: lower case, no accents, `'` for every apostrophe. Every line
is one regular expression that is bounded by words; a space in it stands for any white space.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_ACCENTS: Final = re.compile(r"[\u0300-\u036f]")
_QUOTES: Final = str.maketrans("’‘ʼ´`", "'''''")


@dataclass(frozen=True, slots=True)
class Cue:
    """One kind of phrase. `points` per place: above zero for an interviewer, below for a candidate."""

    kind: str
    points: float
    most: int
    """Places that count, for each speaker: whoever says it ten times is no surer than who says it three times."""
    pattern: re.Pattern[str]


def plain(text: str) -> str:
    """Lower case without accents. It has the words of the text, in their order."""
    lowered = text.casefold().translate(_QUOTES)
    return lowered if lowered.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", lowered))


def wordings(lines: str) -> re.Pattern[str]:
    """One expression that matches what any of the lines does."""
    expressions = (re.sub(" +", r"\\s+", line.strip()) for line in lines.splitlines() if line.strip())
    return re.compile(r"\b(?:" + "|".join(expressions) + r")(?!\w)")
