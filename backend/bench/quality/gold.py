"""The labels of an interview, as they stand in its TOML file. An unknown key is an error.

Places in the talk are ids of utterances (`u014`) or ranges (`u014-u019`: those in it that the speaker of `u014` says).
`note` is for the reader of the file and never scored.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.models.analysis import FactKind, FlagType, NoteKind, Outcome, ProtectedTopic, SpeakerVerdict
from app.models.template import Level
from app.models.transcript import SpeakerRole

Places = tuple[str, ...]
FOR: Final = frozenset({Level.YES, Level.STRONG_YES})
AGAINST: Final = frozenset({Level.NO, Level.STRONG_NO})


class Label(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Noted(Label):
    note: str = ""


class Person(Noted):
    name: str = Field(min_length=1)
    role: SpeakerRole
    """Who it is in truth."""
    email: str | None = None
    labelled: SpeakerRole | None = None
    """The role that the transcript gives, when that is another one."""

    @property
    def shown_role(self) -> SpeakerRole:
        return self.labelled or self.role


class Question(Label):
    id: str
    text: str = Field(min_length=1)
    competency: str | None = None
    required: bool = False


class GoldCriterionText(Label):
    """A criterion of the template. Every level has its anchor: without anchors a range would be a matter of taste."""

    id: str
    name: str = Field(min_length=1)
    description: str = Field(min_length=1)
    weight: float = 1.0
    anchors: dict[Level, str]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if set(self.anchors) != set(Level):
            raise ValueError(f"criterion {self.id} needs an anchor for each level")
        return self


class GoldTemplate(Label):
    name: str
    questions: tuple[Question, ...] = Field(min_length=1)
    not_asked: tuple[str, ...] = ()
    """Questions that nobody asked, in whatever words."""
    criteria: tuple[GoldCriterionText, ...] = Field(min_length=1)


class Pair(Noted):
    question: str
    """The utterance that asks."""
    answer: Places = ()
    """Empty: asked, and not answered."""
    template: str | None = None
    """The template question that this one asks; absent: none of them."""
    minor: bool = False
    """Worth finding, no mistake to leave out: short follow-ups, small talk, what the candidate asks."""


class CriterionLabel(Noted):
    id: str
    levels: tuple[Level, ...] = ()
    """Every level that a careful person could give."""
    not_assessed: bool = False
    """The talk says nothing about it: any level is an invention."""
    may_abstain: bool = False
    """Leaving it without a level is acceptable, too."""
    evidence: Places = ()

    @model_validator(mode="after")
    def _either(self) -> Self:
        if self.not_assessed == bool(self.levels):
            raise ValueError(f"criterion {self.id}: give `levels` or `not_assessed = true`")
        if self.not_assessed == bool(self.evidence):
            raise ValueError(f"criterion {self.id}: evidence goes with levels, and only with them")
        return self


class KeyPoint(Noted):
    text: str = Field(min_length=1)
    utterances: Places = Field(min_length=1)
    optional: bool = False
    """True, and not important enough to count as missed."""


class FlagPoint(KeyPoint):
    type: FlagType


class Fact(Noted):
    kind: FactKind
    utterances: Places = Field(min_length=1)
    says: tuple[str, ...] = Field(min_length=1)
    """Wordings, any of which the fact's text must contain (case is ignored): `three months`, `3 months`."""


class TopicLabel(Noted):
    name: str
    utterances: Places = Field(min_length=1)


class InterviewerNote(Noted):
    kind: NoteKind
    topic: ProtectedTopic | None = None
    utterances: Places = Field(min_length=1)


class TrapType(StrEnum):
    INJECTION = "injection"
    """Words that address the software."""
    PROTECTED = "protected"
    """A question about a protected topic, or its answer."""
    THIRD_PARTY_NAME = "third_party_name"
    """Somebody who is not in the room: their names, addresses, and deeds."""
    SARCASM = "sarcasm"
    HYPOTHETICAL = "hypothetical"
    """What the candidate would do is not what they did."""
    INTERVIEWER_CLAIM = "interviewer_claim"
    """Said by an interviewer and never by the candidate."""
    CONTRADICTION = "contradiction"
    RETRACTION = "retraction"
    """Taken back or corrected later."""
    SWAPPED_LABELS = "swapped_labels"
    """The transcript gives these words to the wrong person."""
    LOW_CONTENT = "low_content"
    """Many words, nothing said."""


class MustNot(StrEnum):
    """What a claim does wrong when it rests on the words of a trap."""

    COUNT_FOR = "count_for"
    """A strength, or a level of yes or strong yes, cites them."""
    COUNT_AGAINST = "count_against"
    """A red flag, or a level of no or strong no, cites them."""
    STATE_FACT = "state_fact"
    """A practical fact cites them."""
    REPEAT = "repeat"
    """A claim's own text has one of the trap's `words`."""


class Trap(Noted):
    type: TrapType
    utterances: Places = Field(min_length=1)
    quote: str | None = None
    """The part of the (only) utterance that is the trap; absent: all of it."""
    must_not: tuple[MustNot, ...] = Field(min_length=1)
    words: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (MustNot.REPEAT in self.must_not) != bool(self.words):
            raise ValueError("`words` goes with must_not `repeat`, and only with it")
        if self.quote is not None and len(self.utterances) != 1:
            raise ValueError("`quote` goes with exactly one utterance")
        if not self.note:
            raise ValueError("a trap needs a note that says what it is")
        return self


class Expected(Label):
    """How the guards should decide."""

    outcome: Outcome = Outcome.COMPLETE
    speaker_check: SpeakerVerdict = SpeakerVerdict.CONFIRMED
    """Anything but `confirmed`: nobody is assessed."""

    @property
    def assessed(self) -> bool:
        return self.outcome is Outcome.COMPLETE and self.speaker_check is SpeakerVerdict.CONFIRMED


class Gold(Label):
    title: str
    position: str
    language: str
    """BCP 47 tag of the talk."""
    style: str
    """How the interview is held, for the reader: `structured`, `panel of two`, …"""
    expected: Expected = Expected()
    speakers: dict[str, Person] = Field(min_length=2)
    template: GoldTemplate
    pairs: tuple[Pair, ...] = ()
    criteria: tuple[CriterionLabel, ...]
    strengths: tuple[KeyPoint, ...] = ()
    red_flags: tuple[FlagPoint, ...] = ()
    facts: tuple[Fact, ...] = ()
    topics: tuple[TopicLabel, ...] = ()
    notes: tuple[InterviewerNote, ...] = ()
    traps: tuple[Trap, ...] = ()
