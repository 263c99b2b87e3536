"""The debrief: what was found in a transcript, each claim with the words that support it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from app.models.base import Stored
from app.models.transcript import Engine


class Outcome(StrEnum):
    COMPLETE = "complete"
    INSUFFICIENT_DATA = "insufficient_data"


class Evidence(Stored):
    """A verbatim quote from one utterance. Times are seconds from the beginning of the recording."""

    utterance_id: str
    quote: str
    start: float
    end: float


class QuestionAnswer(Stored):
    id: str
    asker: str
    """Speaker id of who asked."""
    answerer: str | None = None
    question: Evidence
    answer: tuple[Evidence, ...] = ()


class Passage(Stored):
    """A possibly related place. `score` is a similarity for ordering, never a degree of proof (0 to 1)."""

    evidence: Evidence
    score: float


class RelatedPassages(Stored):
    """Ranked candidates for one template question, for a person to confirm."""

    question_id: str
    question: str
    passages: tuple[Passage, ...] = ()


class TalkTime(Stored):
    speaker: str
    seconds: float
    share: float
    """Part of all spoken time, 0 to 1."""
    turns: int
    words: int
    questions: int
    longest_monologue: float
    """Seconds of the longest uninterrupted stretch."""


class KeyPhrase(Stored):
    phrase: str
    count: int
    evidence: tuple[Evidence, ...] = ()


class Coverage(Stored):
    """How many claims were made and how many of them the server could verify word by word."""

    claims: int = 0
    verified: int = 0
    rejected: int = 0


class AnalysisDraft(Stored):
    """What an analyzer returns: an analysis that has no place in the database yet."""

    engine: Engine
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    """With `insufficient_data`: what is missing, in sentences for people."""
    question_answers: tuple[QuestionAnswer, ...] = ()
    related: tuple[RelatedPassages, ...] = ()
    talk_time: tuple[TalkTime, ...] = ()
    key_phrases: tuple[KeyPhrase, ...] = ()
    coverage: Coverage = Coverage()
    warnings: tuple[str, ...] = ()


class Analysis(AnalysisDraft):
    id: str
    organisation_id: str
    interview_id: str
    revision: int
    epoch: int
    transcript_revision: int
    template_id: str | None = None
    template_version: int | None = None
    created_at: datetime
