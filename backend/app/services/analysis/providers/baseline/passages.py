"""Places that may have to do with the template's questions, by Okapi BM25.

Similarity finds topics, not truth: a covered question can score lower than one that was never asked, so there is no
threshold that would allow to say "covered" or "not covered". Ranked candidates are all that is honest.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.models.analysis import Passage, QuestionAnswer, RelatedPassages
from app.models.template import TemplateQuestion, TemplateVersion
from app.services.analysis.text.turns import Turn, evidence
from app.services.analysis.text.words import content_stems

_SHOWN: Final = 3
_K1: Final = 1.2
_B: Final = 0.75
_QUESTION_WEIGHT: Final = 2
"""The asked question says more about the topic than any sentence of a long answer."""


@dataclass(frozen=True, slots=True)
class _Document:
    """An exchange: what was asked with what was answered. It is shown by its best utterance."""

    terms: Counter[str]
    utterance_terms: tuple[frozenset[str], ...]
    pair: QuestionAnswer


def related_passages(
    template: TemplateVersion, turns: Sequence[Turn], pairs: Sequence[QuestionAnswer]
) -> tuple[RelatedPassages, ...]:
    """For each template question up to three exchanges, best first, each quoted by its most similar utterance."""
    said = {u.id: u for turn in turns for u in turn.utterances}
    documents = [_document(pair) for pair in pairs]
    lengths = [d.terms.total() for d in documents]
    average = sum(lengths) / len(lengths) if lengths else 1.0
    frequency = Counter(term for d in documents for term in d.terms)

    def score(query: Sequence[str], document: _Document, length: int) -> float:
        total = 0.0
        for term in query:
            count = document.terms.get(term, 0)
            if count:
                rarity = math.log(1 + (len(documents) - frequency[term] + 0.5) / (frequency[term] + 0.5))
                total += rarity * count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length / average))
        return total

    def passages(question: TemplateQuestion) -> tuple[Passage, ...]:
        query = content_stems(f"{question.text} {question.competency or ''}")
        scored = [(score(query, d, n), d) for d, n in zip(documents, lengths, strict=True)]
        best = sorted((s for s in scored if s[0] > 0), key=lambda s: -s[0])[:_SHOWN]
        top = best[0][0] if best else 1.0
        # Relative to the best candidate: the raw figure means nothing to a reader.
        return tuple(
            Passage(evidence=evidence(said[_best_utterance(d, query)]), score=round(s / top, 3))
            for s, d in best
        )

    return tuple(
        RelatedPassages(question_id=q.id, question=q.text, passages=passages(q)) for q in template.questions
    )


def _document(pair: QuestionAnswer) -> _Document:
    answer = [content_stems(e.quote) for e in pair.answer]
    terms = Counter(content_stems(pair.question.quote) * _QUESTION_WEIGHT)
    for stems in answer:
        terms.update(stems)
    return _Document(terms, tuple(frozenset(stems) for stems in answer), pair)


def _best_utterance(document: _Document, query: Sequence[str]) -> str:
    """The utterance of the answer that shares most with the query."""
    wanted = set(query)
    # Among equals the one with most to say: an answer may open with "Sure."
    ranks = [(len(wanted & terms), len(terms)) for terms in document.utterance_terms]
    return document.pair.answer[ranks.index(max(ranks))].utterance_id
