"""Which transcription engine the settings ask for."""

from __future__ import annotations

from pathlib import Path

from app.core.config import TranscriptionEngine
from app.services.transcription.base import LocalTranscriber
from app.services.transcription.providers.pocketsphinx.engine import PocketsphinxTranscriber
from app.services.transcription.providers.whisper.engine import WhisperTranscriber
from app.services.transcription.providers.whisper.model import find_model


def build_transcriber(
    *,
    engine: TranscriptionEngine,
    whisper_model_dir: Path | None,
    whisper_model_size: str | None,
    whisper_allow_download: bool,
) -> LocalTranscriber:
    """The engine. Raises `SettingsError` when Whisper is asked for and its model is not there: nothing falls back
    silently to a draft engine."""
    configured = whisper_model_dir is not None or whisper_model_size is not None
    if engine is TranscriptionEngine.WHISPER or (engine is TranscriptionEngine.AUTO and configured):
        return WhisperTranscriber(
            find_model(
                directory=whisper_model_dir, size=whisper_model_size, allow_download=whisper_allow_download
            )
        )
    return PocketsphinxTranscriber()
