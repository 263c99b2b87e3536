"""What a live transcription engine is: a socket that takes samples and says what it hears, at first tentatively."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from app.services.transcription.base import Order


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """Samples of 16 bits, little endian. Of two channels, each has its own speakers."""

    sample_rate: int
    channels: int

    @property
    def frame_bytes(self) -> int:
        """Of one sample of every channel."""
        return 2 * self.channels

    @property
    def bytes_per_second(self) -> int:
        return self.frame_bytes * self.sample_rate


@dataclass(frozen=True, slots=True)
class HeardWord:
    text: str
    start: float
    """Seconds."""
    end: float
    confidence: float | None = None
    speaker: int | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard on one channel between two times, in seconds since the first sample of the connection.

    A final result settles everything up to its end, also when it has no words.
    """

    channel: int
    start: float
    end: float
    words: tuple[HeardWord, ...]
    is_final: bool


class LiveConnection(Protocol):
    """One socket. Every method raises `ProviderUnavailable` when it is lost."""

    async def send(self, samples: bytes) -> None: ...

    async def keep_alive(self) -> None:
        """Say that more will come although nothing does for a while."""
        ...

    async def finish(self) -> None:
        """Say that nothing follows: what is held back comes as final results, then `results` ends."""
        ...

    def results(self) -> AsyncGenerator[Heard, None]:
        """Ends after `finish`; raises `ProviderUnavailable` when the other side ends it before."""
        ...


class LiveTranscriber(Protocol):
    def connect(self, sound: SoundFormat, order: Order) -> AbstractAsyncContextManager[LiveConnection]:
        """Raises `ProviderUnavailable` when another try may help, `ProviderRejected` when it cannot."""
        ...


class LiveSound(Protocol):
    """The samples of a recording that still grows, and can be read again from any place."""

    @property
    def sample_rate(self) -> int: ...

    @property
    def channels(self) -> int: ...

    def available(self) -> int:
        """Samples of each channel that are there now."""
        ...

    async def total(self) -> int:
        """Samples of each channel, once nothing follows."""
        ...

    def read(self, start: int) -> AsyncGenerator[bytes, None]:
        """Whole samples from number `start` on, waiting for more until nothing follows."""
        ...
