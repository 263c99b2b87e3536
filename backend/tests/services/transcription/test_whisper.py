"""The Whisper engine: every way in which its model can be missing is named before anything is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.config import SettingsError, TranscriptionEngine
from app.services.transcription.base import LocalTranscriber
from app.services.transcription.factory import build_transcriber
from app.services.transcription.providers.diarization.segments import Turn
from app.services.transcription.providers.pocketsphinx.engine import PocketsphinxTranscriber
from app.services.transcription.providers.whisper.engine import WhisperTranscriber
from app.services.transcription.providers.whisper.model import WhisperModel, find_model
from app.services.transcription.providers.whisper.recognition import (
    WhisperModelUnusable,
    WhisperNotInstalled,
    recognise,
)

FILES = ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt")


def build(
    engine: TranscriptionEngine, directory: Path | None = None, size: str | None = None
) -> LocalTranscriber:
    return build_transcriber(
        engine=engine, whisper_model_dir=directory, whisper_model_size=size, whisper_allow_download=False
    )


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).write_bytes(b"")
    return tmp_path


class TestFindModel:
    def test_a_complete_directory_is_taken_and_nothing_is_downloaded(self, directory: Path) -> None:
        found = find_model(directory=directory, size="small", allow_download=True)
        assert found == WhisperModel(str(directory), download=False)

    @pytest.mark.parametrize("missing", FILES)
    def test_a_missing_file_is_named(self, directory: Path, missing: str) -> None:
        (directory / missing).unlink()
        with pytest.raises(
            SettingsError, match=missing.replace("vocabulary.txt", r"vocabulary\.\*")
        ) as refused:
            find_model(directory=directory, size=None, allow_download=False)
        assert "WHISPER_MODEL_DIR" in refused.value.problems[0]

    def test_a_directory_that_is_not_there_is_no_name_of_a_repository(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="is not a directory"):
            find_model(directory=tmp_path / "none", size=None, allow_download=True)

    def test_neither_directory_nor_size(self) -> None:
        with pytest.raises(SettingsError, match="WHISPER_MODEL_SIZE"):
            find_model(directory=None, size=None, allow_download=True)

    def test_a_size_is_downloaded_only_when_that_was_allowed(self) -> None:
        assert not find_model(directory=None, size="small", allow_download=False).download
        assert find_model(directory=None, size="small", allow_download=True).download


class TestFactory:
    def test_auto_takes_the_bundled_engine_when_no_model_is_configured(self) -> None:
        assert isinstance(build(TranscriptionEngine.AUTO), PocketsphinxTranscriber)

    def test_auto_takes_whisper_when_a_model_is(self, directory: Path) -> None:
        assert isinstance(build(TranscriptionEngine.AUTO, directory), WhisperTranscriber)

    def test_a_broken_model_never_falls_back_to_a_draft(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError):
            build(TranscriptionEngine.AUTO, tmp_path)

    def test_whisper_without_a_model_does_not_start(self) -> None:
        with pytest.raises(SettingsError):
            build(TranscriptionEngine.WHISPER)


def test_a_model_that_cannot_be_used_is_a_final_answer(directory: Path) -> None:
    """Without the extra the package is named; with it, the model that cannot be loaded."""
    with pytest.raises((WhisperNotInstalled, WhisperModelUnusable)) as refused:
        recognise(
            WhisperModel(str(directory), download=False), directory / "x.wav", Turn(-1, 0, 1), language=None
        )
    assert "faster-whisper" in refused.value.detail or str(directory) in refused.value.detail
