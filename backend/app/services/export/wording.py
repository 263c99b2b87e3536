"""How the export says things: levels, kinds, times and dates."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Final

from app.models.analysis import Asked, FactKind, FlagType, NoteKind, Severity
from app.models.template import Level
from app.services.export.document import Tone

LEVELS: Final = {
    Level.STRONG_NO: "Strong no",
    Level.NO: "No",
    Level.YES: "Yes",
    Level.STRONG_YES: "Strong yes",
}
FLAGS: Final = {
    FlagType.CONTRADICTION: "Contradiction",
    FlagType.VAGUE: "Vague answer",
    FlagType.SKILL_GAP: "Skill gap",
    FlagType.CONDUCT: "Conduct",
    FlagType.AVAILABILITY: "Availability",
    FlagType.OTHER: "Other",
}
SEVERITY_TONES: Final = {
    Severity.LOW: Tone.MUTED,
    Severity.MEDIUM: Tone.CAUTION,
    Severity.HIGH: Tone.BAD,
    Severity.CRITICAL: Tone.BAD,
}
FACTS: Final = {
    FactKind.NOTICE_PERIOD: "Notice period",
    FactKind.START_DATE: "Start date",
    FactKind.LOCATION: "Location",
    FactKind.SALARY_EXPECTATION: "Salary expectation",
}
NOTES: Final = {
    NoteKind.PROTECTED_TOPIC: "Question on a protected topic",
    NoteKind.LEADING_QUESTION: "Leading question",
}
ASKED: Final = {Asked.ASKED: "Asked", Asked.NOT_ASKED: "Not asked", Asked.UNKNOWN: "Cannot tell"}
ASKED_TONES: Final = {Asked.ASKED: Tone.GOOD, Asked.NOT_ASKED: Tone.BAD, Asked.UNKNOWN: Tone.MUTED}


def level_text(level: Level | None, *, none: str = "Not assessed") -> str:
    return none if level is None else LEVELS[level]


def level_tone(level: Level | None) -> Tone:
    if level is None:
        return Tone.MUTED
    return Tone.GOOD if level in (Level.YES, Level.STRONG_YES) else Tone.BAD


def clock(seconds: float) -> str:
    """A place in the recording: `04:07`, from an hour on `1:02:03`."""
    whole = int(seconds) if math.isfinite(seconds) and seconds > 0 else 0
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes:02}:{whole % 60:02}"


def day(at: datetime) -> str:
    """`14 March 2026`, in UTC."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%B %Y}"


def moment(at: datetime) -> str:
    """`14 March 2026, 15:30 UTC`."""
    return f"{day(at)}, {at.astimezone(UTC):%H:%M} UTC"


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 claim`, `2 claims`, `1,204 tokens`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """With a full stop, unless the text ends in a mark of its own."""
    text = text.strip()
    return text if not text or text[-1] in ".!?…。！？" else f"{text}."
