"""Times as they are written in transcripts: `01:02:03.450`, `02:03,45`, `75:10`."""

from __future__ import annotations

import re
from typing import Final

STAMP: Final = r"(?:[0-9]{1,4}:)?[0-9]{1,3}:[0-9]{2}(?:[.,][0-9]{1,9})?"
"""Pattern of one time, without groups, to be built into the patterns of the formats."""
MAX_SECONDS: Final = 100 * 3600.0
"""No interview lasts a hundred hours: a later time is a sign that something else is being read."""

_STAMP: Final = re.compile(
    r"(?:(?P<h>[0-9]{1,4}):)?(?P<m>[0-9]{1,3}):(?P<s>[0-9]{2})(?:[.,](?P<f>[0-9]{1,9}))?"
)


def seconds(stamp: str) -> float | None:
    """Seconds, or None for what is no time of day of a recording (`00:75`, `1:99:00`, 200 hours)."""
    match = _STAMP.fullmatch(stamp.strip())
    if match is None:
        return None
    hours, minutes, whole = int(match["h"] or 0), int(match["m"]), int(match["s"])
    if whole > 59 or (match["h"] is not None and minutes > 59):
        return None
    value = hours * 3600 + minutes * 60 + whole + float(f"0.{match['f'] or 0}")
    return round(value, 3) if value <= MAX_SECONDS else None
