"""The journal of a live recording: one JSON line for each thing that must survive the process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter, ValidationError

from app.models.base import Stored
from app.models.live import LiveEncoding, LiveUtterance


class Begun(Stored):
    kind: Literal["begun"] = "begun"
    session_id: str
    organisation_id: str
    interview_id: str
    begun_at: datetime


class PartBegun(Stored):
    """A stream of its own: the first one, and one more for each time that a client had to begin anew."""

    kind: Literal["part"] = "part"
    number: int
    encoding: LiveEncoding
    sample_rate: int
    channels: int
    begun_at: datetime

    @property
    def frame_bytes(self) -> int:
        """Of one sample of every channel."""
        return 2 * self.channels

    def continues(self, other: PartBegun) -> bool:
        """Whether bytes of the other may follow those of this part in one stream."""
        return (self.encoding, self.sample_rate, self.channels) == (
            other.encoding,
            other.sample_rate,
            other.channels,
        )


class Heard(Stored):
    kind: Literal["heard"] = "heard"
    utterance: LiveUtterance


class Ended(Stored):
    """Nothing follows; what is there is to be stored."""

    kind: Literal["ended"] = "ended"


Entry = Begun | PartBegun | Heard | Ended
_ENTRY: Final[TypeAdapter[Entry]] = TypeAdapter(Annotated[Entry, Field(discriminator="kind")])


@dataclass(slots=True)
class Journal:
    """What the lines say together."""

    begun: Begun | None = None
    parts: list[PartBegun] = field(default_factory=list)
    finals: list[LiveUtterance] = field(default_factory=list)
    ended: bool = False

    def add(self, entry: Entry) -> None:
        match entry:
            case Begun():
                self.begun = entry
            case PartBegun():
                self.parts.append(entry)
            case Heard():
                self.finals.append(entry.utterance)
            case Ended():
                self.ended = True


def read_journal(lines: Iterable[bytes]) -> tuple[Journal, int]:
    """The journal and the length in bytes of what could be read: a process that was killed leaves half a line."""
    journal, length = Journal(), 0
    for line in lines:
        try:
            entry = _ENTRY.validate_json(line) if line.endswith(b"\n") else None
        except ValidationError:
            entry = None
        if entry is None:
            break
        journal.add(entry)
        length += len(line)
    return journal, length


def line_of(entry: Entry) -> bytes:
    return entry.model_dump_json().encode() + b"\n"
