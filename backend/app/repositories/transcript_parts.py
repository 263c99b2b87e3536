"""The stored form of a transcript: a head, and its utterances in parts of JSON text.

A transcript of many hours is 12 MB. Building it from one document would hold the interpreter for hundreds
of milliseconds, even in a thread, and no request would be served meanwhile. Between
parts, others get their turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from pydantic import TypeAdapter

from app.models.transcript import Transcript, Utterance

_WORDS_IN_PART: Final = 1500
"""About 100 kB, or two milliseconds."""
_UTTERANCES: Final = TypeAdapter(tuple[Utterance, ...])


def split(transcript: Transcript) -> tuple[Transcript, list[str]]:
    """The transcript without utterances, and those as JSON arrays in order."""
    head = transcript.model_copy(update={"utterances": ()})
    return head, [_UTTERANCES.dump_json(part).decode() for part in _parts(transcript.utterances)]


def join(head: Transcript, parts: Iterable[str]) -> Transcript:
    """The opposite of `split`."""
    utterances = tuple(chain.from_iterable(_UTTERANCES.validate_json(part) for part in parts))
    return head.model_copy(update={"utterances": utterances})


def _parts(utterances: Sequence[Utterance]) -> Iterator[tuple[Utterance, ...]]:
    part: list[Utterance] = []
    words = 0
    for utterance in utterances:
        part.append(utterance)
        # An utterance without words still has its text and fields.
        words += len(utterance.words) + 3
        if words >= _WORDS_IN_PART:
            yield tuple(part)
            part, words = [], 0
    if part:
        yield tuple(part)
