"""What a transcription engine is: decoded sound in, a draft of the transcript out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from app.models.audio import PcmAudio
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
