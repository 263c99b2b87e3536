"""Why a live recording does not begin, does not go on, or ends before its client says so."""

from __future__ import annotations

from app.core.errors import Conflict, InvalidInput, TooLarge


class LiveElsewhere(Conflict):
    """Another connection records this interview, or has taken over from this one."""

    code = "live_elsewhere"


class LiveEnded(Conflict):
    """The recording has its end and is being stored."""

    code = "live_ended"


class LiveGap(Conflict):
    """The client no longer holds bytes that never arrived here. `received_bytes` says from where they are missing."""

    code = "live_gap"


class LiveFormatChanged(InvalidInput):
    code = "live_format_changed"


class LiveTooLong(TooLarge):
    """The recording has reached the longest duration or the largest size; it is kept up to there."""

    code = "live_too_long"
