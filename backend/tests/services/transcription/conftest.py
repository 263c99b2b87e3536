"""The sample recordings as the engines get them: 16 kHz WAV."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.models.audio import PcmAudio
from app.services.media.decode import decode_to_wav

SAMPLES = Path(__file__).parents[4] / "samples"

Decode = Callable[[str], PcmAudio]


@pytest.fixture(scope="session")
def decoded(tmp_path_factory: pytest.TempPathFactory) -> Decode:
    """Decodes a sample by its name, once."""
    folder = tmp_path_factory.mktemp("decoded")
    known: dict[str, PcmAudio] = {}

    def decode(name: str) -> PcmAudio:
        if name not in known:
            known[name] = decode_to_wav(SAMPLES / name, folder / f"{name}.wav")
        return known[name]

    return decode


@pytest.fixture(scope="session")
def script() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SAMPLES / "script.json").read_text())
    return loaded
