"""Which claims of two analyses say the same.

An engine words a claim differently every time and numbers it anew, so neither text nor id tells. What does is the
place that it points at, and failing that what it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from app.models.analysis import Claim
from app.repositories.folding import fold

AnyClaim = TypeVar("AnyClaim", bound=Claim)

_SAME: Final = 0.5
"""The least mean of both similarities: the same place said in other words, or the same words from another place."""
_GRAM: Final = 3


@dataclass(frozen=True, slots=True)
class Matching(Generic[AnyClaim]):
    """Each claim is in one of the three; `kept` has pairs of the earlier and the later one."""

    added: tuple[AnyClaim, ...]
    removed: tuple[AnyClaim, ...]
    kept: tuple[tuple[AnyClaim, AnyClaim], ...]


def match_claims(
    before: Sequence[AnyClaim], after: Sequence[AnyClaim], *, same_transcript: bool
) -> Matching[AnyClaim]:
    """The most similar pairs first, each claim at most once; equal ones in the order of the analyses.

    With `same_transcript` a quote has to be in the same utterance to be the same place. Another revision may have cut
    its utterances otherwise, so there the words of the quote decide.
    """
    earlier = [_Traits(claim, same_transcript) for claim in before]
    later = [_Traits(claim, same_transcript) for claim in after]
    scored = [
        (score, i, j)
        for i, one in enumerate(earlier)
        for j, other in enumerate(later)
        if (score := one.similarity(other)) >= _SAME
    ]
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(scored, key=lambda row: (-row[0], row[1], row[2])):
        if i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    return Matching(
        added=tuple(claim for j, claim in enumerate(after) if j not in taken),
        removed=tuple(claim for i, claim in enumerate(before) if i not in partner),
        kept=tuple((before[i], after[j]) for i, j in sorted(partner.items())),
    )


class _Traits:
    """What a claim is compared by: pieces of its text, and pieces of its quotes with their places."""

    def __init__(self, claim: Claim, same_transcript: bool) -> None:
        self._text = frozenset(_pieces(claim.text))
        self._places = frozenset(
            (evidence.utterance_id if same_transcript else "", piece)
            for evidence in claim.evidence
            for piece in _pieces(evidence.quote)
        )

    def similarity(self, other: _Traits) -> float:
        return (_overlap(self._text, other._text) + _overlap(self._places, other._places)) / 2


def _overlap(one: frozenset[object], other: frozenset[object]) -> float:
    """Common part of two sets, 0 to 1 (Dice)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _pieces(text: str) -> Iterable[str]:
    """Three letters at a time: that needs no spaces between words and forgives their endings."""
    folded = "".join(c if c.isalnum() else " " for c in fold(text)).split()
    padded = f" {' '.join(folded)} " if folded else ""
    return (padded[n : n + _GRAM] for n in range(max(0, len(padded) - _GRAM + 1)))
