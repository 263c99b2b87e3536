"""What is in the folder now, and when to look again."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.command_line.importing.content import Stamp
from app.command_line.importing.finding import Item, find

TICK_SECONDS: Final = 0.5
_ANYWAY_SECONDS: Final = 60.0
"""Systems lose notifications, and network drives send none for what others do."""


@dataclass(frozen=True, slots=True)
class Seen:
    items: tuple[Item, ...]
    stamps: Mapping[Path, Stamp]

    def of(self, item: Item) -> dict[Path, Stamp]:
        return {path: self.stamps[path] for path in item.files}


def look(folder: Path) -> Seen:
    """Items whose files can all be seen; some may have gone since they were listed."""
    stamps: dict[Path, Stamp] = {}
    found = find([folder]).items
    for path in (path for item in found for path in item.files):
        with suppress(OSError):
            stamps[path] = Stamp.of(path)
    return Seen(tuple(item for item in found if stamps.keys() >= set(item.files)), stamps)


def ticks(folder: Path, *, poll: float | None) -> Iterator[bool]:
    """Comes about twice a second for ever, and says whether something may have changed since.

    The system tells of changes; with `poll`, or where it does not, it is taken for granted every so many seconds.
    """
    told = _told(folder) if poll is None else _every(poll)
    looked_at = time.monotonic()
    for changed in told:
        due = time.monotonic() - looked_at >= _ANYWAY_SECONDS
        if changed or due:
            looked_at = time.monotonic()
        yield changed or due


def _told(folder: Path) -> Iterator[bool]:
    from watchfiles import watch  # noqa: PLC0415 - a native module that no other command needs

    milliseconds = int(TICK_SECONDS * 1000)
    try:
        for changes in watch(
            folder,
            watch_filter=None,
            debounce=milliseconds,
            rust_timeout=milliseconds,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        ):
            yield bool(changes)
    except OSError:
        # No watches left, or a file system without them.
        yield from _every(_ANYWAY_SECONDS / 10)


def _every(seconds: float) -> Iterator[bool]:
    at = time.monotonic()
    while True:
        time.sleep(min(TICK_SECONDS, seconds))
        due = time.monotonic() - at >= seconds
        if due:
            at = time.monotonic()
        yield due
