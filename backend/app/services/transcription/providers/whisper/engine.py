"""faster-whisper: the recommended offline engine, with a model that people provide or allow to be downloaded."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from app.models.audio import PcmAudio
from app.models.transcript import MIXED, Engine, EngineKind, TranscriptDraft
from app.services.transcription.base import Hints, ReportProgress
from app.services.transcription.providers.diarization.segments import Diarization, Turn, speaker_at
from app.services.transcription.providers.whisper.model import WhisperModel
from app.services.transcription.providers.whisper.recognition import Heard
from app.services.transcription.speech import Spoken, batches, draft, passages
from app.services.transcription.worker_process import in_process

_BATCH_SECONDS: Final = 180.0
_AFTER_DIARIZATION: Final = 0.03
_LABEL: Final = "Offline transcript by Whisper. It can leave words out or make some up: check quotes by ear."


class WhisperTranscriber:
    def __init__(self, model: WhisperModel) -> None:
        self._model = model

    async def transcribe(self, audio: PcmAudio, hints: Hints, report: ReportProgress) -> TranscriptDraft:
        """See `LocalTranscriber`. The language is detected in the first stretch of speech when none is given, and in
        every stretch where several are spoken."""
        diarization = await in_process(_diarize, audio.path, hints.speakers)
        await report(_AFTER_DIARIZATION)
        spoken: list[Spoken] = []
        is_mixed, told = hints.language == MIXED, hints.language if hints.language != MIXED else None
        language = told.lower().split("-")[0] if told else None
        for stretch in _stretches(diarization):
            heard = await in_process(_recognise, self._model, audio.path, stretch, language)
            language = language or (None if is_mixed else heard.language)
            spoken += _with_speakers(heard, diarization, language=heard.language if is_mixed else None)
            await report(
                _AFTER_DIARIZATION + (1 - _AFTER_DIARIZATION) * min(1.0, stretch.end / audio.duration)
            )
        return draft(
            spoken,
            diarization,
            engine=await in_process(_provenance, self._model),
            language=told or language,
            duration=audio.duration,
        )


def _stretches(diarization: Diarization) -> list[Turn]:
    """Pieces of some minutes that begin and end between turns: Whisper does better with context."""
    found = batches(passages(diarization.turns), seconds=_BATCH_SECONDS)
    return [Turn(-1, batch[0].start, max(turn.end for turn in batch)) for batch in found]


def _with_speakers(heard: Heard, diarization: Diarization, *, language: str | None) -> list[Spoken]:
    """A word that falls into no turn stays with whoever spoke last."""
    spoken: list[Spoken] = []
    for word in heard.words:
        speaker = speaker_at(diarization, word.start, word.end)
        if speaker is None:
            speaker = spoken[-1].speaker if spoken else 0
        spoken.append(Spoken(word.text, word.start, word.end, word.confidence, speaker, language))
    return spoken


# What follows runs in the worker process: the imports stay inside so that importing this module stays light.


def _diarize(wav: Path, speakers: int | None) -> Diarization:
    from app.services.transcription.providers.diarization.diarize import diarize  # noqa: PLC0415

    return diarize(wav, speakers=speakers)


def _recognise(model: WhisperModel, wav: Path, stretch: Turn, language: str | None) -> Heard:
    from app.services.transcription.providers.whisper.recognition import recognise  # noqa: PLC0415

    return recognise(model, wav, stretch, language=language)


def _provenance(model: WhisperModel) -> Engine:
    from importlib.metadata import version  # noqa: PLC0415

    return Engine(
        name="faster-whisper",
        version=version("faster-whisper"),
        kind=EngineKind.OFFLINE_MODEL,
        model=Path(model.source).name,
        label=_LABEL,
    )
