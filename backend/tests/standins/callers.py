"""Who talks to the stand-in: the vendor's own SDK on one side, a server that is called back on the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from deepgram import AsyncDeepgramClient
from deepgram.environment import DeepgramClientEnvironment
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.fixtures.deepgram import RunningDeepgram
from tests.fixtures.server import serving


def client_of(
    deepgram: RunningDeepgram, *, key: str | None = None, timeout: float = 10
) -> AsyncDeepgramClient:
    """The real SDK, set up for the stand-in; one attempt for each call."""
    socket = deepgram.websocket_url
    environment = DeepgramClientEnvironment(
        base=deepgram.url, production=socket, agent=socket, agent_rest=deepgram.url
    )
    return AsyncDeepgramClient(
        api_key=key or deepgram.key,
        environment=environment,
        httpx_client=deepgram.http(timeout=timeout),
        max_retries=0,
    )


@dataclass(frozen=True)
class Call:
    method: str
    authorization: str | None
    body: bytes


@dataclass
class CallbackSite:
    """Takes callbacks at `url` and offers `media` at `media_url`."""

    address: str = ""
    media: bytes = b"sound"
    statuses: list[int] = field(default_factory=list)
    """Of the next answers; 200 afterwards."""
    calls: list[Call] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://user:p%40ss@{self.address}/callback"

    @property
    def media_url(self) -> str:
        return f"http://{self.address}/media"

    async def wait_for(self, count: int = 1) -> list[Call]:
        async with asyncio.timeout(60):
            while len(self.calls) < count:
                await asyncio.sleep(0.005)
        return self.calls

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/callback", self._take, methods=["POST", "PUT"]),
                Route("/media", self._offer),
            ]
        )

    async def _take(self, request: Request) -> Response:
        call = Call(request.method, request.headers.get("authorization"), await request.body())
        self.calls.append(call)
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)

    async def _offer(self, _: Request) -> Response:
        return Response(self.media)


@asynccontextmanager
async def called_back() -> AsyncIterator[CallbackSite]:
    site = CallbackSite()
    async with serving(site.app()) as url:
        site.address = url.removeprefix("http://")
        yield site
