"""Deepgram's live socket: sound in, interim and final results out."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from starlette.responses import JSONResponse
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from tests.standins.deepgram.answers import now
from tests.standins.deepgram.endpoint import Seen, received
from tests.standins.deepgram.hearing import Hearing
from tests.standins.deepgram.journal import Json, Query
from tests.standins.deepgram.refusals import Refused
from tests.standins.deepgram.specification import specification
from tests.standins.deepgram.transcript import Talk

if TYPE_CHECKING:
    from tests.standins.deepgram.server import Deepgram

_DEFAULT_RATE: Final = 16_000
_IDLE: Final = "NET-0001: Deepgram did not receive audio data or a text message within the timeout window."


class Listener:
    """Takes live connections."""

    def __init__(self, deepgram: Deepgram) -> None:
        self._deepgram = deepgram
        self._heard = 0.0
        """Seconds of sound over all connections."""

    async def serve(self, socket: WebSocket) -> None:
        seen = Seen(list(socket.query_params.multi_items()))
        status, at = 101, time.monotonic()
        try:
            self._admit(socket, seen)
        except Refused as refused:
            status = refused.status
            await socket.send_denial_response(JSONResponse(refused.body(seen.request_id), status))
        self._deepgram.requests.append(received(socket, seen, status, at))
        if status != 101:
            return
        await socket.accept()
        with suppress(WebSocketDisconnect):
            await _Connection(self._deepgram, socket, self, seen).run()

    def _admit(self, socket: WebSocket, seen: Seen) -> None:
        if socket.headers.get("authorization") != f"Token {self._deepgram.key}":
            raise Refused(401, "INVALID_AUTH", "Invalid credentials.")
        if self._deepgram.switches.take("live_refusals"):
            raise Refused.by_switch(503)
        self._deepgram.checks.live_query(seen.query)

    def hear(self, seconds: float) -> bool:
        """Count the sound; True when the connection is to break off now."""
        self._heard += seconds
        drops = self._deepgram.switches.live_drops
        if drops and self._heard >= drops[0]:
            drops.pop(0)
            return True
        return False


class _Connection:
    def __init__(self, deepgram: Deepgram, socket: WebSocket, listener: Listener, seen: Seen) -> None:
        query = Query(seen.query)
        self._deepgram, self._socket, self._listener = deepgram, socket, listener
        self._request_id = seen.request_id
        self._is_raw = query.first("encoding") == "linear16"
        rate, channels = int(query.first("sample_rate") or _DEFAULT_RATE), int(query.first("channels") or 1)
        self._truth = deepgram.truth(rate, channels)
        self._hearing = Hearing(self._truth)
        self._talk = Talk(self._hearing, query, channels, self._request_id)
        self._digest = hashlib.sha256()
        self._alive_at = time.monotonic()

    async def run(self) -> None:
        while self._socket.application_state is WebSocketState.CONNECTED:
            left = self._alive_at + self._deepgram.switches.live_idle_timeout - time.monotonic()
            try:
                async with asyncio.timeout(left):
                    message = await self._socket.receive()
            except TimeoutError:
                await self._socket.close(1011, _IDLE)
                return
            if message["type"] == "websocket.disconnect":
                return
            if message.get("bytes") is not None:
                await self._take(message["bytes"])
            else:
                await self._command(message["text"])

    async def _take(self, data: bytes) -> None:
        if not data or data.startswith(b'{"type"'):
            self._deepgram.checks.live_frame("a command was sent as a binary frame, or an empty one")
            return
        self._alive_at = time.monotonic()
        self._digest.update(data)
        if self._listener.hear(len(data) / self._truth.bytes_per_second):
            await self._socket.close(1011, "on demand")
            return
        if self._is_raw:
            # Compressed sound is taken, and nothing is heard in it.
            is_mute = self._hearing.now < self._deepgram.switches.live_mute
            await self._send(*self._talk.take(data, is_mute=is_mute))

    async def _command(self, text: str) -> None:
        try:
            command = json.loads(text)
            problems = specification().of_live_message(command)
        except ValueError:
            command, problems = {}, ["a live message is not JSON"]
        if problems:
            for problem in problems:
                self._deepgram.checks.live_frame(problem)
            description = "The message could not be parsed."
            await self._send(
                {"type": "Error", "variant": "SchemaError", "description": description, "message": text}
            )
            return
        match command["type"]:
            case "KeepAlive":
                self._alive_at = time.monotonic()
            case "Finalize":
                await self._send(*self._talk.flush(from_finalize=True))
            case "CloseStream":
                await self._send(*self._talk.flush(from_finalize=False), self._metadata())
                await self._socket.close(1000)

    async def _send(self, *messages: Json) -> None:
        for message in messages:
            self._deepgram.live_sent.append(message)
            await self._socket.send_json(message)

    def _metadata(self) -> Json:
        return {
            "type": "Metadata",
            "transaction_key": "deprecated",
            "request_id": self._request_id,
            "sha256": self._digest.hexdigest(),
            "created": now(),
            "duration": round(self._hearing.now, 3),
            "channels": self._truth.channels,
        }
