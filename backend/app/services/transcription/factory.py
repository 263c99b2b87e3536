"""Which transcription engines the settings ask for: one of this machine, and perhaps a vendor."""

from __future__ import annotations

from pathlib import Path

from app.core.config import DeepgramSettings, TranscriptionEngine
from app.services.transcription.base import LocalTranscriber, VendorTranscriber
from app.services.transcription.live import LiveTranscriber
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


def build_vendor(settings: DeepgramSettings) -> VendorTranscriber | None:
    """The vendor whose key is configured."""
    if settings.deepgram_api_key is None:
        return None
    # Imported here: installations without a key need not load the vendor's SDK.
    from app.services.transcription.providers.deepgram.client import DeepgramTranscriber  # noqa: PLC0415

    return DeepgramTranscriber(settings, settings.deepgram_api_key.get_secret_value())


def build_live_transcriber(settings: DeepgramSettings) -> LiveTranscriber | None:
    """The vendor's live engine; None where its key is not configured."""
    if settings.deepgram_api_key is None:
        return None
    from app.services.transcription.providers.deepgram.live import DeepgramLiveTranscriber  # noqa: PLC0415

    return DeepgramLiveTranscriber(settings, settings.deepgram_api_key.get_secret_value())
