"""Deepgram's own answer, saved to a file: read as the pipeline reads it when it comes by itself."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import Raw, Struct

from app.models.transcript import Engine, EngineKind, TranscriptDraft
from app.services.transcription.base import AnswerUnreadable
from app.services.transcription.importers.clock import MAX_SECONDS
from app.services.transcription.importers.errors import (
    TranscriptEmpty,
    TranscriptTooLarge,
    TranscriptUnreadable,
)
from app.services.transcription.importers.limits import MAX_SPEAKERS, MAX_UTTERANCES
from app.services.transcription.providers.deepgram.parse import parse_result

_LABEL: Final = (
    "Imported transcript (Deepgram). Words, speakers and times are those of the file, made by a machine."
)


class _Results(Struct):
    channels: list[Raw]


class _Answer(Struct):
    metadata: Raw
    results: _Results


def is_deepgram(text: str) -> bool:
    """Whether the JSON has the parts that every answer with a transcript has, and no other vendor's."""
    try:
        msgspec.json.decode(text, type=_Answer)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return False
    return True


def parse_deepgram(text: str, *, notes: list[str]) -> TranscriptDraft:
    """Raises `TranscriptUnreadable`, `TranscriptEmpty` and `TranscriptTooLarge`."""
    try:
        draft = parse_result(text.encode())
    except AnswerUnreadable as error:
        raise TranscriptUnreadable(
            "This looks like an answer of Deepgram, but is not in the form that it documents."
        ) from error
    if not any(any(map(str.isalnum, utterance.text)) for utterance in draft.utterances):
        raise TranscriptEmpty("The file holds no words: Deepgram heard no speech in the recording.")
    if len(draft.utterances) > MAX_UTTERANCES:
        raise TranscriptTooLarge(
            f"The file has {len(draft.utterances)} utterances; {MAX_UTTERANCES} are the most one interview can have.",
            limit=MAX_UTTERANCES,
        )
    _refuse_nonsense(draft)
    return draft.model_copy(update={"engine": _imported(draft.engine), "warnings": (*notes, *draft.warnings)})


def _refuse_nonsense(draft: TranscriptDraft) -> None:
    if len(draft.speakers) > MAX_SPEAKERS:
        raise TranscriptUnreadable(
            f"The file names more than {MAX_SPEAKERS} speakers; this is not the transcript of an interview."
        )
    words = [word for utterance in draft.utterances for word in utterance.words]
    ends = [utterance.end for utterance in draft.utterances] + [word.end for word in words]
    if not max(draft.duration, *ends) <= MAX_SECONDS:
        raise TranscriptUnreadable("The file has times of more than a hundred hours into the recording.")
    texts = [utterance.text for utterance in draft.utterances] + [word.text for word in words]
    if any("\x00" in text for text in texts):
        raise TranscriptUnreadable("The file holds a NUL character; remove it.")


def _imported(engine: Engine) -> Engine:
    return Engine(
        name="import:deepgram",
        version=engine.version,
        kind=EngineKind.IMPORTED,
        model=engine.model,
        label=_LABEL,
    )
