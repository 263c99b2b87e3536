"""The zero-download engine: a low-accuracy draft of English speech, and it says so."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from app.core.errors import ProviderRejected
from app.models.audio import PcmAudio
from app.models.transcript import MIXED, Engine, EngineKind, TranscriptDraft
from app.services.transcription.base import Hints, ReportProgress
from app.services.transcription.providers.diarization.segments import Diarization, Method, Turn
from app.services.transcription.speech import Spoken, batches, draft, passages
from app.services.transcription.worker_process import in_process

_BATCH_SECONDS: Final = 40.0
_AFTER_DIARIZATION: Final = 0.05
_LABEL: Final = (
    "Low-accuracy draft by a small offline engine, English only. On clean read speech 15 to 30 % of the words were "
    "wrong; real calls are worse. Good for searching and finding a place, not for quotes. Check against the recording."
)
_WARNING: Final = (
    "A low-accuracy draft: import a better transcript, or configure a Whisper model, to rely on it."
)
_TAKEN_FOR_ENGLISH: Final = (
    "It was taken for English, the only language that this engine knows: say which language is spoken."
)


class LanguageNotSupported(ProviderRejected):
    """The engine would write English words for any language; nonsense is worse than nothing."""

    code = "language_not_supported"


class PocketsphinxTranscriber:
    async def transcribe(self, audio: PcmAudio, hints: Hints, report: ReportProgress) -> TranscriptDraft:
        """See `LocalTranscriber`. About 11 minutes of one core for an hour of speech."""
        if hints.language == MIXED:
            raise LanguageNotSupported(
                "The bundled draft engine knows English only, and several languages are spoken in this interview. "
                "Import a transcript, or configure a Whisper model (WHISPER_MODEL_DIR)."
            )
        if hints.language is not None and hints.language.lower().split("-")[0] != "en":
            raise LanguageNotSupported(
                f"The bundled draft engine knows English only, and this interview is in {hints.language!r}. Import a "
                "transcript, or configure a Whisper model (WHISPER_MODEL_DIR)."
            )
        diarization = await in_process(_diarize, audio.path, hints.speakers)
        await report(_AFTER_DIARIZATION)
        spoken: list[Spoken] = []
        turns = passages(diarization.turns)
        total = sum(turn.end - turn.start for turn in turns)
        done = 0.0
        for batch in batches(turns, seconds=_BATCH_SECONDS):
            spoken += await in_process(_recognise, audio.path, batch, diarization.method is Method.CHANNELS)
            done += sum(turn.end - turn.start for turn in batch)
            await report(_AFTER_DIARIZATION + (1 - _AFTER_DIARIZATION) * done / total)
        return draft(
            spoken,
            diarization,
            engine=await in_process(_provenance),
            language="en",
            duration=audio.duration,
            warnings=(_WARNING,) if hints.language else (_WARNING, _TAKEN_FOR_ENGLISH),
        )


# What follows runs in the worker process: the imports stay inside so that importing this module stays light.


def _diarize(wav: Path, speakers: int | None) -> Diarization:
    from app.services.transcription.providers.diarization.diarize import diarize  # noqa: PLC0415

    return diarize(wav, speakers=speakers)


def _recognise(wav: Path, turns: list[Turn], by_channel: bool) -> list[Spoken]:
    from app.services.transcription.providers.pocketsphinx.decoder import recognise  # noqa: PLC0415

    return recognise(wav, turns, by_channel=by_channel)


def _provenance() -> Engine:
    from importlib.metadata import version  # noqa: PLC0415

    return Engine(
        name="pocketsphinx",
        version=version("pocketsphinx"),
        kind=EngineKind.OFFLINE_DRAFT,
        model="en-us",
        label=_LABEL,
    )
