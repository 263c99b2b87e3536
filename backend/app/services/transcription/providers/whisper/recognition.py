"""Recognition itself. `faster_whisper` is an extra and heavy: it is loaded inside the worker process alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.core.errors import ProviderRejected
from app.services.transcription.providers.diarization.segments import Turn
from app.services.transcription.providers.whisper.model import WhisperModel


class WhisperNotInstalled(ProviderRejected):
    code = "whisper_not_installed"


class WhisperModelUnusable(ProviderRejected):
    """The model is not on this machine and may not be downloaded, or its files cannot be loaded."""

    code = "whisper_model_unusable"


class WhisperLanguageUnknown(ProviderRejected):
    code = "language_not_supported"


@dataclass(frozen=True, slots=True)
class HeardWord:
    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Heard:
    words: tuple[HeardWord, ...]
    language: str


def recognise(model: WhisperModel, wav: Path, stretch: Turn, *, language: str | None) -> Heard:
    """The words of a stretch of a 16 kHz WAV; times in seconds from the beginning of the file."""
    from app.services.transcription.providers.wav import read_turns  # noqa: PLC0415

    engine = _load(model)
    [(_, samples)] = read_turns(wav, [stretch], by_channel=False)
    try:
        segments, info = engine.transcribe(
            samples.astype("float32") / 32768.0, language=language, word_timestamps=True, vad_filter=True
        )
    except ValueError as error:
        raise WhisperLanguageUnknown(f"Whisper does not know the language {language!r}.") from error
    # The generator does the work while it is read.
    words = tuple(
        HeardWord(
            w.word.strip(), stretch.start + w.start, stretch.start + w.end, round(float(w.probability), 3)
        )
        for segment in segments
        for w in segment.words or ()
        if w.word.strip()
    )
    return Heard(words, info.language)


@lru_cache(maxsize=1)
def _load(model: WhisperModel) -> Any:
    try:
        from faster_whisper import WhisperModel as Engine  # noqa: PLC0415
    except ImportError as error:
        raise WhisperNotInstalled(
            "Whisper is configured and not installed. Install it with `pip install faster-whisper`, then try again."
        ) from error
    try:
        return Engine(
            model.source, device="auto", compute_type="default", local_files_only=not model.download
        )
    except (OSError, RuntimeError, ValueError) as error:
        raise WhisperModelUnusable(
            f"The Whisper model {model.source!r} cannot be loaded ({type(error).__name__}). Set WHISPER_MODEL_DIR to "
            "a complete model directory, or WHISPER_ALLOW_DOWNLOAD=true to fetch a published size."
        ) from error
