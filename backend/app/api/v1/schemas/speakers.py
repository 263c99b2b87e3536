"""Speakers as the API shows them to a person who is to say who is who."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from app.api.v1.schemas.common import Out
from app.models.transcript import SpeakerRole

if TYPE_CHECKING:
    from app.services.speakers.overview import SpeakersView, SpeakerView


class SampleOut(Out):
    utterance_id: str
    start: float = Field(description="Seconds from the beginning of the recording, to listen from")
    end: float
    text: str


class SuggestionOut(Out):
    """A participant whom this speaker may be."""

    name: str
    role: SpeakerRole
    reason: str


class SpeakerViewOut(Out):
    id: str
    label: str
    name: str | None
    role: SpeakerRole = Field(description="`unknown` until there is reason enough")
    confidence: float = Field(
        description="1 where a person said so; of the likeliest role where it is unknown"
    )
    reason: str | None = Field(description="What speaks for the role, and what against it")
    words: int
    share: float = Field(description="Of all words, 0 to 1")
    samples: list[SampleOut] = Field(
        description="Up to three utterances of some length, to know the voice by"
    )
    suggestions: list[SuggestionOut] = Field(description="The likeliest participant first")

    @classmethod
    def of(cls, view: SpeakerView) -> SpeakerViewOut:
        speaker = view.speaker
        return cls(
            id=speaker.id,
            label=speaker.label,
            name=speaker.name,
            role=speaker.role,
            confidence=speaker.role_confidence,
            reason=speaker.role_reason,
            words=view.words,
            share=view.share,
            samples=[
                SampleOut(utterance_id=u.id, start=u.start, end=u.end, text=u.text) for u in view.samples
            ],
            suggestions=[SuggestionOut.model_validate(s) for s in view.suggestions],
        )


class SpeakersOut(Out):
    interview_id: str
    revision: int = Field(description="Of the transcript; also the ETag, for `If-Match` of corrections")
    needs_speakers: bool = Field(
        description="The newest debrief assesses nobody until somebody says who is who"
    )
    reasons: list[str] = Field(description="Why, in sentences")
    speakers: list[SpeakerViewOut]

    @classmethod
    def of(cls, view: SpeakersView) -> SpeakersOut:
        return cls(
            interview_id=view.transcript.interview_id,
            revision=view.transcript.revision,
            needs_speakers=view.needs_speakers,
            reasons=list(view.reasons),
            speakers=[SpeakerViewOut.of(speaker) for speaker in view.speakers],
        )
