"""What speaks for a role, and how much: the whole model is the table of weights below.

A weight is a log-odds: 1 makes a role e times as likely, and what is independent adds up. The figures are judgement,
held against the labelled interviews (`python -m bench.quality.speakers`): what names people weighs most, what people
do in a talk weighs less each and is bounded together, so that no amount of it outvotes a name that is said clearly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.models.transcript import SAID_BY_A_PERSON, SpeakerRole


class Kind(StrEnum):
    SAID = SAID_BY_A_PERSON
    DECLARED = "role on the label"
    PARTICIPANT = "whole name of a participant on the label"
    PART_OF_NAME = "part of a participant's name on the label"
    ADDRESS = "a participant's e-mail address on the label"
    CHANNEL = "channel"
    INTRODUCED = "introduces themselves"
    GREETED = "is greeted by name"
    GREETS = "greets somebody by name"
    PHRASES = "what one says"
    QUESTIONS = "share of the questions"
    ANSWERS = "asks and is answered"
    DEEDS = "asks about deeds"
    TEMPLATE = "asks the template's questions"
    TALK = "share of the words"
    SILENT = "says next to nothing"


@dataclass(frozen=True, slots=True)
class Weight:
    """`points` are for one place, or for all of a share; together the places of one kind count at most `most`."""

    points: float
    most: float


WEIGHTS: Final = {
    Kind.SAID: Weight(25.0, 25.0),
    Kind.DECLARED: Weight(3.5, 3.5),
    Kind.PARTICIPANT: Weight(3.5, 3.5),
    Kind.PART_OF_NAME: Weight(2.5, 2.5),
    Kind.ADDRESS: Weight(3.0, 3.0),
    Kind.CHANNEL: Weight(3.0, 3.0),
    Kind.INTRODUCED: Weight(3.0, 3.0),
    Kind.GREETED: Weight(1.5, 2.5),
    Kind.GREETS: Weight(1.0, 1.5),
    Kind.PHRASES: Weight(0.35, 2.5),
    Kind.QUESTIONS: Weight(1.2, 1.2),
    Kind.ANSWERS: Weight(0.3, 0.6),
    Kind.DEEDS: Weight(0.4, 0.8),
    Kind.TEMPLATE: Weight(0.5, 1.5),
    Kind.TALK: Weight(0.8, 0.8),
    Kind.SILENT: Weight(1.2, 1.2),
}
_LABELS: Final = frozenset(
    {Kind.SAID, Kind.DECLARED, Kind.PARTICIPANT, Kind.PART_OF_NAME, Kind.ADDRESS, Kind.CHANNEL}
)
"""One thing seen from several sides: the strongest of them counts."""
_BEHAVIOUR: Final = frozenset(
    {Kind.PHRASES, Kind.QUESTIONS, Kind.ANSWERS, Kind.DEEDS, Kind.TEMPLATE, Kind.TALK}
)
_BEHAVIOUR_MOST: Final = 3.0


@dataclass(frozen=True, slots=True)
class Evidence:
    speaker: str
    kind: Kind
    role: SpeakerRole
    """What it speaks for."""
    points: float
    says: str
    """Continues `Speaker 1 …`; the same for every place of a kind where only one of them is worth telling."""


def evidence(speaker: str, kind: Kind, role: SpeakerRole, says: str, *, times: float = 1.0) -> Evidence:
    """One piece with the weight of its kind, `times` that weight."""
    return Evidence(speaker, kind, role, WEIGHTS[kind].points * times, says)


def total(found: Iterable[Evidence]) -> float:
    """Points of evidence about one speaker and one role, within the bounds of each kind and of behaviour."""
    by_kind: defaultdict[Kind, float] = defaultdict(float)
    for piece in found:
        by_kind[piece.kind] += piece.points
    bounded = {kind: min(points, WEIGHTS[kind].most) for kind, points in by_kind.items()}
    labels = max((p for k, p in bounded.items() if k in _LABELS), default=0.0)
    behaviour = sum(p for k, p in sorted(bounded.items()) if k in _BEHAVIOUR)
    others = sum(p for k, p in sorted(bounded.items()) if k not in _LABELS | _BEHAVIOUR)
    return labels + others + min(behaviour, _BEHAVIOUR_MOST)
