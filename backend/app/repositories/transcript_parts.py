"""The stored form of a transcript: a head, and its utterances in parts of JSON lines.

A transcript of many hours is 12 MB. Building it from one document would hold the interpreter for hundreds
of milliseconds, even in a thread, and no request would be served meanwhile. Between
parts, others get their turn. One line is one utterance, so a page of them is sent as it is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from pydantic import TypeAdapter

from app.models.transcript import Transcript, Utterance

_WORDS_IN_PART: Final = 1500
"""About 100 kB, or two milliseconds."""
_UTTERANCES: Final = TypeAdapter(tuple[Utterance, ...])


@dataclass(frozen=True, slots=True)
class Span:
    """Which parts hold a range of utterances, and where in their lines it lies."""

    first: int
    """Number of the first part."""
    parts: int
    skip: int
    """Lines of the first part before the range."""
    size: int
    """Utterances in the range."""
    held: int
    """Utterances in those parts."""


def split(transcript: Transcript) -> tuple[Transcript, list[str], list[int]]:
    """The transcript without utterances; those as JSON lines in parts; how many each part has."""
    head = transcript.model_copy(update={"utterances": ()})
    parts = list(_parts(transcript.utterances))
    lines = ["\n".join(utterance.model_dump_json() for utterance in part) for part in parts]
    return head, lines, [len(part) for part in parts]


def join(head: Transcript, parts: Iterable[str]) -> Transcript:
    """The opposite of `split`."""
    utterances = tuple(chain.from_iterable(_UTTERANCES.validate_json(f"[{_commas(part)}]") for part in parts))
    return head.model_copy(update={"utterances": utterances})


def span(sizes: Sequence[int], *, after: int, limit: int | None) -> Span:
    """Where the utterances from position `after` on are, given the sizes of the parts."""
    end = sum(sizes) if limit is None else min(sum(sizes), after + limit)
    start, first, skip = 0, len(sizes), 0
    parts = held = 0
    for number, size in enumerate(sizes):
        if start < end and start + size > after:
            if not parts:
                first, skip = number, after - start
            parts += 1
            held += size
        start += size
    return Span(first, parts, skip, max(0, end - after), held)


def cut(parts: Sequence[str], where: Span) -> bytes:
    """The inside of a JSON array with the utterances of a span; `parts` are those that it names."""
    if where.held == where.size:
        return _commas("\n".join(parts)).encode()
    lines = list(chain.from_iterable(part.split("\n") for part in parts))
    return ",".join(lines[where.skip : where.skip + where.size]).encode()


def _commas(lines: str) -> str:
    # JSON text never has a bare line feed inside.
    return lines.replace("\n", ",")


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
