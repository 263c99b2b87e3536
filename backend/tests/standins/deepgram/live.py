"""Deepgram's live socket: hears the words of a script in the sound that it is sent.

Whoever tests says which sound will come and where its words are. The stand-in finds out where in that sound a connection
begins by looking up its first distinct frame, so the same words are heard however often a client connects again, with
times counted from the beginning of each connection, as Deepgram counts them.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from starlette.websockets import WebSocket, WebSocketDisconnect

if TYPE_CHECKING:
    from tests.standins.deepgram.server import Deepgram

RATE: Final = 16_000
_FRAME: Final = 640
"""Bytes: 20 ms."""
_INTERIM_EVERY: Final = 1.0
_SENTENCE_ENDS: Final = (".", "?", "!")


class Listener:
    def __init__(self, deepgram: Deepgram) -> None:
        self._deepgram = deepgram
        self._heard = 0.0
        """Seconds of sound over all connections."""

    async def serve(self, socket: WebSocket) -> None:
        if socket.headers.get("authorization") != f"Token {self._deepgram.key}":
            await socket.close(4001)
            return
        if self._deepgram.switches.take("live_refusals"):
            await socket.close(1013)
            return
        await socket.accept()
        connection = _Connection(self._deepgram, socket, self)
        with suppress(WebSocketDisconnect):
            await connection.run()

    def hear(self, seconds: float) -> bool:
        """Count the sound; True when the connection is to break off now."""
        self._heard += seconds
        drops = self._deepgram.switches.live_drops
        if drops and self._heard >= drops[0]:
            drops.pop(0)
            return True
        return False


class _Connection:
    def __init__(self, deepgram: Deepgram, socket: WebSocket, listener: Listener) -> None:
        self._deepgram = deepgram
        self._socket = socket
        self._listener = listener
        self._sound = bytearray()
        self._offset: float | None = None
        """Where in the known sound this connection began."""
        self._confirmed = 0.0
        """Seconds of this connection up to which finals were sent."""
        self._last_interim = 0.0

    async def run(self) -> None:
        timeout = self._deepgram.switches.live_idle_timeout
        while True:
            try:
                message = await asyncio.wait_for(self._socket.receive(), timeout)
            except TimeoutError:
                await self._socket.close(1011, "NET-0001")
                return
            if message["type"] == "websocket.disconnect":
                return
            if message.get("bytes"):
                if await self._take(message["bytes"]):
                    return
            elif message.get("text") and await self._command(json.loads(message["text"])):
                return

    async def _take(self, data: bytes) -> bool:
        self._sound += data
        if self._listener.hear(len(data) / (2 * RATE)):
            await self._socket.close(1011, "on demand")
            return True
        await self._report(final_up_to=self._end_of_sentences())
        return False

    async def _command(self, command: dict[str, Any]) -> bool:
        if command["type"] == "Finalize":
            await self._report(final_up_to=self._now, from_finalize=True)
        elif command["type"] == "CloseStream":
            await self._report(final_up_to=self._now)
            await self._socket.send_json(
                {
                    "type": "Metadata",
                    "transaction_key": "deprecated",
                    "request_id": "00000000-0000-0000-0000-000000000000",
                    "sha256": "0" * 64,
                    "created": "2026-01-01T00:00:00.000Z",
                    "duration": self._now,
                    "channels": 1,
                }
            )
            await self._socket.close(1000)
            return True
        elif command["type"] != "KeepAlive":
            self._deepgram.violations.append(f"unknown live message {command['type']}")
        return False

    @property
    def _now(self) -> float:
        return len(self._sound) / (2 * RATE)

    def _words(self, begin: float, end: float) -> list[dict[str, Any]]:
        """The words that end in this stretch of the connection, with times of the connection."""
        offset = self._located()
        if offset is None:
            return []
        return [
            {**word, "start": round(word["start"] - offset, 3), "end": round(word["end"] - offset, 3)}
            for word in self._deepgram.live_script
            if word["start"] - offset >= -0.001 and begin < word["end"] - offset <= end
        ]

    def _located(self) -> float | None:
        if self._offset is None:
            known = self._deepgram.live_sound
            for at in range(0, len(self._sound) - _FRAME + 1, _FRAME):
                frame = bytes(self._sound[at : at + _FRAME])
                found = known.find(frame)
                if found >= 0 and known.find(frame, found + 1) < 0:
                    self._offset = (found - at) / (2 * RATE)
                    break
        return self._offset

    def _end_of_sentences(self) -> float:
        """How far finals may be sent: to the last sentence that has ended."""
        ended = [
            word["end"]
            for word in self._words(self._confirmed, self._now - 0.3)
            if word["punctuated_word"].endswith(_SENTENCE_ENDS)
        ]
        return max(ended, default=self._confirmed)

    async def _report(self, *, final_up_to: float, from_finalize: bool = False) -> None:
        if final_up_to > self._confirmed:
            words = self._words(self._confirmed, final_up_to)
            begin, self._confirmed = self._confirmed, final_up_to
            if words or from_finalize:
                await self._send(words, begin, final_up_to, is_final=True, from_finalize=from_finalize)
        if self._now - self._last_interim >= _INTERIM_EVERY:
            self._last_interim = self._now
            words = self._words(self._confirmed, self._now)
            if words:
                await self._send(words, self._confirmed, self._now, is_final=False)

    async def _send(
        self,
        words: list[dict[str, Any]],
        begin: float,
        end: float,
        *,
        is_final: bool,
        from_finalize: bool = False,
    ) -> None:
        await self._socket.send_json(
            {
                "type": "Results",
                "channel_index": [0, 1],
                "duration": round(end - begin, 3),
                "start": round(begin, 3),
                "is_final": is_final,
                "speech_final": is_final,
                "from_finalize": from_finalize,
                "channel": {
                    "alternatives": [
                        {
                            "transcript": " ".join(word["punctuated_word"] for word in words),
                            "confidence": 0.97,
                            "words": words,
                        }
                    ]
                },
                "metadata": {
                    "request_id": "00000000-0000-0000-0000-000000000000",
                    "model_info": {"name": "general-nova-3", "version": "2025-07-31.0", "arch": "nova-3"},
                    "model_uuid": "00000000-0000-0000-0000-000000000000",
                },
            }
        )
