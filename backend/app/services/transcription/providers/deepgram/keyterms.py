"""Words that Deepgram should expect: names, the position, and what is special in the template's questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

_MOST: Final = 100
_MOST_CHARACTERS: Final = 2000
"""Of all terms: Deepgram's 500 tokens, at four characters each."""
_LONGEST: Final = 50
_WORD: Final = re.compile(r"[^\s,;:?!()\[\]{}\"“”„«»]+")
_SPECIAL: Final = re.compile(r"[A-Z].*[A-Z0-9]|\d|[+#./]\w|\w[+#]")
"""Inside a word: capitals that are no beginning of a sentence, digits, the signs of `C++`, `C#`, `CI/CD`, `.NET`."""


def keyterms(position: str | None, names: Iterable[str], topics: Iterable[str]) -> tuple[str, ...]:
    """At most a hundred terms without commas, each once, the names first."""
    chosen: dict[str, str] = {}
    room = _MOST_CHARACTERS
    for term in (*_whole(names), *_whole([position or ""]), *_special(topics)):
        if term.casefold() in chosen or len(chosen) == _MOST or len(term) > room:
            continue
        chosen[term.casefold()] = term
        room -= len(term)
    return tuple(chosen.values())


def _whole(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        term = " ".join(_WORD.findall(text))
        if 1 < len(term) <= _LONGEST:
            yield term


def _special(texts: Iterable[str]) -> Iterator[str]:
    """Words that a general listener would not know: they look unlike their neighbours."""
    for text in texts:
        for number, found in enumerate(_WORD.findall(text)):
            word = found.strip("'’-–—.*_")
            is_name = number > 0 and word[:1].isupper() and len(word) > 2
            if 1 < len(word) <= _LONGEST and (is_name or _SPECIAL.search(word)):
                yield word
