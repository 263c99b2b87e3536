"""Why a file cannot be used as a transcript."""

from __future__ import annotations

from typing import Any

from app.core.errors import InvalidInput, TooLarge


class TranscriptUnreadable(InvalidInput):
    """Not a transcript, or damaged at one place. `line` counts from 1 and becomes a member of the problem."""

    code = "transcript_unreadable"
    title = "The transcript cannot be read"

    def __init__(self, detail: str, *, line: int | None = None, **extra: Any) -> None:
        if line is not None:
            detail, extra = f"Line {line}: {detail}", {**extra, "line": line}
        super().__init__(detail, **extra)
        self.line = line


class TranscriptEmpty(InvalidInput):
    """Readable, and not one word in it."""

    code = "transcript_empty"
    title = "The transcript has no words"


class TranscriptTooLarge(TooLarge):
    """More bytes or more utterances than one interview can have."""

    code = "transcript_too_large"
    title = "The transcript is too large"
