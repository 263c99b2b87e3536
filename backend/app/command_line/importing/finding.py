"""Which files are to be imported, and which of them belong together."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

RECORDINGS: Final = frozenset(
    {
        ".3gp",
        ".aac",
        ".aif",
        ".aiff",
        ".amr",
        ".avi",
        ".caf",
        ".flac",
        ".m4a",
        ".m4v",
        ".mka",
        ".mkv",
        ".mov",
        ".mp3",
        ".mp4",
        ".mpeg",
        ".mpg",
        ".oga",
        ".ogg",
        ".opus",
        ".wav",
        ".webm",
        ".wma",
        ".wmv",
    }
)
TRANSCRIPTS: Final = (".vtt", ".json", ".srt", ".txt")
"""What tells most about speakers and times comes first: of several of one recording the first is taken."""


@dataclass(frozen=True, slots=True)
class Item:
    """What becomes one interview: a recording, a transcript, or both of one talk."""

    recording: Path | None
    transcript: Path | None

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(path for path in (self.recording, self.transcript) if path is not None)

    @property
    def name(self) -> str:
        return " + ".join(path.name for path in self.files)

    @property
    def stem(self) -> str:
        return self.files[0].stem


@dataclass(frozen=True, slots=True)
class Skipped:
    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    items: tuple[Item, ...]
    skipped: tuple[Skipped, ...]


def find(paths: Iterable[Path]) -> Found:
    """Files as they are named, folders with all that is below them. A path that is met twice counts once."""
    together: dict[tuple[Path, str], list[Path]] = defaultdict(list)
    skipped: list[Skipped] = []
    for path in dict.fromkeys(one.absolute() for one in _files(paths)):
        why = _unwanted(path)
        if why is not None:
            skipped.append(Skipped(path, why))
        else:
            together[path.parent, path.stem].append(path)
    items: list[Item] = []
    for group in together.values():
        items += _paired(group, skipped)
    return Found(tuple(items), tuple(skipped))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from _below(path)
        else:
            yield path


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place, name) for name in sorted(names))


def _unwanted(path: Path) -> str | None:
    if path.name.startswith((".", "~")):
        return "hidden or temporary"
    if path.suffix.lower() not in RECORDINGS and path.suffix.lower() not in TRANSCRIPTS:
        return "neither a recording nor a transcript"
    return None


def _paired(group: list[Path], skipped: list[Skipped]) -> Iterator[Item]:
    """Files of one name in one folder: the first recording with the best transcript, other recordings alone."""
    recordings = [path for path in group if path.suffix.lower() in RECORDINGS]
    transcripts = sorted(
        (path for path in group if path not in recordings), key=lambda p: TRANSCRIPTS.index(p.suffix.lower())
    )
    best = transcripts[0] if transcripts else None
    skipped += [Skipped(path, f"{best.name} is the same transcript") for path in transcripts[1:] if best]
    if not recordings:
        yield Item(None, best)
    for number, recording in enumerate(recordings):
        yield Item(recording, best if number == 0 else None)
