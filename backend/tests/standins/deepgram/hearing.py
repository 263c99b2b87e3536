"""Which words of a known sound are in the sound that a live connection was sent.

Whoever tests says which sound will come and where its words are. The stand-in looks up what it receives in that sound,
so a word is heard where its samples arrive, and only where all of them do: the same words, however often a client
connects again, and none that it lost on the way.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tests.standins.deepgram.answers import bare, confidence
from tests.standins.deepgram.journal import Json
from tests.standins.deepgram.speech import script_lines

_WINDOW_SECONDS: Final = 0.02
_TOLERANCE: Final = 0.02
"""Seconds of a word that may be missing at either end: times are rounded on their way."""


@dataclass(frozen=True)
class SpokenWord:
    text: str
    start: float
    end: float
    speaker: int = 0
    channel: int = 0

    def at(self, offset: float) -> Json:
        """In Deepgram's form, with times that are `offset` seconds earlier."""
        return {
            "word": bare(self.text),
            "start": round(self.start - offset, 3),
            "end": round(self.end - offset, 3),
            "confidence": confidence(self.text),
            "punctuated_word": self.text,
            "speaker": self.speaker,
        }


@dataclass(frozen=True)
class Truth:
    """A sound and its words, in the order of their ends."""

    sound: bytes
    words: tuple[SpokenWord, ...]
    rate: int
    channels: int

    @classmethod
    def of(cls, sound: bytes, script: Sequence[Json], rate: int, channels: int) -> Truth:
        """Without a sound, the words of the sample interview, whatever comes."""
        words = [
            SpokenWord(
                word.get("punctuated_word") or word["word"],
                word["start"],
                word["end"],
                word.get("speaker", 0),
                word.get("channel", 0),
            )
            for word in script
        ]
        if not sound:
            words = [
                SpokenWord(word.text, word.start, word.end, word.speaker, word.speaker % channels)
                for line in script_lines()
                for word in line.words
            ]
        return cls(sound, tuple(sorted(words, key=lambda word: word.end)), rate, channels)

    @property
    def block(self) -> int:
        """Bytes of one sample of every channel."""
        return 2 * self.channels

    @property
    def bytes_per_second(self) -> int:
        return self.block * self.rate

    @property
    def window(self) -> int:
        """Bytes that are looked up at once."""
        return round(self.rate * _WINDOW_SECONDS) * self.block


@dataclass
class _Run:
    """A stretch of the connection that is a stretch of the known sound; in bytes."""

    received_at: int
    known_at: int
    length: int = 0
    next_word: int = 0
    """The first one that may still be heard in it."""


class Hearing:
    """The words in one connection's sound."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._ends = [word.end for word in truth.words]
        self._received = 0
        self._pending = bytearray()
        """What was not yet found in the known sound."""
        self._tried = 0
        self._run: _Run | None = None if truth.sound else self._begin(0, 0)

    @property
    def now(self) -> float:
        """Seconds of sound that this connection has had."""
        return self._received / self._truth.bytes_per_second

    def take(self, data: bytes) -> list[tuple[SpokenWord, float]]:
        """The words that are whole now, each with the known time of this connection's beginning."""
        self._received += len(data)
        heard: list[tuple[SpokenWord, float]] = []
        if not self._truth.sound:
            assert self._run is not None
            self._run.length = self._received
            return list(self._new_words(self._run))
        self._pending += data
        while len(self._pending) >= self._truth.block:
            if self._run is None:
                if not self._locate():
                    break
                continue
            matching = self._matching(self._run)
            self._run.length += matching
            del self._pending[:matching]
            heard += self._new_words(self._run)
            if not matching:
                self._run, self._tried = None, 0
        return heard

    def in_progress(self, channel: int | None = None) -> float:
        """When the first word began that has begun and not ended, in seconds of this connection; infinity if none."""
        run = self._run
        if run is None:
            return float("inf")
        now, offset = (run.known_at + run.length) / self._truth.bytes_per_second, self._offset(run)
        begun = [
            word.start - offset
            for word in self._truth.words[run.next_word : run.next_word + 8]
            if word.start < now and (channel is None or word.channel == channel)
        ]
        return min(begun, default=float("inf"))

    def _begin(self, received_at: int, known_at: int) -> _Run:
        known = known_at / self._truth.bytes_per_second
        return _Run(received_at, known_at, next_word=bisect_left(self._ends, known))

    def _offset(self, run: _Run) -> float:
        return (run.known_at - run.received_at) / self._truth.bytes_per_second

    def _new_words(self, run: _Run) -> Iterator[tuple[SpokenWord, float]]:
        per_second = self._truth.bytes_per_second
        begin, end = run.known_at / per_second, (run.known_at + run.length) / per_second
        while run.next_word < len(self._ends) and self._ends[run.next_word] <= end + _TOLERANCE:
            word = self._truth.words[run.next_word]
            run.next_word += 1
            if word.start >= begin - _TOLERANCE:
                yield word, self._offset(run)

    def _matching(self, run: _Run) -> int:
        """How many of the pending bytes go on in the known sound where the run has come to."""
        block, at = self._truth.block, run.known_at + run.length
        usable = len(self._pending) // block * block
        known = self._truth.sound[at : at + usable]
        low, high = 0, len(known) // block
        if self._pending[: high * block] == known[: high * block]:
            return high * block
        while low < high - 1:
            middle = (low + high) // 2
            if self._pending[low * block : middle * block] == known[low * block : middle * block]:
                low = middle
            else:
                high = middle
        return low * block

    def _locate(self) -> bool:
        """Begin a run where a window of the pending bytes is found once in the known sound."""
        truth, pending, windows = self._truth, self._pending, _windows(self._truth.sound, self._truth.window)
        block, window = truth.block, truth.window
        for at in range(self._tried, len(pending) - window + 1, block):
            known_at = windows.get(bytes(pending[at : at + window]))
            if known_at is None:
                continue
            while at and known_at and pending[at - block : at] == truth.sound[known_at - block : known_at]:
                at, known_at = at - block, known_at - block  # noqa: PLW2901 - the window is found; now to its begin
            self._run = self._begin(self._received - len(pending) + at, known_at)
            del pending[:at]
            return True
        self._tried = max(0, (len(pending) - window) // block * block + block)
        return False


@lru_cache(maxsize=4)
def _windows(sound: bytes, size: int) -> dict[bytes, int]:
    """Where each window is, of those that are in the sound once: silence is everywhere and says nothing."""
    found: dict[bytes, int] = {}
    often: set[bytes] = set()
    for at in range(0, len(sound) - size + 1, size):
        window = sound[at : at + size]
        if window in found:
            often.add(window)
        found[window] = at
    return {window: at for window, at in found.items() if window not in often}
