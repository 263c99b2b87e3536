"""How the speakers of a transcript are called in a file: whoever reads it tells them apart by nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from app.models.transcript import Speaker, Transcript, Utterance
from app.services.export.plain_text import printable

JOINER: Final = "\u2060"
"""The word joiner, which is not seen: before white space it says that a word goes on, at the start of a line that
the line is no label. Our reader takes it away again."""
_UNSEEN: Final = re.compile(f"[{JOINER}\ufeff]")
"""The second is the joiner's old form, which readers take for the mark of an encoding."""
_LONGEST: Final = 120
_NOBODY: Final = "Unnamed speaker"


def names_of(speakers: Sequence[Speaker]) -> dict[str, str]:
    """By id: the person's name, else the label. What two would share gets a number."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for place, speaker in enumerate(speakers, start=1):
        wanted = _clean(speaker.name) or _clean(speaker.label) or f"Speaker {place}"
        name, number = wanted, 1
        while name.casefold() in taken:
            number += 1
            name = f"{wanted} ({number})"
        taken.add(name.casefold())
        names[speaker.id] = name
    return names


def name_of(utterance: Utterance, names: dict[str, str]) -> str:
    return names.get(utterance.speaker, _NOBODY)


def one_line(text: str) -> str:
    """The text with single spaces, without what no file can carry."""
    return " ".join(_UNSEEN.sub("", printable(text)).split())


def spoken(transcript: Transcript) -> list[tuple[Utterance, str]]:
    """The utterances that have words, with those in one line."""
    return [(utterance, text) for utterance in transcript.utterances if (text := one_line(utterance.text))]


def _clean(name: str | None) -> str:
    return one_line(name or "")[:_LONGEST].rstrip()
