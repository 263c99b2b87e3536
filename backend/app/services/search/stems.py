"""Stems: the part of a word that its forms share, so that `testing` finds `tests`.

Stems are made of folded words, because a text and a question may be typed with and without accents.
"""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import Final, Protocol

from app.services.search.providers.snowball import snowball_stemmer

DEFAULT_LANGUAGE: Final = "en"
"""Of questions that come without a language. Every text has its stems, whatever language it is in."""


class Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the name that the library gives it


_one_at_a_time: Final = Lock()
"""Stemmers keep the word that they work on; texts are indexed in threads."""


def stem(word: str, language: str) -> str:
    """The stem of a folded word; the word itself in a language that has no stemmer here."""
    stemmer = _stemmer(language)
    if stemmer is None:
        return word
    with _one_at_a_time:
        return stemmer.stemWord(word) or word


def language_of(tag: str | None) -> str:
    """The language whose stems a text or a question gets, of a BCP 47 tag."""
    return tag.partition("-")[0].lower() if tag else DEFAULT_LANGUAGE


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Stemmer | None:
    return snowball_stemmer(language)
