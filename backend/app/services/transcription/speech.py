"""From recognised words to utterances: shared by the engines that run on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Final

from app.models.transcript import Engine, EngineKind, Speaker, TranscriptDraft, Utterance, Word
from app.services.transcription.providers.diarization.segments import Diarization, Method, Turn

_PAUSE: Final = 1.0
"""Seconds of silence that end an utterance."""
_LONG_ENOUGH: Final = 12.0
"""Seconds after which the end of a sentence ends the utterance: evidence should point at less than a minute."""
_LONGEST: Final = 30.0
_JOIN: Final = 0.6
_METHODS: Final = {
    Method.CHANNELS: "Speakers by stereo channel: one voice on each side of the recording.",
    Method.VOICES: "Speakers told apart by the sound of their voices, a guess. Check the turns and the names.",
    Method.SINGLE: "One speaker, as stated; nobody was told apart.",
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One recognised word. Times in seconds from the beginning, `confidence` from 0 to 1."""

    text: str
    start: float
    end: float
    confidence: float | None
    speaker: int
    language: str | None = None
    """Where several are spoken, and the engine can tell."""


def passages(turns: Sequence[Turn], *, longest: float = _LONGEST) -> list[Turn]:
    """Turns for recognition: those of one speaker with hardly a pause between are joined, endless ones are cut."""
    joined: list[Turn] = []
    for turn in turns:
        last = joined[-1] if joined else None
        if (
            last
            and last.speaker == turn.speaker
            and turn.start - last.end <= _JOIN
            and turn.end - last.start <= longest
        ):
            joined[-1] = Turn(last.speaker, last.start, max(last.end, turn.end))
        else:
            joined.append(turn)
    return [piece for turn in joined for piece in _cut(turn, longest)]


def _cut(turn: Turn, longest: float) -> Iterator[Turn]:
    start = turn.start
    while turn.end - start > longest:
        yield Turn(turn.speaker, start, start + longest)
        start += longest
    yield Turn(turn.speaker, start, turn.end)


def batches(turns: Sequence[Turn], *, seconds: float) -> Iterator[list[Turn]]:
    """Passages in portions of about `seconds` of sound: a portion is what a cancellation or a crash can cost."""
    batch: list[Turn] = []
    size = 0.0
    for turn in turns:
        if batch and size + turn.end - turn.start > seconds:
            yield batch
            batch, size = [], 0.0
        batch.append(turn)
        size += turn.end - turn.start
    if batch:
        yield batch


def draft(
    words: Sequence[Spoken],
    diarization: Diarization,
    *,
    engine: Engine,
    language: str | None,
    duration: float,
    warnings: Iterable[str] = (),
) -> TranscriptDraft:
    """The transcript that the words make."""
    present = sorted({word.speaker for word in words})
    return TranscriptDraft(
        engine=engine,
        diarization=Engine(
            name=f"diarization:{diarization.method}",
            version="1",
            kind=EngineKind.OFFLINE_BASELINE,
            label=_METHODS[diarization.method],
        ),
        language=language,
        duration=round(duration, 3),
        speakers=tuple(Speaker(id=f"s{n}", label=f"Speaker {n + 1}") for n in present),
        utterances=tuple(
            _utterance(number, run, by_channel=diarization.method is Method.CHANNELS)
            for number, run in enumerate(_runs(words), start=1)
        ),
        warnings=(*warnings, *diarization.warnings, *(() if words else ("No words were recognised.",))),
    )


def _runs(words: Sequence[Spoken]) -> Iterator[list[Spoken]]:
    if not words:
        return
    run = [words[0]]
    for before, word in pairwise(words):
        if _breaks(run[0], before, word):
            yield run
            run = []
        run.append(word)
    yield run


def _breaks(first: Spoken, before: Spoken, word: Spoken) -> bool:
    if (
        before.speaker != word.speaker
        or before.language != word.language
        or word.start - before.end > _PAUSE
        or word.end - first.start > _LONGEST
    ):
        return True
    return word.start - first.start > _LONG_ENOUGH and before.text.endswith((".", "?", "!"))


def _utterance(number: int, run: Sequence[Spoken], *, by_channel: bool) -> Utterance:
    known = [word.confidence for word in run if word.confidence is not None]
    return Utterance(
        id=f"u{number:04d}",
        speaker=f"s{run[0].speaker}",
        start=round(run[0].start, 3),
        end=round(max(word.end for word in run), 3),
        text=" ".join(word.text for word in run),
        channel=run[0].speaker if by_channel else None,
        confidence=round(fmean(known), 3) if known else None,
        language=run[0].language,
        words=tuple(
            Word(text=w.text, start=round(w.start, 3), end=round(w.end, 3), confidence=w.confidence)
            for w in run
        ),
    )
