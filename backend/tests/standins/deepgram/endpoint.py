"""What every endpoint has: a key, failures on demand, errors in their form, and an entry in the journal."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from tests.standins.deepgram.journal import Received
from tests.standins.deepgram.media import Media
from tests.standins.deepgram.refusals import Refused

if TYPE_CHECKING:
    from tests.standins.deepgram.server import Deepgram


@dataclass
class Seen:
    """What is known of a request so far."""

    query: list[tuple[str, str]]
    request_id: str = field(default_factory=lambda: str(uuid4()))
    body: bytes = b""
    json: dict[str, str] | None = None
    media: Media | None = None


class Endpoint:
    def __init__(self, deepgram: Deepgram, handler: Callable[[Request, Seen], Awaitable[Response]]) -> None:
        self._deepgram = deepgram
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        seen = Seen(list(request.query_params.multi_items()))
        deepgram, status, at = self._deepgram, 500, time.monotonic()
        is_job = request.method == "POST"
        try:
            if is_job and deepgram.switches.take("hang"):
                await deepgram.closing.wait()
            answer = await self._answer(request, seen)
            status = answer.status_code
        finally:
            deepgram.requests.append(received(request, seen, status, at))
        if is_job and status == 200 and deepgram.switches.take("drop_answer"):
            await _break_off(send)
        else:
            await answer(scope, receive, send)

    async def _answer(self, request: Request, seen: Seen) -> Response:
        switches = self._deepgram.switches
        try:
            if request.headers.get("authorization") != f"Token {self._deepgram.key}":
                raise Refused(401, "INVALID_AUTH", "Invalid credentials.")
            if switches.fail_with and request.method == "POST":
                raise Refused.by_switch(switches.fail_with.pop(0))
            return await self._handler(request, seen)
        except Refused as refused:
            headers = {}
            if refused.on_demand and switches.retry_after is not None:
                headers["Retry-After"] = str(switches.retry_after)
            return JSONResponse(refused.body(seen.request_id), refused.status, headers)


def received(connection: HTTPConnection, seen: Seen, status: int, at: float) -> Received:
    size, digest = len(seen.body), hashlib.sha256(seen.body).hexdigest() if seen.body else ""
    if seen.media is not None:
        size, digest = seen.media.size, seen.media.sha256
    return Received(
        method=connection.scope.get("method", "WEBSOCKET"),
        path=connection.scope["path"],
        query=seen.query,
        headers={name: value for name, value in connection.headers.items() if name != "authorization"},
        size=size,
        sha256=digest,
        json=seen.json,
        request_id=seen.request_id,
        status=status,
        at=at,
    )


async def _break_off(send: Send) -> None:
    """Begin an answer and do not go on: the server closes the connection, and the caller has nothing to read."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"53")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
