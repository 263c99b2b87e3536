"""What a transcription engine is.

A local one gets decoded sound and answers with a draft of the transcript. A vendor gets the recording as it is, or an
address from which to fetch it, and answers with a document of its own, now or by a call to our webhook.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from app.core.errors import ProviderRejected
from app.models.audio import PcmAudio
from app.models.interview import ANSWER_REFUSED, Interview
from app.models.template import TemplateVersion
from app.models.transcript import TranscriptDraft

ReportProgress = Callable[[float], Awaitable[None]]
"""Takes the part that is done, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What people said about the recording. `language` is a BCP 47 tag; `speakers` counts the people who talk."""

    language: str | None = None
    speakers: int | None = None


class LocalTranscriber(Protocol):
    """An engine that runs on this machine and answers in one call."""

    async def transcribe(self, audio: PcmAudio, hints: Hints, report: ReportProgress) -> TranscriptDraft:
        """Utterances with speakers from 16 kHz WAV.

        Raises `ProviderRejected` when trying again cannot help (a language that the engine does not know, a missing
        model), and `ProviderUnavailable` when it may.
        """
        ...


@dataclass(frozen=True, slots=True)
class Order:
    """What a vendor is told about a recording, so that it hears names and special words right."""

    language: str | None = None
    """BCP 47 tag, `multi` for several languages in one recording, None to detect."""
    position: str | None = None
    names: tuple[str, ...] = ()
    """Of the people who may speak."""
    topics: tuple[str, ...] = ()
    """Questions and criteria of the template."""
    sentiment: bool = False
    """Whether the vendor may say how statements are meant; it has the sound, so nobody is asked without being told."""

    @classmethod
    def of(cls, interview: Interview, template: TemplateVersion | None, *, sentiment: bool = False) -> Order:
        topics = (
            [q.text for q in template.questions] + [c.name for c in template.criteria] if template else []
        )
        return cls(
            language=interview.language,
            position=interview.position,
            names=tuple(person.name for person in interview.people),
            topics=tuple(topics),
            sentiment=sentiment,
        )


@dataclass(frozen=True, slots=True)
class Callback:
    """Where a vendor sends its answer. `secret` comes back inside the answer."""

    url: str
    secret: str


class VendorTranscriber(Protocol):
    """A service that transcribes somewhere else.

    Requests are made once: repeating them is the pipeline's work. They raise `ProviderUnavailable` when another try may
    help and `ProviderRejected` when it cannot.
    """

    @property
    def name(self) -> str:
        """For people: `Deepgram`."""
        ...

    async def submit(self, recording_url: str, order: Order, callback: Callback) -> str:
        """Have a recording fetched and transcribed; the answer goes to the callback. Gives the vendor's request id."""
        ...

    async def transcribe(self, recording: AsyncIterator[bytes], order: Order) -> bytes:
        """Send a recording and wait for the answer."""
        ...

    def split_secret(self, answer: bytes) -> tuple[str | None, bytes]:
        """The callback's secret in an answer, and the answer without it. Takes time: call it in a thread.

        Raises `AnswerUnreadable` for what is no answer of this vendor.
        """
        ...

    def is_result(self, answer: bytes) -> bool:
        """Whether an answer holds a transcript, and not the report of a failure."""
        ...

    def parse(self, answer: bytes) -> TranscriptDraft:
        """Takes time: call it in a thread. Raises `AnswerUnreadable`, and `VendorFailed` for an answer that reports a
        failure."""
        ...

    async def close(self) -> None: ...


class AnswerUnreadable(ProviderRejected):
    code = "transcription_unreadable"


class VendorFailed(ProviderRejected):
    """The vendor's answer is that it could not transcribe. `may_pass` says whether sending it again can help."""

    code = ANSWER_REFUSED

    def __init__(self, detail: str, *, may_pass: bool) -> None:
        super().__init__(detail)
        self.may_pass = may_pass
