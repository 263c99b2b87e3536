"""When a file that somebody copies into a folder is complete."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.command_line.importing.content import Stamp


class Settling:
    """A file is complete when its size and its time have not changed for some seconds of watching it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since: dict[Path, tuple[Stamp, float]] = {}
        self.is_waiting = False
        """Whether the last look saw files that are not complete yet."""

    def look(self, seen: Mapping[Path, Stamp], now: float) -> frozenset[Path]:
        """The complete ones among the files that are there. What is not named is forgotten."""
        since = {}
        for path, stamp in seen.items():
            before, at = self._since.get(path, (stamp, now))
            since[path] = (stamp, at if before == stamp else now)
        self._since = since
        complete = frozenset(path for path, (_, at) in since.items() if now - at >= self._seconds)
        self.is_waiting = len(complete) < len(since)
        return complete
