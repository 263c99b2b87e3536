"""Several languages in one recording."""

from __future__ import annotations

import pytest

from app.core.config import DeepgramSettings
from app.core.errors import ProviderRejected
from app.services.transcription.base import Callback, Order
from app.services.transcription.providers.deepgram.client import DeepgramTranscriber


async def test_a_model_that_cannot_is_not_asked() -> None:
    settings = DeepgramSettings(deepgram_model="nova-2", deepgram_base_url="http://127.0.0.1:9")
    transcriber = DeepgramTranscriber(settings, "a key")
    with pytest.raises(ProviderRejected, match="Nova-3") as refused:
        await transcriber.submit(
            "https://files.example/1", Order(language="multi"), Callback("https://here.example", "s")
        )
    assert refused.value.code == "language_not_supported"
    await transcriber.close()
