"""A server that speaks Deepgram's documented contract, and checks that its callers do, too."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, fields
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from tests.standins.deepgram.answers import Failings, text_analysis, transcription
from tests.standins.deepgram.checks import LISTEN, Checks
from tests.standins.deepgram.delivery import check_callback, deliver, spoiled
from tests.standins.deepgram.endpoint import Endpoint, Seen
from tests.standins.deepgram.hearing import Truth
from tests.standins.deepgram.journal import Delivery, Json, Query, Received
from tests.standins.deepgram.live import Listener
from tests.standins.deepgram.media import Media, fetch, read
from tests.standins.deepgram.refusals import Refused
from tests.standins.deepgram.switches import Switches

KEY: Final = "standin-key-0123456789abcdef0123456789abcdef"
_LARGEST_TEXT: Final = 4 * 1024**2
_CHARACTERS_IN_A_TOKEN: Final = 4


@dataclass
class Deepgram:
    """The stand-in: its state, its journal and its handlers."""

    key: str = KEY
    switches: Switches = field(default_factory=Switches)
    requests: list[Received] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    live_script: list[Json] = field(default_factory=list)
    """Words of the sound that live sessions will send: `punctuated_word`, `start` and `end` in seconds, and if need be
    `word`, `speaker` and `channel`."""
    live_sound: bytes = b""
    """That sound: 16-bit samples, channels interleaved."""
    live_sent: list[Json] = field(default_factory=list)
    """Every message that a live connection was sent."""
    under_way: int = 0
    most_under_way: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.checks = Checks(self.switches, self.violations)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route(LISTEN, Endpoint(self, self._listen), methods=["POST"]),
                Route("/v1/read", Endpoint(self, self._read), methods=["POST"]),
                Route("/v1/projects", Endpoint(self, self._projects), methods=["GET"]),
                Route("/standin/switches", self._switch, methods=["POST"]),
                Route("/standin/journal", self._journal, methods=["GET"]),
                WebSocketRoute(LISTEN, Listener(self).serve),
            ]
        )

    async def close(self) -> None:
        """Give up what hangs and what is still to be delivered."""
        self.closing.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def truth(self, rate: int, channels: int) -> Truth:
        """What can be heard in live sound of this form."""
        return Truth.of(self.live_sound, self.live_script, rate, channels)

    # ----- endpoints -----

    async def _listen(self, request: Request, seen: Seen) -> Response:
        query, limit = Query(seen.query), self.switches.largest_media
        if _is_json(request):
            seen.body = await request.body()
            self.checks.query(LISTEN, seen.query)
            seen.json = self.checks.json_body("ListenV1RequestUrl", seen.body)
            address, media = seen.json["url"], None
        else:
            self.checks.query(LISTEN, seen.query)
            address, media = "", await read(request.stream(), limit)
            seen.media = media
            self.checks.sound(media.size, media.head)

        async def answer() -> bytes:
            found = media or await fetch(address, limit)
            seen.media = found
            failings = Failings.taken_from(self.switches)
            return await asyncio.to_thread(self._transcribed, found, query, failings, seen.request_id)

        return await self._now_or_later(answer, query, seen)

    async def _read(self, request: Request, seen: Seen) -> Response:
        seen.body = await request.body()
        self.checks.query("/v1/read", seen.query)
        seen.json = body = self.checks.json_body("ReadV1Request", seen.body)
        query = Query(seen.query)

        async def answer() -> bytes:
            text = body.get("text")
            if text is None:
                text = (await fetch(body["url"], _LARGEST_TEXT)).head.decode(errors="replace")
            if len(text) > self.switches.largest_text * _CHARACTERS_IN_A_TOKEN:
                raise Refused(400, "TOKEN_LIMIT_EXCEEDED", "The text has more tokens than can be analyzed.")
            return _dumped(text_analysis(text, query, self.switches, seen.request_id))

        return await self._now_or_later(answer, query, seen)

    async def _projects(self, _: Request, __: Seen) -> Response:
        project = str(uuid5(NAMESPACE_URL, "stand-in project"))
        return JSONResponse({"projects": [{"project_id": project, "name": "stand-in"}]})

    # ----- working -----

    def _transcribed(self, media: Media, query: Query, failings: Failings, request_id: str) -> bytes:
        return _dumped(transcription(media, query, self.switches, failings, request_id))

    async def _now_or_later(
        self, answer: Callable[[], Awaitable[bytes]], query: Query, seen: Seen
    ) -> Response:
        if not query.first("callback"):
            async with self._working():
                content = await answer()
            return Response(spoiled(content, self.switches), media_type="application/json")
        check_callback(query.first("callback"), self.switches)
        work = self._call_back(answer, query, seen.request_id)
        if self.switches.take("callbacks_first"):
            await work
        else:
            task = asyncio.create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return JSONResponse({"request_id": seen.request_id})

    async def _call_back(self, answer: Callable[[], Awaitable[bytes]], query: Query, request_id: str) -> None:
        try:
            async with self._working():
                if self.switches.take("error_results"):
                    text = "The remote server hosting the media returned a client error: 403 Forbidden."
                    raise Refused(400, "REMOTE_CONTENT_ERROR", text)
                content = await answer()
        except Refused as refused:
            content = _dumped(refused.body(request_id))
        if self.switches.take("lose_callbacks"):
            return
        await asyncio.sleep(self.switches.callback_delay)
        for _ in range(2 if self.switches.take("callbacks_twice") else 1):
            await deliver(content, query, self.switches, request_id, self.deliveries)

    @asynccontextmanager
    async def _working(self) -> AsyncIterator[None]:
        """One job of the vendor's: it takes its time, and the number of those at once is known."""
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(self.switches.delay)
            yield
        finally:
            self.under_way -= 1

    # ----- the stand-in's own -----

    async def _switch(self, request: Request) -> Response:
        wanted = await request.json()
        unknown = sorted(set(wanted) - {known.name for known in fields(Switches)})
        if unknown:
            return JSONResponse({"error": f"no such switch: {', '.join(unknown)}"}, 404)
        for name, value in wanted.items():
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


def _dumped(answer: Json) -> bytes:
    return json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode()
