"""Who speaks in subtitles: voices (`<v Name>`, as Teams writes them) or names in the text (Zoom, Meet)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from app.services.transcription.importers.cues import Cue
from app.services.transcription.importers.errors import TranscriptTooLarge, TranscriptUnreadable
from app.services.transcription.importers.labels import Vocabulary, carry_names, learn, without_marks
from app.services.transcription.importers.subtitles import Blocks, Line, TimedBlock, plain, resolved

_VOICE: Final = re.compile(r"<(/?)v(?:\.[^\s<>]*+)?(?:[ \t\n]([^<>]*+))?>")
LONGEST_NAME: Final = 160
MAX_VOICES: Final = 250_000
"""Five for each utterance that one interview can have. Lines do not bound them: one can hold any number."""


def spoken(blocks: Blocks) -> tuple[list[Cue], list[str]]:
    """The cues with their speakers, and warnings.

    Raises `TranscriptUnreadable` for a name of absurd length and for words without a single time, and
    `TranscriptTooLarge` for hundreds of thousands of voices.
    """
    warnings = list(blocks.warnings)
    if blocks.preamble:
        number, line = blocks.preamble[0]
        if not blocks.cues:
            raise TranscriptUnreadable(
                "There are words, but no timing such as 00:01:02.000 --> 00:01:05.000 above them.",
                line=number,
            )
        warnings.append(f"Text before the first cue was left out, from line {number}: “{line.strip()[:60]}”.")
    if any("<v" in line and _VOICE.search(line) for block in blocks.cues for _, line in block.payload):
        if sum(line.count("<v") for block in blocks.cues for _, line in block.payload) > MAX_VOICES:
            raise TranscriptTooLarge(f"The file has more than {MAX_VOICES} voices.", limit=MAX_VOICES)
        return [cue for block in blocks.cues for cue in _by_voice(block)], warnings
    cues, doubts = _by_label(blocks.cues)
    cues, carried = carry_names(cues)
    return cues, warnings + doubts + carried


def _by_voice(block: TimedBlock) -> list[Cue]:
    """One cue per voice. They share the times of the cue: the file does not tell more."""
    payload = "\n".join(line for _, line in block.payload)
    cues: list[Cue] = []
    speaker: str | None = None
    at = 0

    def speak(until: int) -> None:
        words = plain(payload[at:until])
        if words:
            cues.append(Cue(words, block.line, speaker=speaker, start=block.start, end=block.end))

    for tag in _VOICE.finditer(payload):
        speak(tag.start())
        at = tag.end()
        name = " ".join(resolved(tag[2] or "").split())
        if len(name) > LONGEST_NAME:
            raise TranscriptUnreadable(
                f"The name of a speaker is {len(name)} characters long.", line=block.line
            )
        speaker = None if tag[1] else name or None
    speak(len(payload))
    return cues


def _by_label(blocks: list[TimedBlock]) -> tuple[list[Cue], list[str]]:
    """Cues of payloads that name their speakers in the text: `Name: …` or `[Name] …`.

    A second line of a payload starts another speaker only with a label that also begins cues.
    """
    texts = [(block, [(n, plain(line)) for n, line in block.payload]) for block in blocks]
    vocabulary, warnings = learn([lines[0][1] for _, lines in texts if lines], least_share=0.15)
    return [cue for block, lines in texts for cue in _split(block, lines, vocabulary)], warnings


def _split(block: TimedBlock, lines: list[Line], vocabulary: Vocabulary) -> Iterator[Cue]:
    empty = Cue("", block.line, start=block.start, end=block.end)
    speaker: str | None = None
    parts: list[str] = []
    for _, line in lines:
        found = vocabulary.split(line)
        if found is None:
            parts.append(line if parts else without_marks(line))
            continue
        if parts:
            yield replace(empty, speaker=speaker, text=" ".join(parts))
        speaker, rest = found
        parts = [rest]
    if parts:
        yield replace(empty, speaker=speaker, text=" ".join(parts))
