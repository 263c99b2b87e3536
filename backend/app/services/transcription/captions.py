"""Words while people talk: follows the sound of a recording and stays with it however often the engine is lost.

The sound is read where it is kept, so nobody waits for the engine: when it comes back, it is sent what is not settled.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import aclosing
from itertools import groupby
from typing import Final, Protocol

import anyio
import structlog

from app.core.errors import ProviderUnavailable
from app.models.live import CaptionState
from app.services.transcription.base import Order
from app.services.transcription.live import (
    Heard,
    HeardWord,
    LiveConnection,
    LiveSound,
    LiveTranscriber,
    SoundFormat,
)
from app.services.transcription.replay import Settled, Stretch

log = structlog.get_logger(__name__)

REPLAY_SECONDS: Final = 60.0
"""How much is sent again at most: who was away for longer misses the rest until the transcript comes."""
_SLICE_SECONDS: Final = 0.1
_KEEP_ALIVE_SECONDS: Final = 4.0
_FIRST_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 10.0


class CaptionListener(Protocol):
    """Who is told. Times are seconds of the recording."""

    async def on_final(self, words: Sequence[HeardWord], channel: int, stream: int) -> None:
        """Words of one speaker that will not change; returns when they are kept."""
        ...

    def on_interim(self, words: Sequence[HeardWord], channel: int) -> None:
        """All words after the last final ones, as they are understood so far."""
        ...

    def on_state(self, state: CaptionState, reason: str | None) -> None: ...


class Captions:
    """`settled` and `stream` go on from an earlier process, or from before the client was lost."""

    def __init__(
        self,
        transcriber: LiveTranscriber,
        order: Order,
        listener: CaptionListener,
        *,
        settled: Settled,
        stream: int,
    ) -> None:
        self._transcriber = transcriber
        self._order = order
        self._listener = listener
        self._settled = settled
        self._stream = stream
        self._wait = _FIRST_WAIT

    async def run(self, sounds: Sequence[LiveSound]) -> None:
        """Follow the sounds, one after the other on one timeline, to their ends. Raises `ProviderRejected`."""
        base = 0.0
        for sound in sounds:
            await self._follow(sound, base)
            base += await sound.total() / sound.sample_rate

    async def _follow(self, sound: LiveSound, base: float) -> None:
        self._listener.on_state(CaptionState.CONNECTING, None)
        while True:
            try:
                async with self._transcriber.connect(
                    SoundFormat(sound.sample_rate, sound.channels), self._order
                ) as connection:
                    await self._converse(connection, sound, base)
                    return
            except* ProviderUnavailable as lost:
                reason = _first(lost)
            log.info("live.captions_lost", code=reason.code)
            self._listener.on_state(CaptionState.RECONNECTING, reason.detail)
            await anyio.sleep(self._wait)
            self._wait = min(_LONGEST_WAIT, self._wait * 2)

    async def _converse(self, connection: LiveConnection, sound: LiveSound, base: float) -> None:
        first = self._first_sample(sound, base)
        stretch = Stretch(self._settled, base + first / sound.sample_rate)
        self._stream += 1
        self._listener.on_state(CaptionState.LIVE, None)
        async with anyio.create_task_group() as group:
            group.start_soon(self._send, connection, sound, first)
            async with aclosing(connection.results()) as results:
                async for result in results:
                    self._wait = _FIRST_WAIT
                    await self._tell(stretch.place(result))
            group.cancel_scope.cancel()

    def _first_sample(self, sound: LiveSound, base: float) -> int:
        settled = round((self._settled.resume_at(sound.channels) - base) * sound.sample_rate)
        oldest = sound.available() - round(REPLAY_SECONDS * sound.sample_rate)
        return max(0, settled, oldest)

    async def _send(self, connection: LiveConnection, sound: LiveSound, first: int) -> None:
        slice_bytes = round(_SLICE_SECONDS * sound.sample_rate) * 2 * sound.channels
        last_sent = time.monotonic()

        async def keep_alive() -> None:
            while True:
                silent = time.monotonic() - last_sent
                if silent >= _KEEP_ALIVE_SECONDS:
                    await connection.keep_alive()
                    silent = 0.0
                await anyio.sleep(_KEEP_ALIVE_SECONDS - silent)

        async with anyio.create_task_group() as group:
            group.start_soon(keep_alive)
            async with aclosing(sound.read(first)) as blocks:
                async for block in blocks:
                    for start in range(0, len(block), slice_bytes):
                        await connection.send(block[start : start + slice_bytes])
                        last_sent = time.monotonic()
            group.cancel_scope.cancel()
        await connection.finish()

    async def _tell(self, result: Heard) -> None:
        if not result.is_final:
            self._listener.on_interim(result.words, result.channel)
            return
        for _, words in groupby(result.words, key=lambda word: word.speaker):
            await self._listener.on_final(tuple(words), result.channel, self._stream)


def _first(group: BaseExceptionGroup[ProviderUnavailable]) -> ProviderUnavailable:
    """A failure out of a group that may hold groups."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, ProviderUnavailable)  # noqa: S101 - the group was filtered by this
    return error
