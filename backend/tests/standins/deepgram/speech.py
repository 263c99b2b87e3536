"""What is said in a recording: known for the samples of this repository, invented for every other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.standins.deepgram.media import Media

SAMPLES: Final = Path(__file__).resolve().parents[4] / "samples"
_SPOKEN_SHARE: Final = 0.9
"""Of a word's time; the rest is the pause behind it."""
_PAUSE: Final = 1.0
"""Seconds between an interview and the next, where one is not enough."""


@dataclass(frozen=True)
class Word:
    text: str
    """As written in the sentence, with its marks."""
    start: float
    end: float
    speaker: int
    """0 is the interviewer, who is alone on the first channel of a stereo recording."""


@dataclass(frozen=True)
class Line:
    """One sentence of one speaker."""

    words: tuple[Word, ...]
    sentiment: float
    """From -1 to 1."""

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def speaker(self) -> int:
        return self.words[0].speaker


@dataclass(frozen=True)
class Speech:
    lines: tuple[Line, ...]
    duration: float
    """Seconds of the recording."""
    channels: int


@cache
def script() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SAMPLES / "script.json").read_text())
    return loaded


@cache
def script_lines() -> tuple[Line, ...]:
    """The sample interview; words are spread evenly over their sentence."""
    feelings = script()["sentiment"]
    made = []
    for said in script()["utterances"]:
        texts = said["text"].split()
        length = (said["end"] - said["start"]) / len(texts)
        words = tuple(
            Word(
                text,
                round(said["start"] + number * length, 3),
                round(said["start"] + (number + _SPOKEN_SHARE) * length, 3),
                0 if said["speaker"] == "I" else 1,
            )
            for number, text in enumerate(texts)
        )
        is_positive, is_negative = (said["id"] in feelings[name] for name in ("positive", "negative"))
        made.append(Line(words, 0.6 if is_positive else -0.6 if is_negative else 0.05))
    return tuple(made)


@cache
def _samples() -> dict[str, tuple[float, int]]:
    """Seconds and channels of every sample by its hash."""
    whole = float(script()["duration"])
    known = {"interview-30s.wav": (30.0, 1), "interview-stereo.m4a": (whole, 2)}
    return {
        hashlib.sha256(path.read_bytes()).hexdigest(): known.get(path.name, (whole, 1))
        for path in SAMPLES.iterdir()
        if path.suffix != ".json"
    }


def speech_in(media: Media, at_least: int = 0) -> Speech:
    """What is said in the media: the sample interview up to the recording's end, again and again if it is longer.

    With `at_least` it goes on until there are so many words, however short the recording is.
    """
    duration, channels = _samples().get(media.sha256) or (media.seconds, media.channels)
    lines: list[Line] = []
    count = 0
    for line in _endless(script_lines()):
        if line.words[0].end > duration and count >= at_least:
            break
        # A recording may end in the middle of a sentence.
        words = tuple(word for word in line.words if word.end <= duration or count < at_least)
        lines.append(Line(words, line.sentiment))
        count += len(words)
    # Sound too short for a word still says something, so that any bytes will do for a recording.
    lines = lines or [script_lines()[0]]
    last = max(line.words[-1].end for line in lines)
    return Speech(tuple(lines), round(max(duration, last), 3), channels)


def _endless(lines: Sequence[Line]) -> Iterator[Line]:
    offset = 0.0
    while True:
        for line in lines:
            words = tuple(
                Word(w.text, round(w.start + offset, 3), round(w.end + offset, 3), w.speaker)
                for w in line.words
            )
            yield Line(words, line.sentiment)
        offset = words[-1].end + _PAUSE
