"""Words for comparing English texts: tokens, stop words, stems."""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

STOP_WORDS: Final = frozenset(
    """
    a able about above across actually after again all already also always am among an and another any anything
    anyway are around as at away back be became because become becomes been before begin being believe below best
    better between big bit both bring but by called came can can't clear clearly come could couldn't day did didn't
    different do does doesn't doing don't done down during each easy eight else enough especially etc even ever
    every everybody everyone everything fact far feel felt few fine first five for four from full further gave get
    gets getting give go goes going gone good got great had happen happened happens happy has have having he hello
    help helped her here hers hi him his hope how however hundred i i'd i'll i'm i've if important in instead
    interested interesting into is isn't it it's its itself just keep keeping kept kind know large last later least
    left less let let's like little long look lot lots made make makes making many matter may maybe me mean
    mentioned might mine moment more most mostly much must my myself named need needed needs never new next nice
    nine no nobody nor not nothing now number of off often oh ok okay on once one ones only opposite or other our
    ours ourselves out over own part past people per perhaps person piece please point possible pretty probably put
    question questions quickly quite rather read really reason remember right said same saw say says second see seen
    sense seven several she should simple simply since single six small so some somebody someone something sometimes
    somewhere soon sort sound sounds spent start started still stuff such sure take talk talked talking team tell
    ten than thank thanks that that's the their theirs them then there there's these they they're thing things think
    third this those though thought thousand three through time times to together told too took tried try trying
    turn turned two type under understand until up us use used using usually very via want wanted was wasn't way
    ways we we're we've week well went were what whatever when whenever where wherever whether which while who
    whoever whole whom why will with within without won't wonder word work worked working works would wouldn't write
    wrong wrote year years yes yet you you're your yours yourself zero
    """.split()  # noqa: SIM905 - a list of hundreds of quoted words would hide them
)
_SUFFIXES: Final = (
    "ational",
    "ization",
    "fulness",
    "ements",
    "ations",
    "ement",
    "ation",
    "ments",
    "ness",
    "ment",
    "ings",
    "tion",
    "ing",
    "ers",
    "ies",
    "ed",
    "er",
    "es",
    "ly",
    "s",
    "e",
)
_SHORTEST_STEM: Final = 3


def tokens(text: str) -> list[str]:
    return [m.group().lower().replace("’", "'") for m in _TOKEN.finditer(text)]


def stem(word: str) -> str:
    """A crude stem: enough for `testing`, `tests` and `tested` to meet."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            return word[: -len(suffix)]
    return word


def content_stems(text: str) -> list[str]:
    return [stem(t) for t in tokens(text) if t not in STOP_WORDS and len(t) > 1]
