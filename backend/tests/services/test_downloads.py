"""Downloads: who sees the token, and what each failure is called."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from urllib.parse import urlsplit

import anyio
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from app.core.errors import AppError
from app.core.outgoing import OutgoingRules, UnsafeAddress
from app.services import downloads as under_test
from app.services.downloads import Downloads, RemoteFile, SourceRefused, SourceTooLarge, SourceUnavailable
from tests.fixtures.server import serving

TOKEN = "a-token"


@dataclass
class Files:
    """A server that answers and redirects as it is told, and remembers who brought what."""

    answers: dict[str, Response] = field(default_factory=dict)
    seen: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""
    held: anyio.Event | None = None
    """Nothing is answered before it."""

    @property
    def elsewhere(self) -> str:
        """The same server under another name."""
        return self.url.replace("127.0.0.1", "localhost")

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        self.answers[path] = Response(status_code=status, headers={"location": to})

    async def answer(self, request: Request) -> Response:
        place = f"{request.url.hostname}{request.url.path}"
        self.seen.append((place, request.headers.get("authorization")))
        if self.held is not None:
            await self.held.wait()
        return self.answers.get(request.url.path, PlainTextResponse("here it is"))


@asynccontextmanager
async def running_files() -> AsyncIterator[Files]:
    files = Files()
    async with serving(Starlette(routes=[Route("/{path:path}", files.answer)])) as url:
        files.url = url
        yield files


@pytest.fixture
async def files() -> AsyncIterator[Files]:
    async with running_files() as shown:
        yield shown


def downloads(*hosts: str, clock: Callable[[], float] = time.monotonic) -> Downloads:
    return Downloads(OutgoingRules.of(hosts or ("127.0.0.1", "localhost"), https_only=False), clock)


async def fetched(url: str, *token_hosts: str, via: Downloads | None = None) -> bytes:
    file = RemoteFile(url, TOKEN, token_hosts or ("127.0.0.1", "localhost"))
    return await (via or downloads()).read(file, max_bytes=1000)


class TestToken:
    async def test_it_is_brought_to_its_host(self, files: Files) -> None:
        assert await fetched(f"{files.url}/x") == b"here it is"
        assert files.seen == [("127.0.0.1/x", f"Bearer {TOKEN}")]

    @pytest.mark.parametrize("hosts", [("zoom.us",), ("27.0.0.1",), ("",)])
    async def test_it_is_brought_to_no_other(self, files: Files, hosts: tuple[str, ...]) -> None:
        await fetched(f"{files.url}/x", *hosts)
        assert files.seen == [("127.0.0.1/x", None)]

    async def test_a_host_below_counts_and_one_that_only_ends_alike_does_not(self, files: Files) -> None:
        port = urlsplit(files.url).port
        for host, brought in (("us02web.localhost", True), ("notlocalhost", False)):
            file = f"http://{host}:{port}/x"
            rules = OutgoingRules.of((host,), https_only=False, resolver=_loopback)
            await fetched(file, "localhost", via=Downloads(rules))
            assert (files.seen.pop()[1] is not None) is brought

    async def test_a_redirect_within_the_host_keeps_it(self, files: Files) -> None:
        files.redirect("/x", "/y")
        await fetched(f"{files.url}/x")
        assert files.seen[-1] == ("127.0.0.1/y", f"Bearer {TOKEN}")

    async def test_a_redirect_to_another_host_loses_it_for_good(self, files: Files) -> None:
        """Although both are among the token's hosts, and although the way leads back."""
        files.redirect("/x", f"{files.elsewhere}/y")
        files.redirect("/y", f"{files.url}/z")
        assert await fetched(f"{files.url}/x") == b"here it is"
        assert files.seen == [
            ("127.0.0.1/x", f"Bearer {TOKEN}"),
            ("localhost/y", None),
            ("127.0.0.1/z", None),
        ]

    async def test_another_port_is_another_host(self, files: Files) -> None:
        async with running_files() as other:
            files.redirect("/x", f"{other.url}/y")
            await fetched(f"{files.url}/x")
            assert other.seen == [("127.0.0.1/y", None)]

    async def test_credentials_in_a_redirect_are_not_used(self, files: Files) -> None:
        files.redirect("/x", f"{files.elsewhere.replace('://', '://user:password@')}/y")
        await fetched(f"{files.url}/x")
        assert files.seen[-1] == ("localhost/y", None)


class TestFailures:
    @pytest.mark.parametrize(
        ("status", "error"),
        [
            (401, SourceRefused),
            (403, SourceRefused),
            (404, SourceRefused),
            (410, SourceRefused),
            (204, SourceRefused),
            (304, SourceRefused),
            (400, SourceRefused),
            (408, SourceUnavailable),
            (429, SourceUnavailable),
            (500, SourceUnavailable),
            (503, SourceUnavailable),
        ],
    )
    async def test_an_answer_that_says_no(self, files: Files, status: int, error: type[AppError]) -> None:
        files.answers["/x"] = Response(status_code=status)
        with pytest.raises(error) as caught:
            await fetched(f"{files.url}/x")
        assert str(status) in caught.value.detail
        assert files.url not in caught.value.detail

    @pytest.mark.parametrize(
        ("when", "pause"),
        [
            ("90", 90.0),
            ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 3600.0),
            ("soon", None),
        ],
    )
    async def test_a_server_that_says_when_is_asked_then(
        self, files: Files, when: str, pause: float | None
    ) -> None:
        files.answers["/x"] = Response(status_code=503, headers={"retry-after": when})
        with pytest.raises(SourceUnavailable) as caught:
            await fetched(f"{files.url}/x")
        assert caught.value.retry_after == pause

    async def test_nobody_there_may_be_there_later(self) -> None:
        async with running_files() as gone:
            url = gone.url
        with pytest.raises(SourceUnavailable):
            await fetched(f"{url}/x")

    async def test_more_than_is_wanted(self, files: Files) -> None:
        files.answers["/x"] = PlainTextResponse("x" * 1001)
        with pytest.raises(SourceTooLarge):
            await fetched(f"{files.url}/x")

    async def test_a_circle(self, files: Files) -> None:
        files.redirect("/x", "/x")
        with pytest.raises(SourceRefused):
            await fetched(f"{files.url}/x")
        assert len(files.seen) == 6

    @pytest.mark.parametrize(
        "target", ["http://10.0.0.1/x", "http://[::ffff:169.254.169.254]/", "http://0x7f.1/", "http://127.1/"]
    )
    async def test_a_redirect_to_where_nobody_may_go(self, files: Files, target: str) -> None:
        files.redirect("/x", target)
        with pytest.raises(UnsafeAddress):
            await fetched(f"{files.url}/x")

    @pytest.mark.parametrize(
        "target", ["file:///etc/passwd", "ftp://localhost/x", "data:,x", "http://", "http://["]
    )
    async def test_a_redirect_to_what_is_no_web_address(self, files: Files, target: str) -> None:
        files.redirect("/x", target)
        with pytest.raises((SourceRefused, UnsafeAddress)):
            await fetched(f"{files.url}/x")


class TestTrickle:
    """Who sends a little now and then would keep a worker for as long as it likes."""

    async def test_a_server_that_sends_too_slowly_is_given_up(self, files: Files) -> None:
        files.answers["/x"] = in_pieces(b"x" * 10, times=20)
        slow = downloads(clock=every(seconds=20))
        with pytest.raises(SourceUnavailable, match="too slowly"):
            await fetched(f"{files.url}/x", via=slow)

    async def test_time_in_which_it_sends_enough_is_its_own(self, files: Files) -> None:
        files.answers["/x"] = in_pieces(b"x" * 2**20, times=8)
        file = RemoteFile(f"{files.url}/x")
        slow = downloads(clock=every(seconds=0.5))
        assert len(await slow.read(file, max_bytes=2**24)) == 2**23

    async def test_what_is_done_with_the_bytes_is_not_the_servers_time(self, files: Files) -> None:
        files.answers["/x"] = in_pieces(b"x" * 10, times=20)
        seconds = [0.0]
        slow = downloads(clock=lambda: seconds[0])
        received = 0
        async with slow.open(RemoteFile(f"{files.url}/x")) as download:
            async for chunk in download.chunks:
                received += len(chunk)
                seconds[0] += 1000
        assert received == 200

    async def test_an_answer_that_never_begins_is_not_waited_for(
        self, files: Files, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(under_test, "_ANSWER_SECONDS", 0.05)
        monkeypatch.setattr(under_test, "_PATIENCE", 3600.0)
        files.held = anyio.Event()
        try:
            with pytest.raises(SourceUnavailable, match="in time"):
                await fetched(f"{files.url}/x")
        finally:
            files.held.set()


def every(*, seconds: float) -> Callable[[], float]:
    """A clock that goes on by so much whenever it is looked at."""
    return partial(next, count(0.0, seconds))


def in_pieces(piece: bytes, *, times: int) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(times):
            yield piece
            await anyio.lowlevel.checkpoint()

    return StreamingResponse(pieces())


async def _loopback(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]
