"""What was heard for good, so that after a lost connection nothing is said twice and nothing is left out.

A new connection is sent the sound again from a little before the place that is settled. The engine hears some words a
second time: those whose middle lies before the end of the last settled word are dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from app.services.transcription.live import Heard, HeardWord

_LEAD_SECONDS: Final = 1.0
"""A word that was cut by the end of the last final result began at most so long before it."""
_OVERLAP_SECONDS: Final = 0.1
"""How far an engine's times may be off: a word may begin so long before the told end of the one before it."""


@dataclass(slots=True)
class Settled:
    """For each channel, the end of its last final word and of its last final result, in seconds of the recording."""

    spoken: dict[int, float] = field(default_factory=dict)
    heard: dict[int, float] = field(default_factory=dict)

    def resume_at(self, channels: int) -> float:
        """From where the sound has to be heard (again)."""
        return min(
            max(
                0.0,
                self.spoken.get(channel, 0.0) - _OVERLAP_SECONDS,
                self.heard.get(channel, 0.0) - _LEAD_SECONDS,
            )
            for channel in range(channels)
        )

    def settle(self, final: Heard) -> None:
        self.heard[final.channel] = max(self.heard.get(final.channel, 0.0), final.end)
        if final.words:
            self.spoken[final.channel] = max(self.spoken.get(final.channel, 0.0), final.words[-1].end)


class Stretch:
    """One connection, whose first sample is at `offset` seconds of the recording."""

    def __init__(self, settled: Settled, offset: float) -> None:
        self._settled = settled
        self._offset = offset
        # Within one connection the engine does not repeat itself: only what was settled before it is dropped.
        self._known: Mapping[int, float] = dict(settled.spoken)

    def place(self, result: Heard) -> Heard:
        """The result in the recording's time, without what is known. A final one is settled by this."""
        known = self._known.get(result.channel, 0.0)
        moved = [self._moved(word) for word in result.words]
        placed = replace(
            result,
            start=result.start + self._offset,
            end=result.end + self._offset,
            words=tuple(
                replace(word, start=max(word.start, known))
                for word in moved
                if (word.start + word.end) / 2 >= known
            ),
        )
        if placed.is_final:
            self._settled.settle(placed)
        return placed

    def _moved(self, word: HeardWord) -> HeardWord:
        return replace(word, start=word.start + self._offset, end=word.end + self._offset)
