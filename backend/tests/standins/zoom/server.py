"""A Zoom on loopback: it calls a webhook as documented, and serves recordings to whoever has the token.

Its store of files may stand under another name, as Zoom's does; the store knows downloads by a signed address and
writes it down as a violation when somebody brings the token there.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.fixtures.loopback import UNUSED_TLS
from tests.standins.zoom.meetings import Json, Meeting, completed, transcript_completed
from tests.standins.zoom.switches import Switches

SECRET: Final = "standin-zoom-secret-token"
_SIGN_IN: Final = "<!DOCTYPE html><html><body>Sign in to your Zoom account to download.</body></html>"
_PIECE: Final = 64 * 2**10


@dataclass(frozen=True)
class Asked:
    """One request for a file."""

    host: str
    path: str
    authorization: str | None
    status: int


@dataclass
class Zoom:
    switches: Switches = field(default_factory=Switches)
    secret: str = SECRET
    token: str = field(default_factory=lambda: f"eyJ.standin.{uuid4().hex}")
    """Of the downloads; the same in all events."""
    address: str = ""
    """Where it is served; set once that is known."""
    asked: list[Asked] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    _files: dict[str, bytes] = field(default_factory=dict)
    _key: bytes = field(default_factory=lambda: uuid4().bytes)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/rec/webhook_download/{file_id}", self._download),
                Route("/store/{file_id}/{hops:int}", self._stored),
            ]
        )

    def open_url(self, file_id: str) -> str:
        """An address of a file that asks for no token."""
        return f"{self.address}/store/{file_id}/0?Signature={self._signature(file_id, 0)}"

    async def close(self) -> None:
        """Give up what hangs."""
        self.closing.set()

    # ----- calls -----

    async def tell(self, webhook: str, meeting: Meeting, **options: Any) -> httpx.Response:
        """Say that a meeting was recorded."""
        self.keep(meeting)
        return await self.call(webhook, completed(meeting, self.address, self.token, **options))

    async def tell_transcript(self, webhook: str, meeting: Meeting) -> httpx.Response:
        self.keep(meeting)
        return await self.call(webhook, transcript_completed(meeting, self.address, self.token))

    async def validate(self, webhook: str) -> bool:
        """Ask the address whether it knows the secret, as when it is entered and every 72 hours."""
        token = uuid4().hex
        body = {"event": "endpoint.url_validation", "event_ts": 1, "payload": {"plainToken": token}}
        answer = await self.call(webhook, body)
        expected = hmac.new(self.secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        return answer.status_code == 200 and answer.json() == {
            "plainToken": token,
            "encryptedToken": expected,
        }

    async def call(
        self, webhook: str, event: Json, *, at: float | None = None, secret: str | None = None
    ) -> httpx.Response:
        body = json.dumps(event).encode()
        headers = self.signed(body, at=at, secret=secret)
        async with httpx.AsyncClient(trust_env=False, verify=UNUSED_TLS, timeout=120) as client:
            return await client.post(webhook, content=body, headers=headers)

    def signed(self, body: bytes, *, at: float | None = None, secret: str | None = None) -> dict[str, str]:
        timestamp = str(int(time.time() if at is None else at))
        message = f"v0:{timestamp}:".encode() + body
        digest = hmac.new((secret or self.secret).encode(), message, hashlib.sha256).hexdigest()
        return {
            "content-type": "application/json",
            "x-zm-request-timestamp": timestamp,
            "x-zm-signature": f"v0={digest}",
        }

    # ----- downloads -----

    async def _download(self, request: Request) -> Response:
        file_id = request.path_params["file_id"]
        answer = self._answer(request, file_id)
        self._note(request, answer.status_code)
        return answer

    def _answer(self, request: Request, file_id: str) -> Response:
        switches = self.switches
        if (failure := self._failure()) is not None:
            return failure
        if switches.token_expired or request.headers.get("authorization") != f"Bearer {self.token}":
            return JSONResponse({"errorCode": 401, "errorMessage": "Forbidden"}, 401)
        if file_id not in self._files:
            return JSONResponse({"errorCode": 3301, "errorMessage": "There is no recording"}, 404)
        if switches.store is not None:
            return RedirectResponse(self._store_url(file_id, switches.hops - 1), 302)
        return self._content(file_id)

    def _failure(self) -> Response | None:
        if self.switches.fail_with:
            return JSONResponse({"errorMessage": "switched"}, self.switches.fail_with.pop(0))
        if self.switches.redirect_to is not None:
            return RedirectResponse(self.switches.redirect_to, 302)
        return HTMLResponse(_SIGN_IN) if self.switches.take("sign_in_page") else None

    async def _stored(self, request: Request) -> Response:
        file_id, hops = request.path_params["file_id"], request.path_params["hops"]
        if request.headers.get("authorization"):
            self.violations.append("the token was brought to the store")
        genuine = hmac.compare_digest(
            request.query_params.get("Signature", ""), self._signature(file_id, hops)
        )
        if not genuine:
            answer: Response = Response(status_code=403)
        elif hops:
            answer = RedirectResponse(self._store_url(file_id, hops - 1), 307)
        else:
            answer = self._content(file_id)
        self._note(request, answer.status_code)
        return answer

    def _content(self, file_id: str) -> Response:
        content = self._files[file_id]
        headers = {} if self.switches.unannounced else {"content-length": str(len(content))}
        pieces = self._pieces(content, self.switches.take("truncate"), self.switches.take("hang"))
        # What it is called is a lie more often than not.
        return StreamingResponse(pieces, headers=headers, media_type="application/octet-stream")

    async def _pieces(self, content: bytes, truncate: bool, hang: bool) -> AsyncIterator[bytes]:
        middle = len(content) // 2
        for start in range(0, len(content), _PIECE):
            if (truncate or hang) and start + _PIECE > middle:
                yield content[start:middle]
                if hang:
                    await self.closing.wait()
                return  # less than was announced: the server breaks the connection off
            await asyncio.sleep(self.switches.pause)
            yield content[start : start + _PIECE]

    def keep(self, meeting: Meeting) -> None:
        """Serve the files of a meeting, without telling anybody."""
        self._files |= {file_id: content for _, _, file_id, content in meeting.files()}

    def _store_url(self, file_id: str, hops: int) -> str:
        return f"{self.switches.store}/store/{file_id}/{hops}?Signature={self._signature(file_id, hops)}"

    def _signature(self, file_id: str, hops: int) -> str:
        return hmac.new(self._key, f"{file_id}/{hops}".encode(), hashlib.sha256).hexdigest()

    def _note(self, request: Request, status: int) -> None:
        self.asked.append(
            Asked(
                request.headers.get("host", ""),
                request.scope["path"],
                request.headers.get("authorization"),
                status,
            )
        )
