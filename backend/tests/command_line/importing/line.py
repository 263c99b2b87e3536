"""A bad line to the server: it cuts connections, loses answers, answers that the server is busy, or holds a request."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from tests.fixtures.server import RunningServer

_REQUEST: Final = re.compile(rb"(GET|PUT|POST|DELETE|PATCH) (\S+) HTTP/1\.1\r\n")
BUSY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)


@dataclass(frozen=True)
class Fault:
    """What happens on one connection."""

    sent: int | None = None
    """Cut once the client has sent so many bytes."""
    lose_answer: bool = False
    """The request arrives, the answer does not."""
    answer: bytes | None = None
    """Given instead of the server's."""


@dataclass
class Line:
    url: str
    faults: deque[Fault] = field(default_factory=deque)
    """For the next connections; then there are none."""
    requests: list[str] = field(default_factory=list)
    """`GET /api/v1/interviews`, in the order in which they were sent."""
    holds: Callable[[str], bool] = lambda _: False
    """Requests that never arrive."""
    held: asyncio.Event = field(default_factory=asyncio.Event)

    def signed_parts(self) -> list[int]:
        """Numbers of the parts whose addresses were asked for."""
        numbers = (re.search(r"^GET .*/uploads/[^/]+/(\d+)$", request) for request in self.requests)
        return [int(found[1]) for found in numbers if found]


@asynccontextmanager
async def a_line(server: RunningServer) -> AsyncIterator[Line]:
    host, _, port = server.url.removeprefix("http://").partition(":")

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = line.faults.popleft() if line.faults else Fault()
        there, back = await asyncio.open_connection(host, int(port))
        ways = (
            asyncio.create_task(_to_server(line, fault, reader, back, writer)),
            asyncio.create_task(_to_client(fault, there, writer)),
        )
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Before anything is waited for, which the end of the test may cut short.
            for end in (writer, back):
                end.close()
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            for end in (writer, back):
                with suppress(OSError):
                    await end.wait_closed()

    def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(asyncio.create_task(connected(reader, writer)))

    connections: list[asyncio.Task[None]] = []
    listening = await asyncio.start_server(taken, "127.0.0.1", 0)
    line = Line(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
    try:
        yield line
    finally:
        listening.close()
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


async def _to_server(
    line: Line,
    fault: Fault,
    reader: asyncio.StreamReader,
    server: asyncio.StreamWriter,
    client: asyncio.StreamWriter,
) -> None:
    sent = 0
    with suppress(OSError):
        while data := await reader.read(65536):
            for method, path in _REQUEST.findall(data):
                line.requests.append(f"{method.decode()} {path.decode()}")
                if line.holds(line.requests[-1]):
                    line.held.set()
                    await asyncio.Event().wait()
            if fault.answer is not None:
                client.write(fault.answer)
                await client.drain()
                return
            sent += len(data)
            if fault.sent is not None and sent > fault.sent:
                return
            server.write(data)
            await server.drain()


async def _to_client(fault: Fault, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            if fault.lose_answer:
                return
            client.write(data)
            await client.drain()
