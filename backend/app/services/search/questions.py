"""What people type into the search field: words, and phrases in quotation marks. All of it must be in an utterance."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.core.errors import InvalidInput
from app.services.search.analyzer import words

LONGEST_QUESTION: Final = 300
"""Characters."""
_MOST_TERMS: Final = 32
_QUOTE: Final = re.compile('["“”„‟«»＂]')


class QuestionEmpty(InvalidInput):
    code = "search_empty"


class QuestionTooLong(InvalidInput):
    code = "search_too_long"


@dataclass(frozen=True, slots=True)
class Question:
    """`terms` and `phrases` as `SearchQuery` takes them."""

    terms: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]


def read_question(text: str, language: str | None = None) -> Question:
    """The words of a question in a language (BCP 47, or None: any). Raises `QuestionEmpty` and `QuestionTooLong`.

    >>> read_question('billing "moved to events"')
    Question(terms=('billing',), phrases=(('moved', 'to', 'events'),))
    """
    if len(text) > LONGEST_QUESTION:
        raise QuestionTooLong(
            f"A search has at most {LONGEST_QUESTION} characters; this one has {len(text)}."
        )
    terms: dict[str, None] = {}
    phrases: dict[tuple[str, ...], None] = {}
    for piece in _pieces(text):
        found = words(piece, language)
        if len(found) == 1:
            terms[found[0].own or found[0].term] = None
        elif found:
            # `don't`, `Node.js`, a Chinese word: several terms that only mean what was typed in this order.
            phrases[tuple(word.term for word in found)] = None
    if not terms and not phrases:
        raise QuestionEmpty("Search for at least one word or number.")
    if len(terms) + sum(map(len, phrases)) > _MOST_TERMS:
        raise QuestionTooLong(f"A search has at most {_MOST_TERMS} words.")
    return Question(tuple(terms), tuple(phrases))


def _pieces(text: str) -> Iterable[str]:
    """Phrases as a whole, everything else word by word. A quotation that is not closed reaches to the end."""
    for number, part in enumerate(_QUOTE.split(text)):
        if number % 2:
            yield part
        else:
            yield from part.split()
