"""One watched folder: what is new and complete is sent, what failed for a while is tried again."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from app.command_line.importing.content import Stamp
from app.command_line.importing.display import Display
from app.command_line.importing.finding import Item
from app.command_line.importing.results import Outcome, Result
from app.command_line.importing.shipping import Shipping
from app.command_line.watching.looking import TICK_SECONDS, Seen, look, ticks
from app.command_line.watching.memory import Memory
from app.command_line.watching.settling import Settling

_AGAIN_SECONDS: Final = 60.0
"""Until what failed for a reason that may pass is tried again."""


class Watcher:
    def __init__(
        self, folder: Path, shipping: Shipping, memory: Memory, display: Display, *, settle: float
    ) -> None:
        self._folder = folder
        self._shipping = shipping
        self._memory = memory
        self._display = display
        self._settling = Settling(settle)
        self._settle = settle
        self._under_way: dict[tuple[Path, ...], dict[Path, Stamp]] = {}
        self._refused: dict[tuple[Path, ...], dict[Path, Stamp]] = {}
        self._duplicates: dict[tuple[Path, ...], tuple[dict[Path, Stamp], Path]] = {}
        """Of which file; it may still turn out to be the only one that ever arrives."""
        self._brought: set[Path] = set()
        """First files of the items that are with the server."""
        self._again_at: dict[tuple[Path, ...], float] = {}
        self._forgetful = False

    def watch(self, *, poll: float | None) -> None:
        """For ever, until `KeyboardInterrupt`."""
        self.look()
        for changed in ticks(self._folder, poll=poll):
            if changed or self._settling.is_waiting or self._is_due():
                self.look()
            self._step(0)

    def once(self) -> list[Result]:
        """Import what is there and complete; what is still being written is left for the next time."""
        self.look()
        time.sleep(self._settle)
        self.look()
        results: list[Result] = []
        while self._shipping.is_busy:
            results += self._step(TICK_SECONDS)
        return results

    def look(self) -> None:
        """Submit what is new and complete."""
        seen = look(self._folder)
        self._forget_what_is_gone(seen)
        complete = self._settling.look(seen.stamps, time.monotonic())
        busy = {path for files in self._under_way for path in files}
        for item in seen.items:
            stamps = seen.of(item)
            if (
                complete.issuperset(item.files)
                and busy.isdisjoint(item.files)
                and self._is_wanted(item, stamps)
            ):
                self._again_at.pop(item.files, None)
                self._under_way[item.files] = stamps
                self._shipping.submit(item)

    def _is_wanted(self, item: Item, stamps: Mapping[Path, Stamp]) -> bool:
        if self._memory.knows(stamps) or self._refused.get(item.files) == stamps:
            return False
        if item.files in self._duplicates:
            then, first = self._duplicates[item.files]
            if then == stamps and (first in self._brought or self._is_under_way(first)):
                return False
        return time.monotonic() >= self._again_at.get(item.files, 0.0)

    def _is_under_way(self, first: Path) -> bool:
        return any(files[0] == first for files in self._under_way)

    def _forget_what_is_gone(self, seen: Seen) -> None:
        there = {item.files for item in seen.items}
        kept: tuple[dict[tuple[Path, ...], Any], ...] = (self._refused, self._duplicates, self._again_at)
        for items in kept:
            for files in items.keys() - there:
                del items[files]
        self._brought &= {files[0] for files in there}

    def _is_due(self) -> bool:
        now = time.monotonic()
        return any(at <= now for at in self._again_at.values())

    def _step(self, seconds: float) -> list[Result]:
        results = self._shipping.step(seconds)
        for result in results:
            stamps = self._under_way.pop(result.files)
            if result.same_as is not None:
                # Not noted down: the server may have nothing of it yet.
                self._duplicates[result.files] = stamps, result.same_as
            elif result.outcome is not Outcome.FAILED or result.interview_id is not None:
                # Also what the pipeline failed at: it is there, and is retried there.
                self._keep(stamps)
                self._brought.add(result.files[0])
            elif result.may_pass:
                self._again_at[result.files] = time.monotonic() + _AGAIN_SECONDS
            else:
                self._refused[result.files] = stamps
        return results

    def _keep(self, stamps: Mapping[Path, Stamp]) -> None:
        try:
            self._memory.keep(stamps)
        except OSError as error:
            if not self._forgetful:
                self._display.note(f"What was imported cannot be noted down, files are read again: {error}.")
            self._forgetful = True
