"""From the pieces of a file to a transcript: times in order, cues joined into utterances, speakers with ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from app.models.transcript import Engine, EngineKind, Speaker, TranscriptDraft, Utterance
from app.services.transcription.importers.cues import JOINER, Cue, Declared, Format, Parsed, whole_words
from app.services.transcription.importers.errors import (
    TranscriptEmpty,
    TranscriptTooLarge,
    TranscriptUnreadable,
)
from app.services.transcription.importers.labels import UNNAMED, describe, key
from app.services.transcription.importers.limits import MAX_SPEAKERS, MAX_UTTERANCES
from app.services.transcription.importers.timing import in_order

_GAP: Final = 1.0
"""Seconds of silence that end an utterance."""
_LONG_ENOUGH: Final = 12.0
"""Seconds after which the end of a sentence ends the utterance: evidence should point at less than a minute."""
_LONGEST: Final = 30.0
_MOST_CHARACTERS: Final = 1500
_SENTENCE_ENDS: Final = (".", "?", "!", "…", "。", "？", "！")
_LABELS: Final = {
    Format.WEBVTT: "Imported transcript (WebVTT). Words and times are those of the file.",
    Format.SRT: "Imported transcript (SRT). Words and times are those of the file.",
    Format.JSON: "Imported transcript (JSON). Words and times are those of the file.",
    Format.TEXT: "Imported transcript (plain text). The words are those of the file.",
}


def assemble(parsed: Parsed, form: Format, *, notes: list[str]) -> TranscriptDraft:
    """The draft; `notes` are warnings from before. Raises `TranscriptEmpty`, `TranscriptTooLarge` and, for a file
    that names hundreds of speakers, `TranscriptUnreadable`."""
    said = [replace(cue, text=text) for cue in parsed.cues if (text := " ".join(cue.text.split()))]
    if not any(any(map(str.isalnum, cue.text)) for cue in said):
        raise TranscriptEmpty(
            "The file holds no words. Export the transcript again, after the meeting has ended."
        )
    cues, doubts = in_order(said, place_name=parsed.place_name)
    if parsed.join_cues:
        cues = [replace(cue, text=whole_words(cue.text)) for cue in _joined(cues)]
    if len(cues) > MAX_UTTERANCES:
        raise TranscriptTooLarge(
            f"The file has {len(cues)} utterances; {MAX_UTTERANCES} are the most one interview can have.",
            limit=MAX_UTTERANCES,
        )
    speakers = _speakers(cues, parsed.declared)
    return TranscriptDraft(
        engine=Engine(name=f"import:{form}", version="1", kind=EngineKind.IMPORTED, label=_LABELS[form]),
        language=parsed.language,
        duration=round(max(parsed.duration, *(cue.end or 0.0 for cue in cues), 0.0), 3),
        speakers=tuple(speakers.values()),
        utterances=tuple(_utterances(cues, speakers, parsed.declared)),
        warnings=(*notes, *parsed.warnings, *doubts, *_unnamed(cues)),
    )


def _joined(cues: list[Cue]) -> Iterator[Cue]:
    """Consecutive cues of one named speaker with hardly a pause between them become one utterance.

    Cues nobody is named for are never joined: they may be the words of different people.
    """
    run: list[Cue] = []
    size, end = 0, 0.0
    for cue in cues:
        if run and _goes_on(run, cue, end=end, size=size):
            run.append(cue)
            size, end = size + len(cue.text), max(end, cue.end or 0.0)
            continue
        if run:
            yield _one(run, end)
        run, size, end = [cue], len(cue.text), cue.end or 0.0
    if run:
        yield _one(run, end)


def _goes_on(run: list[Cue], cue: Cue, *, end: float, size: int) -> bool:
    first, last, start = run[0].start or 0.0, run[-1], cue.start or 0.0
    if last.text.endswith(JOINER) and last.speaker == cue.speaker:
        return True
    if cue.speaker is None or last.speaker is None or key(last.speaker) != key(cue.speaker):
        return False
    if start - end > _GAP or (cue.end or start) - first > _LONGEST or size + len(cue.text) > _MOST_CHARACTERS:
        return False
    return end - first < _LONG_ENOUGH or not last.text.endswith(_SENTENCE_ENDS)


def _one(run: list[Cue], end: float) -> Cue:
    return replace(run[0], text=" ".join(cue.text for cue in run), end=end) if len(run) > 1 else run[0]


def _identity(cue: Cue, declared: Mapping[str, Declared]) -> str | None:
    """None stands for everybody without a name. Labels of a file count as equal in any case, keys of JSON exactly."""
    if cue.speaker is None:
        return None
    return cue.speaker if cue.speaker in declared else key(cue.speaker)


def _speakers(cues: list[Cue], declared: Mapping[str, Declared]) -> dict[str | None, Speaker]:
    found: dict[str | None, Speaker] = {}
    for cue in cues:
        identity = _identity(cue, declared)
        if identity in found:
            continue
        if len(found) == MAX_SPEAKERS:
            raise TranscriptUnreadable(
                f"The file names more than {MAX_SPEAKERS} speakers; this is not the transcript of an interview."
            )
        told = Declared(UNNAMED)
        if cue.speaker is not None:
            told = declared.get(cue.speaker) or describe(cue.speaker)
        found[identity] = Speaker(
            id=f"s{len(found)}",
            label=told.label,
            name=told.name,
            role=told.role,
            role_confidence=told.confidence,
            role_reason=told.reason,
        )
    return found


def _utterances(
    cues: list[Cue], speakers: Mapping[str | None, Speaker], declared: Mapping[str, Declared]
) -> Iterator[Utterance]:
    width = max(4, len(str(len(cues))))
    for number, cue in enumerate(cues, start=1):
        yield Utterance(
            id=f"u{number:0{width}d}",
            speaker=speakers[_identity(cue, declared)].id,
            start=cue.start or 0.0,
            end=cue.end or 0.0,
            text=cue.text,
            channel=cue.channel,
            confidence=cue.confidence,
            language=cue.language,
            words=cue.words,
        )


def _unnamed(cues: list[Cue]) -> list[str]:
    count = sum(cue.speaker is None for cue in cues)
    if not count:
        return []
    if count == len(cues):
        return ["The file names no speakers. Say who speaks before anything is concluded from the words."]
    return [f"{count} utterance(s) have no speaker in the file; they were given to “{UNNAMED}”."]
