"""Whole transcripts that were read a moment ago: a page that shows one is loaded again and again, and by several people.

A committed revision never changes, so nothing here can be out of date. Who may read it, and whether it still exists, is
asked of the database every time.
"""

from __future__ import annotations

import asyncio
from typing import Final

from app.repositories.base import TranscriptJson

KEPT_SECONDS: Final = 60.0
"""After that it is gone from memory, too, when its interview was deleted."""
MOST_BYTES: Final = 32 * 1024 * 1024

Key = tuple[str, str, int]
"""Organisation, interview, revision."""


class TranscriptMemory:
    def __init__(self, *, seconds: float = KEPT_SECONDS, most_bytes: int = MOST_BYTES) -> None:
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._kept: dict[Key, TranscriptJson] = {}
        self._bytes = 0

    def get(self, key: Key) -> TranscriptJson | None:
        return self._kept.get(key)

    def keep(self, key: Key, found: TranscriptJson) -> None:
        """The oldest make room; what is larger than all the room is not kept."""
        size = len(found.utterances)
        if key in self._kept or size > self._most_bytes:
            return
        while self._bytes + size > self._most_bytes:
            self._forget(next(iter(self._kept)))
        self._kept[key] = found
        self._bytes += size
        asyncio.get_running_loop().call_later(self._seconds, self._forget_this, key, found)

    def _forget_this(self, key: Key, found: TranscriptJson) -> None:
        """What made room meanwhile and was read again has a time of its own."""
        if self._kept.get(key) is found:
            self._forget(key)

    def _forget(self, key: Key) -> None:
        self._bytes -= len(self._kept.pop(key).utterances)
