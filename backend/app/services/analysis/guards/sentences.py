"""Sentences by their positions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from app.services.analysis.guards.phrases import word_set
from app.services.analysis.redaction import Span

_ABBREVIATION: Final = (
    r"(?<!\b[A-Z])(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bProf)(?<!\bSt)(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)"
)
_SENTENCE: Final = re.compile(
    rf"\S.*?(?:(?:[!?…؟]|{_ABBREVIATION}\.)+[\"'”’)\]]*(?=\s|$)|[。！？]+[”’」』）]*|(?=\n\s*\n)|$)",
    re.DOTALL,
)

_WORD: Final = re.compile(r"\S+")
_LONG_SENTENCE: Final = 40
"""Words beyond which a sentence is taken for several that nobody punctuated."""
_SHORTEST_CLAUSE: Final = 8
_CLAUSE_OPENERS: Final = word_set("""
    and but so because then when while which or if und aber oder dann weil wenn et mais ou donc car quand y pero o
    entonces porque cuando
""")


def sentence_ranges(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence, without the white space between them."""
    found = ((m.start(), m.start() + len(m.group().rstrip())) for m in _SENTENCE.finditer(text))
    return [(start, end) for start, end in found if end > start]


def clause_ranges(text: str) -> list[tuple[int, int]]:
    """The sentences, those that no punctuation ends cut into clauses, so that none is longer than it needs to be."""
    return [clause for start, end in sentence_ranges(text) for clause in _clauses(text, start, end)]


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = list(_WORD.finditer(text, start, end))
    if len(words) <= _LONG_SENTENCE:
        yield start, end
        return
    first = 0
    for number, word in enumerate(words):
        opens = word.group().casefold() in _CLAUSE_OPENERS or words[number - 1].group().endswith(",")
        if (opens and number - first >= _SHORTEST_CLAUSE) or number - first >= _LONG_SENTENCE:
            yield words[first].start(), words[number - 1].end()
            first = number
    yield words[first].start(), end


def words_in(text: str) -> int:
    return len(text.split())


def joined(spans: Sequence[Span], texts: dict[str, str]) -> tuple[Span, ...]:
    """The spans without overlaps, neighbours of one utterance joined over the white space between them."""
    result: list[Span] = []
    order = {utterance_id: number for number, utterance_id in enumerate(texts)}
    for span in sorted(spans, key=lambda s: (order[s.utterance_id], s.start, -s.end)):
        last = result[-1] if result else None
        if (
            last is not None
            and last.utterance_id == span.utterance_id
            and (span.start <= last.end or not texts[span.utterance_id][last.end : span.start].strip())
        ):
            result[-1] = Span(last.utterance_id, last.start, max(last.end, span.end))
        else:
            result.append(span)
    return tuple(result)
