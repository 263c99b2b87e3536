"""What a meeting service has to be able to do here: prove that a call is its own, and say what was recorded.

A service knows nothing of interviews, and nothing here fetches anything: an event becomes recordings in words of ours,
and the pipeline takes it from there. Teams and Meet follow by one module each under `providers`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from app.core.errors import InvalidInput, Unauthenticated

TOLERANCE: Final = timedelta(minutes=5)
"""How far the time in a signed call may be from ours: a recorded call cannot be played again later."""


class CallRefused(Unauthenticated):
    """Not signed with a secret of this connection, too old, or no such connection: they answer alike."""

    code, title = "call_refused", "Not a call that can be believed"

    def __init__(self) -> None:
        super().__init__("Sign the call with the connection's secret, and with the time as it is now.")


class EventUnreadable(InvalidInput):
    """Genuine, and not of the shape that the service's documentation describes."""

    code = "event_unreadable"


class FileKind(StrEnum):
    AUDIO = "audio"
    VIDEO = "video"
    TRANSCRIPT = "transcript"


@dataclass(frozen=True, slots=True)
class MeetingFile:
    id: str
    kind: FileKind
    url: str
    extension: str
    """Lower-case, without a dot."""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class MeetingRecording:
    """One stretch of a meeting that was recorded without a break, with all files that were made of it."""

    key: str
    """The same whenever the service speaks of this stretch, whatever else it says."""
    meeting_id: str
    """The same for all stretches of a meeting."""
    part: int
    """From 1; a recording that was paused has several."""
    parts: int
    title: str
    started_at: datetime | None
    host_email: str | None
    files: tuple[MeetingFile, ...]
    """The best of each kind first."""
    token: str | None
    """Bearer token of the downloads."""
    token_hosts: tuple[str, ...]

    def best(self, *kinds: FileKind) -> MeetingFile | None:
        """The first file of the first kind that there is."""
        return next((f for kind in kinds for f in self.files if f.kind is kind), None)


class Happening(StrEnum):
    RECORDED = "recorded"
    TRANSCRIBED = "transcribed"
    """The service's own transcript of recordings that it told us of before."""
    OTHER = "other"
    """Nothing that concerns us."""


@dataclass(frozen=True, slots=True)
class MeetingEvent:
    happening: Happening
    recordings: tuple[MeetingRecording, ...] = ()


class Verifier(Protocol):
    def verify(self, body: bytes, headers: Mapping[str, str], secrets: Sequence[str]) -> None:
        """Raises `CallRefused`. `headers` with lower-case names; compares in constant time."""


class MeetingService(Verifier, Protocol):
    def answer_challenge(self, body: bytes, secret: str) -> Mapping[str, str] | None:
        """What proves to the service that this address is ours, if that is what the (verified) call asks for."""

    def read(self, body: bytes) -> MeetingEvent:
        """What a verified call says. Raises `EventUnreadable`."""
