"""The bundled draft engine on real sound: what it hears, what it admits, and how it is stopped."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.core.errors import ProviderRejected
from app.models.audio import PcmAudio
from app.models.transcript import EngineKind
from app.services.transcription.base import Hints
from app.services.transcription.providers.pocketsphinx.engine import PocketsphinxTranscriber
from tests.services.transcription.conftest import Decode
from tests.services.transcription.test_diarization import wav

HEAVY = (
    "numpy",
    "scipy",
    "sklearn",
    "pocketsphinx",
    "faster_whisper",
    "av",
    "pymongo",
    "httpx",
    "redis",
    "taskiq",
)


async def ignore(_: float) -> None:
    pass


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def word_errors(said: list[str], heard: list[str]) -> int:
    """Levenshtein distance over words."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, start=1):
        previous, row[0] = row[0], number
        for position, other in enumerate(heard, start=1):
            cost = previous + (word != other)
            previous, row[position] = row[position], min(cost, row[position] + 1, row[position - 1] + 1)
    return row[-1]


class TestTranscribe:
    async def test_hears_most_words_of_half_a_minute(self, decoded: Decode, script: dict[str, Any]) -> None:
        progress: list[float] = []

        async def report(part: float) -> None:
            progress.append(part)

        audio = decoded("interview-30s.wav")
        draft = await PocketsphinxTranscriber().transcribe(audio, Hints("en-GB", speakers=2), report)
        whole = [u for u in script["utterances"] if u["end"] <= audio.duration]
        said = words(" ".join(u["text"] for u in whole))
        heard = [w.text for u in draft.utterances for w in u.words if w.end <= whole[-1]["end"] + 0.2]
        assert word_errors(said, heard) / len(said) < 0.4
        assert progress == sorted(progress)
        assert progress[-1] == pytest.approx(1)

        assert draft.engine.kind is EngineKind.OFFLINE_DRAFT
        assert "English only" in draft.engine.label
        assert any("draft" in warning for warning in draft.warnings)
        assert {u.speaker for u in draft.utterances} == {s.id for s in draft.speakers} == {"s0", "s1"}
        for utterance in draft.utterances:
            assert utterance.text == " ".join(w.text for w in utterance.words)
            assert 0 <= utterance.start <= utterance.words[0].start < utterance.end <= audio.duration + 0.1
            assert not re.search(r"[<\[(]", utterance.text), "no marks of the decoder"

    async def test_silence_is_a_transcript_without_words(self, tmp_path: Path) -> None:
        import numpy as np  # noqa: PLC0415

        path = wav(tmp_path / "x.wav", np.zeros(32_000))
        audio = PcmAudio(path=path, sample_rate=16_000, channels=1, duration=2.0)
        draft = await PocketsphinxTranscriber().transcribe(audio, Hints(), ignore)
        assert draft.utterances == ()
        assert "No words were recognised." in draft.warnings
        assert any("taken for English" in warning for warning in draft.warnings)

    @pytest.mark.parametrize("language", ["de", "multi"])
    async def test_another_language_is_refused_before_any_work(self, tmp_path: Path, language: str) -> None:
        audio = PcmAudio(path=tmp_path / "none.wav", sample_rate=16_000, channels=1, duration=2.0)
        with pytest.raises(ProviderRejected) as refused:
            await PocketsphinxTranscriber().transcribe(audio, Hints(language), ignore)
        assert refused.value.code == "language_not_supported"

    async def test_cancelling_ends_the_process_that_does_the_work(self, decoded: Decode) -> None:
        mine = psutil.Process()
        begun = asyncio.Event()

        async def report(_: float) -> None:
            begun.set()

        work = asyncio.create_task(
            PocketsphinxTranscriber().transcribe(decoded("interview.mp3"), Hints(), report)
        )
        await begun.wait()
        await asyncio.sleep(0.5)
        busy = {child.pid for child in mine.children() if child.cpu_percent(0.1) > 10}
        assert busy
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        await asyncio.sleep(0.2)
        assert not busy & {child.pid for child in mine.children() if child.status() != psutil.STATUS_ZOMBIE}


async def test_nothing_heavy_is_loaded_into_the_server() -> None:
    code = (
        "import sys\n"
        "import app.main, app.worker\n"
        "from app.core.container import build_container\n"
        "from app.services.transcription.factory import build_transcriber\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    printed, _ = await process.communicate()
    assert printed.decode().strip() == "[]"
