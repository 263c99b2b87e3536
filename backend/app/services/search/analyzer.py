"""From text to terms, the same way for what was said and for what is asked.

The terms of a text are two rows. The first has one term for each word, in order: folded, with its English stem,
whatever language it is in, because a question does not say which language it means. Phrases are found in it. Behind
a gap stands what else a word is found by: its stem in the text's own language, `net` for `.NET`, single Chinese
characters. Chinese, Japanese and Korean, which are written without spaces or with long compounds, become overlapping
pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import Final, NamedTuple

from app.services.search.letters import Folded, folded, is_attached
from app.services.search.stems import DEFAULT_LANGUAGE, language_of, stem

GAP: Final = "_"
"""Between the two rows, so that no phrase reaches from one into the other. No word has this character."""
_LONGEST_TERM: Final = 64
"""Longer words are cut, in texts and in questions alike."""

_HANGUL: Final = "\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff"
_HAN_AND_KANA: Final = (
    "\u3005-\u3007\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
)
_PAIRED: Final = _HANGUL + _HAN_AND_KANA
_LETTER: Final = rf"[^\s.+#{_PAIRED}]"
_WORD: Final = re.compile(
    # `.NET` where a word begins; `C++`, `C#` where one ends.
    rf"(?P<paired>[{_PAIRED}]+)|(?P<dot>(?<!\S)\.(?=[^\W\d_]))?(?P<bare>{_LETTER}+)(?:\+\+|\#(?!{_LETTER}))?"
)
_CHARACTER: Final = re.compile(
    # A decomposed Korean syllable, a kana with its voicing mark, or anything else.
    "[\u1100-\u115f\ua960-\ua97c][\u1160-\u11a7\ud7b0-\ud7c6]?[\u11a8-\u11ff\ud7cb-\ud7fb]?|.[\u3099\u309a]*"
)


class Word(NamedTuple):
    """A word of a text. `start` and `end` are positions of characters; accents behind it belong to it.

    A tuple, because a page of hits makes hundreds of them.
    """

    start: int
    end: int
    term: str
    own: str | None = None
    """Its stem in the text's own language, where that is another one."""
    parts: tuple[str, ...] = ()
    """What of it can be looked for alone."""

    @property
    def others(self) -> tuple[str, ...]:
        return self.parts if self.own is None else (self.own, *self.parts)


def words(text: str, language: str | None = None, *, indexed: Sequence[str] = ()) -> list[Word]:
    """The words of a text in a language (BCP 47, or None), in order.

    `indexed` is what `terms` gave for the text, if that is known: making the stems of an English page of hits again
    would take longer than to find it.
    """
    letters, spoken = folded(text), language_of(language)
    known = [*takewhile(GAP.__ne__, indexed)] if spoken == DEFAULT_LANGUAGE else []
    found: list[Word] = []
    for match in _WORD.finditer(letters.text):
        paired, dot, bare = match.groups()
        if paired:
            found += _pairs(text, letters, match.start(), paired)
            continue
        first, last = match.span()
        start, end = (first, last) if letters.origins is None else _span(text, letters, first, last)
        if dot or last > match.end("bare"):
            # A single letter is not another name of a language: who looks for `C` does not mean `C#`.
            parts = _forms(bare, spoken)[:1] if len(bare) > 1 else ()
            found.append(Word(start, end, _composed(match[0]), parts=parts))
        else:
            number = len(found)
            forms = (known[number], None) if number < len(known) else _forms(bare, spoken)
            found.append(Word(start, end, *forms))
    # Another analyzer has indexed it, and `search rebuild` is yet to come.
    return words(text, language) if known and len(known) != len(found) else found


def terms(text: str, language: str | None = None) -> tuple[str, ...]:
    """What a text is found by, in order and with repetitions."""
    found = words(text, language)
    row = [word.term for word in found]
    others = {other for word in found for other in word.others}.difference(row)
    return (*row, GAP, *sorted(others)) if others else tuple(row)


@lru_cache(maxsize=200_000)
def _forms(folded_word: str, language: str) -> tuple[str, str | None]:
    """The term of a word, and its stem in a language where that is another one."""
    word = _composed(folded_word)
    term, own = stem(word, DEFAULT_LANGUAGE), stem(word, language)
    return term, (None if own == term else own)


def _pairs(text: str, letters: Folded, begin: int, run: str) -> Iterator[Word]:
    """Overlapping pairs of characters; a character that stands alone is a term by itself."""
    units = [(_composed(m[0]), begin + m.start(), begin + m.end()) for m in _CHARACTER.finditer(run)]
    if len(units) == 1:
        unit, first, last = units[0]
        yield Word(*_span(text, letters, first, last), unit)
    for (one, first, _), (other, _, last) in pairwise(units):
        yield Word(*_span(text, letters, first, last), one + other, parts=(one, other))


def _span(text: str, letters: Folded, first: int, end: int) -> tuple[int, int]:
    """Where the folded characters stand in the text, with the marks that follow the last one."""
    if letters.origins is None:
        return first, end
    start, stop = letters.origins[first], letters.origins[end - 1] + 1
    while stop < len(text) and is_attached(text[stop]):
        stop += 1
    return start, stop


def _composed(folded_word: str) -> str:
    return unicodedata.normalize("NFC", folded_word)[:_LONGEST_TERM]
