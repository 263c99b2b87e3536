"""What every endpoint has: a key, failures on demand, errors in their form, and an entry in the journal."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from tests.standins.openai.checks import schema_name
from tests.standins.openai.journal import Json, Received
from tests.standins.openai.refusals import Refused, on_demand, wrong_key

if TYPE_CHECKING:
    from tests.standins.openai.server import OpenAI

_PAGE: Final = "<html><body>It works!</body></html>"
_QUOTED: Final = 200


@dataclass
class Seen:
    """What is known of a request so far."""

    text: str
    json: object = None
    schema: str | None = None
    answer: Json | None = None
    request_id: str = field(default_factory=lambda: f"req_{uuid4().hex}")

    @classmethod
    def of(cls, body: bytes) -> Seen:
        seen = cls(body.decode(errors="replace"))
        try:
            seen.json = json.loads(seen.text)
            seen.schema = schema_name(seen.json) if isinstance(seen.json, dict) else None
        except (ValueError, Refused):
            pass  # judged later, by the checks
        return seen


class Endpoint:
    def __init__(self, openai: OpenAI, handler: Callable[[Request, Seen], Awaitable[Json]]) -> None:
        self._openai = openai
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        seen = Seen.of(await request.body())
        openai, at = self._openai, time.monotonic()
        asks = request.method == "POST"
        if asks and openai.switches.take("hang", seen.schema):
            openai.requests.append(_received(request, seen, 0, at))
            await openai.closing.wait()
            await Response(status_code=503)(scope, receive, send)
            return
        status, dropped = 500, False
        try:
            answer = await self._answer(request, seen)
            dropped = asks and answer.status_code == 200 and openai.switches.take("drop_answer", seen.schema)
            status = 0 if dropped else answer.status_code
        finally:
            openai.requests.append(_received(request, seen, status, at))
        if dropped:
            await _break_off(send)
        else:
            await answer(scope, receive, send)

    async def _answer(self, request: Request, seen: Seen) -> Response:
        switches = self._openai.switches
        headers = {"x-request-id": seen.request_id}
        try:
            if self._openai.key and request.headers.get("authorization") != f"Bearer {self._openai.key}":
                raise wrong_key()
            if request.method == "POST" and (name := switches.next_failure(seen.schema)):
                raise on_demand(name, seen.text[-_QUOTED:])
            if switches.take("plain_text", seen.schema):
                return HTMLResponse(_PAGE)
            seen.answer = await self._handler(request, seen)
        except Refused as refused:
            seen.answer = refused.body
            if refused.on_demand and switches.retry_after is not None:
                headers["retry-after"] = switches.retry_after
            if refused.on_demand and switches.retry_after_ms is not None:
                headers["retry-after-ms"] = str(switches.retry_after_ms)
            return JSONResponse(refused.body, refused.status, headers)
        return JSONResponse(seen.answer, headers=headers)


def _received(request: Request, seen: Seen, status: int, at: float) -> Received:
    return Received(
        method=request.method,
        path=request.scope["path"],
        headers={name: value for name, value in request.headers.items() if name != "authorization"},
        text=seen.text,
        json=seen.json,
        schema=seen.schema,
        answer=seen.answer if status else None,
        request_id=seen.request_id,
        status=status,
        at=at,
    )


async def _break_off(send: Send) -> None:
    """Begin an answer and do not go on: the server closes the connection, and the caller has nothing to read."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"530")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
