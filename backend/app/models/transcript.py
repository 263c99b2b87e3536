"""The provider-neutral transcript: who said what, when, and which engine says so."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from app.models.base import Stored


class SpeakerRole(StrEnum):
    INTERVIEWER = "interviewer"
    CANDIDATE = "candidate"
    OBSERVER = "observer"
    UNKNOWN = "unknown"


class EngineKind(StrEnum):
    """How far a result can be trusted; shown to people with every result."""

    IMPORTED = "imported"
    OFFLINE_DRAFT = "offline_draft"
    OFFLINE_MODEL = "offline_model"
    OFFLINE_BASELINE = "offline_baseline"
    VENDOR = "vendor"


MIXED: Final = "multi"
"""Stands for a language where several are spoken in one recording."""


class LanguageMode(StrEnum):
    """How the language of a transcript came about."""

    FIXED = "fixed"
    """A person said which it is."""
    DETECTED = "detected"
    MIXED = "mixed"
    """Several were asked for; each utterance says in which it is, where the engine can tell."""
    IMPORTED = "imported"
    """As the file says, else as a person said."""

    @classmethod
    def of(cls, language: str | None) -> LanguageMode:
        """For the language of an interview."""
        if language is None:
            return cls.DETECTED
        return cls.MIXED if language == MIXED else cls.FIXED


class Engine(Stored):
    """Provenance of a result. `label` is the honest sentence that goes with it wherever it is shown."""

    name: str
    version: str
    kind: EngineKind
    model: str | None = None
    label: str = ""


class Word(Stored):
    text: str
    start: float
    """Seconds from the beginning of the recording."""
    end: float
    confidence: float | None = None


class Utterance(Stored):
    """One uninterrupted stretch of speech by one speaker. Times are seconds from the beginning."""

    id: str
    speaker: str
    """Id of a `Speaker` of the same transcript."""
    start: float
    end: float
    text: str
    channel: int | None = None
    confidence: float | None = None
    edited: bool = False
    """Whether a person changed its words, its times or its speaker; the revision `Transcript.base` has the original."""
    language: str | None = None
    words: tuple[Word, ...] = ()


SAID_BY_A_PERSON: Final = "said by a person"
"""How the reason begins of a role that a person gave: nothing that is concluded outvotes it."""


class Speaker(Stored):
    id: str
    label: str
    """A neutral name such as `Speaker 1`, or the name found in an imported transcript."""
    name: str | None = None
    """The person's name, only when known."""
    role: SpeakerRole = SpeakerRole.UNKNOWN
    role_confidence: float = 0.0
    role_reason: str | None = None
    """Why the role was given, for a person to check (`asks 14 of 17 questions`)."""

    @property
    def is_by_person(self) -> bool:
        """Whether a person gave the role, or said that it cannot be told."""
        return (self.role_reason or "").startswith(SAID_BY_A_PERSON)


class Polarity(StrEnum):
    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


class Finding(Stored):
    """A topic or an intent and the utterances in which it was found. `confidence` is the highest of them, 0 to 1."""

    name: str
    confidence: float
    utterance_ids: tuple[str, ...]


class Sentiment(Stored):
    """Polarity of the text of one utterance, never of a person; `score` from -1 to 1."""

    utterance_id: str
    polarity: Polarity
    score: float


class Intelligence(Stored):
    """What the transcription vendor found in the words besides them. Kept as it came, with who says so."""

    engine: Engine
    summary: str | None = None
    topics: tuple[Finding, ...] = ()
    intents: tuple[Finding, ...] = ()
    sentiments: tuple[Sentiment, ...] = ()
    average_sentiment: float | None = None


class Transcript(Stored):
    id: str
    organisation_id: str
    interview_id: str
    revision: int
    base: int | None = None
    """Revision of the original that people's changes led away from; None for an original."""
    epoch: int
    """Fence of the writer: a result written by a worker that lost its lease never replaces a newer one."""
    engine: Engine
    diarization: Engine | None = None
    language: str | None = None
    """The one language, or the one of most words. BCP 47 tag."""
    languages: tuple[str, ...] = ()
    """All that were found, that of most words first."""
    language_mode: LanguageMode | None = None
    """None for transcripts from before it was kept."""
    duration: float = 0.0
    speakers: tuple[Speaker, ...] = ()
    utterances: tuple[Utterance, ...] = ()
    warnings: tuple[str, ...] = ()
    """Sentences for people: what could not be done or should be checked."""
    intelligence: Intelligence | None = None
    created_at: datetime


class TranscriptDraft(Stored):
    """What an engine or an importer returns: a transcript that has no place in the database yet."""

    engine: Engine
    diarization: Engine | None = None
    language: str | None = None
    duration: float = 0.0
    speakers: tuple[Speaker, ...] = ()
    utterances: tuple[Utterance, ...] = ()
    warnings: tuple[str, ...] = ()
    intelligence: Intelligence | None = None
