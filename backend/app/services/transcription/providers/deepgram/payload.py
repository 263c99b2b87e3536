"""Deepgram's answer as typed structures. Everything that its schema leaves out may be left out here.

The long parts stay `Raw` until they are looked at: reading 6 MB at one go would hold the interpreter, and with it the
event loop, for as long as that takes.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from app.services.transcription.base import AnswerUnreadable

T = TypeVar("T")


class Word(Struct, gc=False):
    word: str = ""
    punctuated_word: str | None = None
    start: float = 0.0
    end: float = 0.0
    confidence: float | None = None
    speaker: int | None = None
    language: str | None = None

    @property
    def text(self) -> str:
        return self.punctuated_word or self.word


class Utterance(Struct, gc=False):
    start: float = 0.0
    end: float = 0.0
    confidence: float | None = None
    channel: int | None = None
    speaker: int | None = None
    transcript: str = ""
    words: list[Word] = []
    languages: list[str] = []
    sentiment: str | None = None
    sentiment_score: float | None = None


class Alternative(Struct):
    transcript: str = ""
    confidence: float | None = None
    words: list[Raw] = []


class Channel(Struct):
    alternatives: list[Alternative] = []
    detected_language: str | None = None


class Summary(Struct):
    result: str | None = None
    short: str | None = None


class NamedTopic(Struct, gc=False):
    topic: str
    confidence_score: float = 0.0


class NamedIntent(Struct, gc=False):
    intent: str
    confidence_score: float = 0.0


class Segment(Struct, gc=False):
    """A stretch of the transcript; the word numbers count from 0 and include both ends."""

    text: str = ""
    start_word: int = 0
    end_word: int = 0
    topics: list[NamedTopic] = []
    intents: list[NamedIntent] = []
    sentiment: str | None = None
    sentiment_score: float | None = None


class Segments(Struct):
    segments: list[Segment] = []


class Average(Struct):
    sentiment_score: float | None = None


class Sentiments(Segments):
    average: Average | None = None


class _Inner(Struct):
    topics: Segments | None = None
    intents: Segments | None = None


class Findings(Struct):
    """Topics or intents: documented with the segments at the top, seen with them two levels further down."""

    segments: list[Segment] | None = None
    results: _Inner | None = None

    def listed(self) -> list[Segment]:
        if self.segments is not None:
            return self.segments
        inner = self.results and (self.results.topics or self.results.intents)
        return inner.segments if inner else []


class Results(Struct):
    channels: list[Channel] = []
    utterances: list[Raw] | None = None
    summary: Summary | None = None
    topics: Findings | None = None
    intents: Findings | None = None
    sentiments: Sentiments | None = None


class Notice(Struct):
    parameter: str = ""
    message: str = ""


class ModelInfo(Struct):
    name: str = ""
    version: str = ""
    arch: str = ""


class ModelUsed(Struct):
    model_uuid: str | None = None


class Metadata(Struct):
    request_id: str | None = None
    duration: float = 0.0
    model_info: dict[str, ModelInfo] = {}
    warnings: list[Notice] = []
    diarize_info: dict[str, Any] | None = None
    summary_info: ModelUsed | None = None
    topics_info: ModelUsed | None = None
    intents_info: ModelUsed | None = None
    sentiment_info: ModelUsed | None = None


class Answer(Struct):
    """A result, or one of the two documented forms of an error."""

    metadata: Metadata = msgspec.field(default_factory=Metadata)
    results: Results | None = None
    err_code: str | None = None
    err_msg: str | None = None
    category: str | None = None
    message: str | None = None


class Envelope(Struct):
    """The answer unopened."""

    metadata: Raw | UnsetType = UNSET
    results: Raw | UnsetType = UNSET


def read(data: bytes | Raw, form: type[T]) -> T:
    """Raises `AnswerUnreadable` for what is not one whole JSON document of this form."""
    try:
        return msgspec.json.decode(data, type=form, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # The cause is not kept: its text may quote what was said.
        raise AnswerUnreadable("Deepgram's answer is not in the form that it documents.") from None
