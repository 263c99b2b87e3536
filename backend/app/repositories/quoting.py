"""Making quotes of what both databases store, looking at nothing else of the documents.

The models are not built: a page of results needs a few fields of dozens of them, and answers within milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from app.models.transcript import SpeakerRole
from app.repositories.base.quotes import Quote


class _Person(msgspec.Struct):
    name: str


class QuotedInterview(msgspec.Struct):
    title: str
    created_at: datetime
    candidate: _Person | None = None
    position: str | None = None


class _Speaker(msgspec.Struct):
    id: str
    label: str
    name: str | None = None
    role: SpeakerRole = SpeakerRole.UNKNOWN


class QuotedHead(msgspec.Struct):
    """Of a transcript."""

    speakers: list[_Speaker]
    language: str | None = None


class _Said(msgspec.Struct):
    id: str
    speaker: str
    start: float
    end: float
    text: str
    language: str | None = None


interview_from_json = msgspec.json.Decoder(QuotedInterview).decode
head_from_json = msgspec.json.Decoder(QuotedHead).decode
_said_from_json = msgspec.json.Decoder(_Said).decode


def interview_from(document: Mapping[str, object]) -> QuotedInterview:
    return msgspec.convert(document, QuotedInterview)


def head_from(document: Mapping[str, object]) -> QuotedHead:
    return msgspec.convert(document, QuotedHead)


def part_of(sizes: Sequence[int], number: int) -> tuple[int, int] | None:
    """Which part has the utterance of this number, and on which line; None behind the last one."""
    for part, size in enumerate(sizes):
        if number < size:
            return part, number
        number -= size
    return None


def quote(interview: QuotedInterview, head: QuotedHead, part: str, line: int) -> Quote:
    said = _said_from_json(_line(part, line))
    speaker = next((one for one in head.speakers if one.id == said.speaker), None)
    return Quote(
        title=interview.title,
        candidate=interview.candidate.name if interview.candidate else None,
        position=interview.position,
        created_at=interview.created_at,
        utterance_id=said.id,
        speaker=(speaker.name or speaker.label) if speaker else said.speaker,
        role=speaker.role if speaker else SpeakerRole.UNKNOWN,
        start=said.start,
        end=said.end,
        text=said.text,
        language=said.language or head.language,
    )


def _line(part: str, number: int) -> str:
    """Without copying all the others, which are a hundred kilobytes."""
    start = 0
    for _ in range(number):
        start = part.index("\n", start) + 1
    end = part.find("\n", start)
    return part[start:] if end < 0 else part[start:end]
