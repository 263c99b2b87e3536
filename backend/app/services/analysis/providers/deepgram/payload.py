"""The answer of `POST /v1/read` as typed structures. Everything in it is optional in its schema, so it is here."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from app.services.analysis.errors import ModelUnusable


class Named(Struct, gc=False):
    """A topic or an intent: each comes under a name of its own."""

    topic: str = ""
    intent: str = ""
    confidence_score: float = 0.0

    @property
    def name(self) -> str:
        return self.topic or self.intent


class Segment(Struct, gc=False):
    """A stretch of the text; the word numbers count from 0 and include both ends."""

    text: str = ""
    start_word: int = 0
    end_word: int = 0
    topics: list[Named] = []
    intents: list[Named] = []
    sentiment_score: float | None = None

    @property
    def named(self) -> list[Named]:
        return self.topics or self.intents


class Segments(Struct):
    segments: list[Segment] = []


class _Inner(Struct):
    topics: Segments | None = None
    intents: Segments | None = None


class Findings(Struct):
    """Documented with the segments at the top, specified with them two levels further down."""

    segments: list[Segment] | None = None
    results: _Inner | None = None

    def listed(self) -> list[Segment]:
        if self.segments is not None:
            return self.segments
        inner = self.results and (self.results.topics or self.results.intents)
        return inner.segments if inner else []


class _SummaryText(Struct):
    text: str | None = None


class _SummaryResults(Struct):
    summary: _SummaryText | None = None


class Summary(Struct):
    """Documented with the text at the top, specified with it two levels further down."""

    text: str | None = None
    results: _SummaryResults | None = None

    def told(self) -> str:
        inner = self.results and self.results.summary
        return (self.text or (inner and inner.text) or "").strip()


class Results(Struct):
    summary: Summary | None = None
    topics: Findings | None = None
    intents: Findings | None = None
    sentiments: Segments | None = None


class ModelUsed(Struct):
    model_uuid: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0


class About(Struct):
    request_id: str | None = None
    summary_info: ModelUsed | None = None
    topics_info: ModelUsed | None = None
    intents_info: ModelUsed | None = None
    sentiment_info: ModelUsed | None = None

    @property
    def used(self) -> list[ModelUsed]:
        """One entry for each model that read the text."""
        every = (self.summary_info, self.topics_info, self.intents_info, self.sentiment_info)
        return [info for info in every if info]

    @property
    def models(self) -> str | None:
        """The ids of the models; vendors name them no better."""
        ids = dict.fromkeys(info.model_uuid for info in self.used if info.model_uuid)
        return ", ".join(ids) or None


class _Metadata(About):
    metadata: About | None = None
    """Where the specification has it."""


class Answer(Struct):
    results: Results
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)

    @property
    def about(self) -> About:
        return self.metadata.metadata or self.metadata


def read_answer(body: bytes) -> Answer:
    """Raises `ModelUnusable` for what is not one whole answer of the documented form."""
    try:
        return msgspec.json.decode(body, type=Answer, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # The cause is not kept: its text may quote what was said.
        raise ModelUnusable("Deepgram's answer is not in the form that it documents.") from None
