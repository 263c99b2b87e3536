"""Transcripts as the API shows them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.api.v1.schemas.common import EngineOut, Out
from app.models.transcript import LanguageMode, Polarity, SpeakerRole, Transcript


class WordOut(Out):
    text: str
    start: float
    end: float
    confidence: float | None


class UtteranceOut(Out):
    id: str
    speaker: str = Field(description="Id of one of the speakers")
    start: float = Field(description="Seconds from the beginning")
    end: float
    text: str
    channel: int | None
    confidence: float | None
    edited: bool = Field(
        default=False, description="Whether a person changed its words, its times or its speaker"
    )
    language: str | None
    words: list[WordOut]


class SpeakerOut(Out):
    id: str
    label: str
    name: str | None
    role: SpeakerRole = Field(description="`unknown` until there is reason enough")
    role_confidence: float
    role_reason: str | None


class FindingOut(Out):
    name: str
    confidence: float
    utterance_ids: list[str]


class SentimentOut(Out):
    utterance_id: str
    polarity: Polarity = Field(description="Of the words, never of a person")
    score: float


class IntelligenceOut(Out):
    """What the transcription vendor found besides the words."""

    engine: EngineOut
    summary: str | None
    topics: list[FindingOut]
    intents: list[FindingOut]
    sentiments: list[SentimentOut] = Field(
        default=[],
        description="Not there where none were found, or the organisation wants none",
        exclude_if=lambda value: not value,
    )
    average_sentiment: float | None = Field(
        default=None, description="Likewise", exclude_if=lambda value: value is None
    )


class TranscriptHead(Out):
    """A transcript without its utterances."""

    interview_id: str
    revision: int
    base: int | None = Field(
        description="Revision of the original that people's changes led away from; null for an original"
    )
    engine: EngineOut
    diarization: EngineOut | None
    language: str | None = Field(description="BCP 47 tag of the one language, or of most words")
    languages: list[str] = Field(description="All that were found, that of most words first")
    language_mode: LanguageMode | None = Field(
        description="How the language came about: `fixed` by a person, `detected`, `mixed`, or `imported` with a file"
    )
    duration: float
    speakers: list[SpeakerOut]
    warnings: list[str]
    intelligence: IntelligenceOut | None = Field(
        description="null also for those who see the debrief only after their own scorecard"
    )
    created_at: datetime


class TranscriptOut(TranscriptHead):
    utterances: list[UtteranceOut]


class UtterancePageHead(Out):
    transcript: TranscriptHead
    total: int
    next_cursor: str | None


class UtterancePage(UtterancePageHead):
    items: list[UtteranceOut]


def etag_of_transcript(transcript: Transcript) -> str:
    return f'"{transcript.revision}"'
