"""What is measured, as shares that can be added up over interviews and runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Figure(StrEnum):
    """The value is the name in files; `shown` is the name in tables."""

    shown: str

    def __new__(cls, value: str, shown: str) -> Figure:
        member = str.__new__(cls, value)
        member._value_ = value
        member.shown = shown
        return member

    QA_PRECISION = "qa_precision", "Q&A pairs: precision"
    QA_RECALL = "qa_recall", "Q&A pairs: recall"
    EVIDENCE_VALID = "evidence_valid", "evidence: quote is there, by the right person"
    TEMPLATE_RIGHT = "template_right", "template questions placed right, “not asked” among them"
    TEMPLATE_WRONG = "template_wrong", "template questions placed wrong (lower is better)"
    RELATED_FOUND = "related_found", "asked template questions with the exchange among the related passages"
    UNSUPPORTED = "unsupported", "unsupported strengths, red flags and levels (lower is better)"
    STRENGTHS_FOUND = "strengths_found", "labelled strengths found"
    RED_FLAGS_FOUND = "red_flags_found", "labelled red flags found"
    LEVELS_GIVEN = "levels_given", "assessable criteria with a level"
    LEVELS_IN_RANGE = "levels_in_range", "levels within the labelled range"
    NOT_ASSESSED_PRECISION = "not_assessed_precision", "“not assessed” with reason"
    NOT_ASSESSED_KEPT = "not_assessed_kept", "criteria without evidence left without a level"
    FACTS_PRECISION = "facts_precision", "practical facts: precision"
    FACTS_RECALL = "facts_recall", "practical facts: recall"
    TOPICS_FOUND = "topics_found", "labelled topics found"
    NOTES_FOUND = "notes_found", "notes on the interviewing found"
    INJECTIONS_SHOWN = "injections_shown", "words to the software shown to a person"
    TRAPS_AVOIDED = "traps_avoided", "traps avoided"
    GUARDS_RIGHT = "guards_right", "guards decided as labelled"
    LEVELS_STABLE = "levels_stable", "levels the same in every run"
    CLAIMS_STABLE = "claims_stable", "claims' evidence shared by two runs (Jaccard)"


@dataclass(frozen=True, slots=True)
class Share:
    """`value` is None when there was nothing to measure: not the same as zero."""

    hits: float = 0
    of: float = 0

    @classmethod
    def counted(cls, outcomes: Iterable[bool]) -> Share:
        given = list(outcomes)
        return cls(sum(given), len(given))

    @property
    def value(self) -> float | None:
        return self.hits / self.of if self.of else None

    @property
    def shown(self) -> str:
        return "–" if self.value is None else f"{self.value:.0%}"

    def __add__(self, other: Share) -> Share:
        return Share(self.hits + other.hits, self.of + other.of)


@dataclass(frozen=True, slots=True)
class Fall:
    """A claim that rests on the words of a trap."""

    trap: str
    """Its type."""
    note: str
    claim: str
    """Kind and text."""


@dataclass(frozen=True, slots=True)
class Score:
    shares: Mapping[Figure, Share]
    claimed: Mapping[str, int]
    """How many claims of each kind were made (`strengths`, `red_flags`, `levels`, `facts`)."""
    falls: tuple[Fall, ...] = field(default=())

    def __add__(self, other: Score) -> Score:
        return Score(
            {f: self.shares.get(f, Share()) + other.shares.get(f, Share()) for f in Figure},
            {k: self.claimed.get(k, 0) + other.claimed.get(k, 0) for k in {*self.claimed, *other.claimed}},
            (*self.falls, *other.falls),
        )

    def values(self) -> dict[str, float | None]:
        """Every figure by its name in files, counts as `<kind>_claimed`."""
        shares: dict[str, float | None] = {f.value: self.shares.get(f, Share()).value for f in Figure}
        return shares | {f"{kind}_claimed": float(count) for kind, count in sorted(self.claimed.items())}


def total(scores: Iterable[Score]) -> Score:
    result = Score({}, {})
    for score in scores:
        result += score
    return result
