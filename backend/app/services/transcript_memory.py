"""Whole transcripts that were read a moment ago: a page that shows one is loaded again and again, and by several people.

A committed revision never changes, so nothing here can be out of date. Who may read it, and whether it still exists, is
asked of the database every time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.repositories.base import TranscriptJson

KEPT_SECONDS: Final = 60.0
"""After that it is gone from memory, too, when its interview was deleted."""
MOST_BYTES: Final = 32 * 1024 * 1024

Key = tuple[str, str, int]
"""Organisation, interview, revision."""


@dataclass(slots=True)
class _Kept:
    found: TranscriptJson
    written: bytes = b""
    """Ready to be sent to those from whom nothing is hidden; empty until somebody has asked."""

    @property
    def size(self) -> int:
        return len(self.found.utterances) + len(self.written)


class TranscriptMemory:
    def __init__(self, *, seconds: float = KEPT_SECONDS, most_bytes: int = MOST_BYTES) -> None:
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._kept: dict[Key, _Kept] = {}
        self._bytes = 0

    def get(self, key: Key) -> TranscriptJson | None:
        kept = self._kept.get(key)
        return kept.found if kept else None

    def keep(self, key: Key, found: TranscriptJson) -> None:
        """The oldest make room; what is larger than all the room is not kept."""
        size = len(found.utterances)
        if key in self._kept or size > self._most_bytes:
            return
        self._kept[key] = _Kept(found)
        self._bytes += size
        self._make_room()
        asyncio.get_running_loop().call_later(self._seconds, self._forget_this, key, found)

    def written(self, key: Key, found: TranscriptJson, write: Callable[[TranscriptJson], bytes]) -> bytes:
        """What `write` makes of the transcript, once for all who read it whole while it is kept."""
        kept = self._kept.get(key)
        if kept is None or kept.found.head is not found.head:
            return write(found)
        if not kept.written:
            kept.written = write(found)
            self._bytes += len(kept.written)
            self._make_room()
        return kept.written

    def _make_room(self) -> None:
        while self._bytes > self._most_bytes:
            self._forget(next(iter(self._kept)))

    def _forget_this(self, key: Key, found: TranscriptJson) -> None:
        """What made room meanwhile and was read again has a time of its own."""
        if self.get(key) is found:
            self._forget(key)

    def _forget(self, key: Key) -> None:
        self._bytes -= self._kept.pop(key).size
