"""How far several runs over the same interview agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from app.models.analysis import AnalysisDraft
from app.models.template import Level
from bench.quality.figures import Figure, Share

_Cited = frozenset[tuple[str, str]]
"""Kind of claim and utterance."""


def stability(drafts: Sequence[AnalysisDraft]) -> dict[Figure, Share]:
    """Empty with fewer than two runs."""
    if len(drafts) < 2:
        return {}
    overlaps = [
        len(one & other) / len(one | other)
        for one, other in combinations([frozenset(_cited(d)) for d in drafts], 2)
        if one | other
    ]
    return {
        Figure.LEVELS_STABLE: Share.counted(_agreements(drafts)),
        Figure.CLAIMS_STABLE: Share(sum(overlaps), len(overlaps)),
    }


def _agreements(drafts: Sequence[AnalysisDraft]) -> Iterator[bool]:
    """For each criterion to which some run gave a level. Where no run judges, nothing is shown by agreeing."""
    rows = [{c.criterion_id: c.level for c in d.criteria} for d in drafts]
    for criterion_id in sorted({i for row in rows for i in row}):
        levels: set[Level | None] = {row.get(criterion_id) for row in rows}
        if levels != {None}:
            yield len(levels) == 1


def _cited(draft: AnalysisDraft) -> Iterator[tuple[str, str]]:
    yield from (("question", p.question.utterance_id) for p in draft.question_answers)
    for kind, claims in (
        ("summary", draft.summary),
        ("strength", draft.strengths),
        ("red flag", draft.red_flags),
        ("fact", draft.facts),
        ("criterion", draft.criteria),
    ):
        yield from ((kind, e.utterance_id) for claim in claims for e in claim.evidence)
