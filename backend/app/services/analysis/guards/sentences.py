"""Sentences by their positions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from app.models.transcript import Utterance
from app.services.analysis.redaction import Span

_ABBREVIATION: Final = (
    r"(?<!\b[A-Za-z])(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bProf)(?<!\bSt)(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)"
)
_SENTENCE: Final = re.compile(
    rf"\S.*?(?:(?:[!?…؟]|{_ABBREVIATION}\.)+[\"'”’)\]]*(?=\s|$)|[。！？]+[”’」』）]*|(?=\n\s*\n)|$)",
    re.DOTALL,
)


def sentence_ranges(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence, without the white space between them."""
    found = ((m.start(), m.start() + len(m.group().rstrip())) for m in _SENTENCE.finditer(text))
    return [(start, end) for start, end in found if end > start]


def sentence_spans(utterance: Utterance) -> list[Span]:
    return [Span(utterance.id, start, end) for start, end in sentence_ranges(utterance.text)]


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
