"""Long answers about interviews are sent compressed to whoever can read that: a transcript becomes an eighth.

Only what people said and wrote is: answers that hold tokens or secrets are never compressed, because the length of
such an answer can give them away (BREACH). Recordings, parts of files and what comes in pieces go as they are.
"""

from __future__ import annotations

import re
import zlib
from typing import Final

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALLEST: Final = 1024
"""Bytes: below, the headers are most of an answer."""
_LEVEL: Final = 3
"""Beyond, twice the time saves a tenth more."""
_AT_ONCE: Final = 32 * 1024
"""Bytes that are compressed without a thread: less than a millisecond."""
_TYPES: Final = re.compile(r"application/(?:[a-z.+-]+\+)?json|application/x-subrip|text/[a-z-]+")
_SIGNED: Final = re.compile(r"/[^/]+/(?:recording|uploads)(?:/|$)")
"""Below an interview: where addresses with signatures are given out, and recordings."""
_GZIP: Final = re.compile(
    r"(?:^|,)\s*(?:gzip|x-gzip|\*)\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?(?=,|$)", re.I
)


class Compression:
    """`prefix` is the path of the interviews; nothing outside it is touched."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not self._may_be(scope["path"]):
            await self.app(scope, receive, send)
            return
        answer = _Answer(send, is_wanted=accepts_gzip(Headers(scope=scope).get("accept-encoding", "")))
        await self.app(scope, receive, answer.send)

    def _may_be(self, path: str) -> bool:
        return path.startswith(self._prefix) and _SIGNED.match(path, len(self._prefix)) is None


def accepts_gzip(accept_encoding: str) -> bool:
    found = _GZIP.search(accept_encoding)
    return found is not None and float(found[1] or 1) > 0


class _Answer:
    """Holds the head of an answer back until its body is known."""

    def __init__(self, send: Send, *, is_wanted: bool) -> None:
        self._send = send
        self._is_wanted = is_wanted
        self._head: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_text(message):
            MutableHeaders(scope=message).add_vary_header("Accept-Encoding")
            self._head = message
            return
        if self._head is not None:
            head, self._head = self._head, None
            if message["type"] == "http.response.body":
                message = await self._compressed(head, message)
            await self._send(head)
        await self._send(message)

    async def _compressed(self, head: Message, body: Message) -> Message:
        plain: bytes = body.get("body", b"")
        if not self._is_wanted or body.get("more_body", False) or len(plain) < SMALLEST:
            return body
        small = await anyio.to_thread.run_sync(_gzip, plain) if len(plain) > _AT_ONCE else _gzip(plain)
        headers = MutableHeaders(scope=head)
        headers["Content-Encoding"], headers["Content-Length"] = "gzip", str(len(small))
        etag = headers.get("etag")
        if etag is not None and not etag.startswith("W/"):
            # The same content in other bytes.
            headers["ETag"] = f"W/{etag}"
        return {**body, "body": small}


def _is_text(head: Message) -> bool:
    headers = Headers(raw=head["headers"])
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    untouched = "content-encoding" not in headers and "content-range" not in headers
    return head["status"] == 200 and untouched and _TYPES.fullmatch(kind) is not None


def _gzip(plain: bytes) -> bytes:
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return compressor.compress(plain) + compressor.flush()
