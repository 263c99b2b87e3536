"""Where the Whisper model is, checked before anything tries to load it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.core.config import SettingsError

_FILES: Final = ("model.bin", "config.json", "tokenizer.json")
_VOCABULARY: Final = "vocabulary.*"


@dataclass(frozen=True, slots=True)
class WhisperModel:
    """`source` is a directory or the name of a published size; `download` allows fetching the latter."""

    source: str
    download: bool


def find_model(*, directory: Path | None, size: str | None, allow_download: bool) -> WhisperModel:
    """The model to load. Raises `SettingsError` that names what is missing.

    The library takes a wrong path for the name of a repository, and fetches a tokenizer over the network when a
    directory has none: so both are looked at here.
    """
    if directory is not None:
        missing = missing_files(directory)
        if missing:
            raise SettingsError([f"WHISPER_MODEL_DIR: {directory} {missing}"])
        return WhisperModel(str(directory), download=False)
    if size is None:
        raise SettingsError(
            [
                "WHISPER_MODEL_DIR: name the directory of a faster-whisper model, "
                "or set WHISPER_MODEL_SIZE and WHISPER_ALLOW_DOWNLOAD=true"
            ]
        )
    return WhisperModel(size, download=allow_download)


def missing_files(directory: Path) -> str | None:
    """What is wrong with a model directory, in words that go after its name."""
    if not directory.is_dir():
        return "is not a directory"
    missing = [name for name in _FILES if not (directory / name).is_file()]
    if not any(directory.glob(_VOCABULARY)):
        missing.append(_VOCABULARY)
    return f"lacks {', '.join(missing)}" if missing else None
