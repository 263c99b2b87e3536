"""What happens around every request: an id, a log line, a count, a span; a bound on the body."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from secrets import token_hex
from typing import TYPE_CHECKING, Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import metrics
from app.core.error_handlers import problem_response
from app.core.origin import begin, begin_span
from app.core.tracing import current_traceparent, is_tracing, mark_failed, span

if TYPE_CHECKING:
    from opentelemetry.trace import Span

log = structlog.get_logger("app.requests")

_USABLE_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_BODILESS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""No route reads a body sent with these."""
_STREAMED: Final = re.compile(
    r"PUT .*/(recording|transcript|parts/\d+)|POST .*/(recording/parts|webhooks/\w+/[^/]+)"
)
"""Routes that read their body as a stream and bound it themselves."""
_PERMISSION: Final = re.compile(r"(?<=/webhooks/deepgram/).+")
"""The last part of such a path is a secret."""
_PROBES: Final = frozenset({"/metrics", "/api/v1/health", "/api/v1/health/ready"})
"""Asked every few seconds by machines: not worth a span."""


_NO_ROUTE: Final = "none"
"""No route has the path, or the request ended before one was looked for."""


class RequestContext:
    """Gives each request an id (the caller's, when it looks like one) that is in its logs and its answer.

    The id is also the correlation id of all that the request sets in motion.
    """

    def __init__(self, app: ASGIApp, api_prefix: str) -> None:
        self.app = app
        self._api_prefix = api_prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _USABLE_ID.fullmatch(given) else token_hex(12)
        scope.setdefault("state", {})["request_id"] = request_id
        begin(request_id)
        if scope["type"] == "websocket":
            await self._serve_websocket(scope, receive, send)
        elif is_tracing() and scope["path"] not in _PROBES:
            await self._trace(scope, receive, send, request_id)
        else:
            await self._serve(scope, receive, send, request_id)

    async def _trace(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        parent, attributes = Headers(scope=scope).get("traceparent"), {"http.request.method": scope["method"]}
        with span(scope["method"], "server", parent=parent, attributes=attributes) as recorded:
            begin_span(current_traceparent())
            status = 500
            try:
                status = await self._serve(scope, receive, send, request_id)
            finally:
                if recorded is not None:
                    _describe(recorded, scope["method"], self._route(scope), status)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> int:
        """Gives the status; 0 when the client left before there was one."""
        started, status = time.perf_counter(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        except Exception:
            status = status or 500
            raise
        finally:
            seconds = time.perf_counter() - started
            metrics.count_request(scope["method"], self._route(scope), status, seconds)
            # The path only: query strings carry tickets and signatures.
            log.debug(
                "request.done",
                method=scope["method"],
                path=_PERMISSION.sub("…", scope["path"]),
                status=status,
                ms=round(seconds * 1000, 1),
            )
        return status

    async def _serve_websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        counted: str | None = None

        async def send_and_count(message: Message) -> None:
            nonlocal counted
            if message["type"] == "websocket.accept":
                counted = self._route(scope)
                metrics.count_websocket(counted, 1)
            await send(message)

        try:
            await self.app(scope, receive, send_and_count)
        finally:
            if counted is not None:
                metrics.count_websocket(counted, -1)

    def _route(self, scope: Scope) -> str:
        """As it is written in the code, `/api/v1/interviews/{interview_id}`: what a path may be counted under."""
        route = scope.get("route")
        if route is None:
            return _NO_ROUTE
        # A route of an included router knows its own part of the path.
        knows_part = scope["path"].startswith(self._api_prefix) and not route.path.startswith(
            self._api_prefix
        )
        return f"{self._api_prefix}{route.path}" if knows_part else str(route.path)


def _describe(recorded: Span, method: str, route: str, status: int) -> None:
    recorded.update_name(f"{method} {route}")
    recorded.set_attributes({"http.route": route, "http.response.status_code": status})
    if status >= 500:
        mark_failed(recorded, str(status))


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
