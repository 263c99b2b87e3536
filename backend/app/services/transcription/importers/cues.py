"""What every reader of a format hands over: pieces of speech in the order of the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from app.models.transcript import SpeakerRole, Word

JOINER: Final = "\u2060"
"""The word joiner, which is not seen. Our subtitles end a piece of a word with it, where a line or a cue is full, and
begin lines with it that are no labels."""

_CUT: Final = re.compile(rf"{JOINER}\s*")


class Format(StrEnum):
    WEBVTT = "webvtt"
    SRT = "srt"
    JSON = "json"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Cue:
    """One piece of speech. Times are seconds; None means that the file does not tell."""

    text: str
    place: int
    """Where it stands: a line number, or for JSON the number of the item. Counted from 1."""
    speaker: str | None = None
    """The label of the file, or None when the file does not say who speaks."""
    start: float | None = None
    end: float | None = None
    words: tuple[Word, ...] = ()
    confidence: float | None = None
    channel: int | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """What a file says about a speaker beyond a label."""

    label: str
    name: str | None = None
    role: SpeakerRole = SpeakerRole.UNKNOWN
    confidence: float = 0.0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file that was read, before times are put in order and speakers get their ids."""

    cues: list[Cue]
    warnings: list[str] = field(default_factory=list)
    declared: Mapping[str, Declared] = field(default_factory=dict)
    """By `Cue.speaker`. Speakers that are not in it are described by their label alone."""
    language: str | None = None
    duration: float = 0.0
    place_name: str = "line"
    join_cues: bool = False
    """Cues are pieces cut for display and may be joined into utterances."""


def whole_words(text: str) -> str:
    """Words put together again that were cut for display."""
    return _CUT.sub("", text) if JOINER in text else text
