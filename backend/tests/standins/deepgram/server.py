"""A server that speaks Deepgram's documented contract, and checks that its callers do, too."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import asdict, dataclass, field
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from tests.standins.deepgram.answers import Json, Query, result
from tests.standins.deepgram.live import Listener
from tests.standins.deepgram.specification import specification
from tests.standins.deepgram.switches import Switches

KEY: Final = "standin-key-0123456789abcdef0123456789abcdef"
CALLBACK_PORTS: Final = (80, 443, 8080, 8443)
RETRIES: Final = 10


@dataclass(frozen=True)
class Received:
    """A request to /v1/listen."""

    query: list[tuple[str, str]]
    headers: dict[str, str]
    size: int
    """Bytes of sound, fetched or sent."""
    json: Json | None
    request_id: str
    status: int
    at: float
    """Seconds of a clock that only runs forward."""

    def all(self, name: str) -> list[str]:
        return [value for given, value in self.query if given == name]


@dataclass(frozen=True)
class Delivery:
    """One attempt at a callback; `status` 0 when nobody answered."""

    url: str
    request_id: str
    attempt: int
    status: int
    at: float


class _Refused(Exception):
    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status, self.code, self.text = status, code, text


@dataclass
class Deepgram:
    """The stand-in: its state, its journal and its handlers."""

    key: str = KEY
    switches: Switches = field(default_factory=Switches)
    requests: list[Received] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    live_script: list[Json] = field(default_factory=list)
    """Words with `start` and `end` in seconds of the sound that live sessions will send."""
    live_sound: bytes = b""
    """That sound: 16-bit samples at 16 kHz, one channel."""
    under_way: int = 0
    most_under_way: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/listen", self._listen, methods=["POST"]),
                Route("/v1/projects", self._projects),
                Route("/standin/switches", self._switch, methods=["POST"]),
                Route("/standin/journal", self._journal),
                WebSocketRoute("/v1/listen", Listener(self).serve),
            ]
        )

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # ----- pre-recorded -----

    async def _listen(self, request: Request) -> Response:
        request_id, query = str(uuid4()), list(request.query_params.multi_items())
        body = await request.body()
        sound, status = b"", 500
        try:
            self._authorize(request)
            self._fail_on_demand()
            if self.switches.take("hang"):
                await asyncio.sleep(3600)
            self._check(request, query, body)
            address = json.loads(body)["url"] if _is_json(request) else None
            asked = Query(query)
            answer: Response
            if asked.first("callback"):
                answer = await self._accept(asked, address, body, request_id)
            else:
                sound = await self._fetch(address) if address else body
                await asyncio.sleep(self.switches.delay)
                answer = JSONResponse(result(sound, asked, self.switches, request_id))
            status = answer.status_code
        except _Refused as refused:
            status = refused.status
            headers = {"Retry-After": str(self.switches.retry_after)} if self.switches.retry_after else {}
            answer = JSONResponse(_error(refused, request_id), status, headers)
        finally:
            headers = dict(request.headers) | {"authorization": "…"}
            size = len(sound or body)
            self.requests.append(
                Received(
                    query,
                    headers,
                    size,
                    json.loads(body) if _is_json(request) else None,
                    request_id,
                    status,
                    time.monotonic(),
                )
            )
        if status == 200 and self.switches.take("drop_answer"):
            raise ConnectionResetError
        return answer

    async def _accept(self, asked: Query, address: str | None, body: bytes, request_id: str) -> Response:
        callback = asked.first("callback")
        parts = urlsplit(callback)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        is_allowed = port in CALLBACK_PORTS or self.switches.any_callback_port
        if parts.scheme not in ("http", "https") or not is_allowed:
            raise _Refused(400, "INVALID_QUERY_PARAMETER", "Invalid callback url.")
        work = self._work(asked, address, body, request_id)
        if self.switches.take("callbacks_first"):
            await work
        else:
            task = asyncio.create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return JSONResponse({"request_id": request_id})

    async def _work(self, asked: Query, address: str | None, body: bytes, request_id: str) -> None:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await asyncio.sleep(self.switches.delay)
        try:
            if self.switches.take("error_results"):
                raise _Refused(400, "REMOTE_CONTENT_ERROR", "The remote server returned a client error: 403.")
            sound = await self._fetch(address) if address else body
            answer = result(sound, asked, self.switches, request_id)
        except _Refused as refused:
            answer = _error(refused, request_id)
        self.under_way -= 1
        if self.switches.take("lose_callbacks"):
            return
        for _ in range(2 if self.switches.take("callbacks_twice") else 1):
            await self._deliver(asked, json.dumps(answer).encode(), request_id)

    async def _deliver(self, asked: Query, answer: bytes, request_id: str) -> None:
        method, url = asked.first("callback_method", "POST"), asked.first("callback")
        cut = self.switches.take("cut_results")
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            for attempt in range(1, RETRIES + 2):
                content = answer[: len(answer) // 2] if cut and attempt == 1 else answer
                try:
                    response = await client.request(
                        method, url, content=content, headers={"Content-Type": "application/json"}
                    )
                    status = response.status_code
                except httpx.HTTPError:
                    status = 0
                self.deliveries.append(Delivery(url, request_id, attempt, status, time.monotonic()))
                if 200 <= status < 300:
                    return
                await asyncio.sleep(self.switches.retry_interval)

    async def _fetch(self, address: str) -> bytes:
        async with httpx.AsyncClient(trust_env=False, timeout=30, follow_redirects=True) as client:
            try:
                response = await client.get(address)
            except httpx.HTTPError:
                raise _Refused(400, "REMOTE_CONTENT_ERROR", "The media could not be downloaded.") from None
        if not response.is_success:
            text = f"The remote server hosting the media returned a client error: {response.status_code}."
            raise _Refused(400, "REMOTE_CONTENT_ERROR", text)
        return response.content

    # ----- checks -----

    def _authorize(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Token {self.key}":
            raise _Refused(401, "INVALID_AUTH", "Invalid credentials.")

    def _fail_on_demand(self) -> None:
        if self.switches.fail_with:
            status = self.switches.fail_with.pop(0)
            codes = {429: "TOO_MANY_REQUESTS", 402: "ASR_PAYMENT_REQUIRED", 401: "INVALID_AUTH"}
            raise _Refused(status, codes.get(status, "SERVICE_UNAVAILABLE"), "On demand.")

    def _check(self, request: Request, query: list[tuple[str, str]], body: bytes) -> None:
        found = list(specification().of_query(query))
        if _is_json(request):
            try:
                found += specification().of_url_body(json.loads(body))
            except ValueError:
                found.append("the body is not JSON")
        elif not body:
            found.append("the body is empty")
        asked = Query(query)
        explicit = asked.first("language", "en").split("-")[0]
        if asked.on("summarize") and explicit != "en":
            found.append("Summarization v2 not supported for non-English languages")
        if len(asked.all("keyterm")) > 100 or any("," in term for term in asked.all("keyterm")):
            found.append("keyterm takes up to 100 terms without commas")
        if any(len(pair) > 2048 for pair in asked.all("extra")):
            found.append("extra is too long")
        if found:
            self.violations += found
            raise _Refused(400, "INVALID_QUERY_PARAMETER", "; ".join(found))

    # ----- the rest -----

    async def _projects(self, request: Request) -> Response:
        try:
            self._authorize(request)
        except _Refused as refused:
            return JSONResponse(_error(refused, str(uuid4())), refused.status)
        return JSONResponse({"projects": [{"project_id": str(uuid4()), "name": "stand-in"}]})

    async def _switch(self, request: Request) -> Response:
        for name, value in (await request.json()).items():
            if not hasattr(self.switches, name):
                return JSONResponse({"error": f"no switch {name}"}, 404)
            setattr(self.switches, name, value)
        return JSONResponse(asdict(self.switches))

    async def _journal(self, _: Request) -> Response:
        return JSONResponse(
            {
                "requests": [asdict(request) for request in self.requests],
                "violations": self.violations,
                "deliveries": [asdict(delivery) for delivery in self.deliveries],
            }
        )


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/json")


def _error(refused: _Refused, request_id: str) -> Json:
    return {"err_code": refused.code, "err_msg": refused.text, "request_id": request_id}
