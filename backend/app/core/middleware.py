"""What happens around every request: an id, a log line, a bound on the body."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from secrets import token_hex
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.error_handlers import problem_response

log = structlog.get_logger("app.requests")

_USABLE_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_BODILESS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""No route reads a body sent with these."""
_STREAMED: Final = re.compile(r"PUT .*/(recording|transcript|parts/\d+)|POST .*/webhooks/\w+/[^/]+")
"""Routes that read their body as a stream and bound it themselves."""
_PERMISSION: Final = re.compile(r"(?<=/webhooks/deepgram/).+")
"""The last part of such a path is a secret."""


class RequestContext:
    """Gives each request an id (the caller's, when it looks like one) that is in its logs and its answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _USABLE_ID.fullmatch(given) else token_hex(12)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started, status = time.perf_counter(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        finally:
            if scope["type"] == "http":
                # The path only: query strings carry tickets and signatures.
                log.debug(
                    "request.done",
                    method=scope["method"],
                    path=_PERMISSION.sub("…", scope["path"]),
                    status=status,
                    ms=round((time.perf_counter() - started) * 1000, 1),
                )


class _BodyTooLarge(Exception):
    pass


class BodyLimit:
    """Refuses bodies over the limit with a problem, by their declared length or as they arrive."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _BODILESS:
            await self.app(scope, receive, send)
            return
        if _STREAMED.fullmatch(f"{scope['method']} {scope['path']}"):
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdigit() and int(declared) > self.max_bytes:
            await self._refuse(scope, receive, send)
            return
        received = 0

        async def bounded_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.max_bytes:
                raise _BodyTooLarge
            return message

        async def send_unless_refused(message: Message) -> None:
            # The framework turns whatever reading a body raises into an answer of its own; ours takes its place.
            if received <= self.max_bytes:
                await send(message)

        with suppress(_BodyTooLarge):
            await self.app(scope, bounded_receive, send_unless_refused)
        if received > self.max_bytes:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = problem_response(
            413,
            "body_too_large",
            "Too large",
            f"The body may have at most {self.max_bytes:,} bytes.",
            request_id=scope.get("state", {}).get("request_id"),
        )
        await response(scope, receive, send)
