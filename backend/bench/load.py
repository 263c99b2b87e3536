"""A client that costs little: raw keep-alive connections, so that the server is what is measured."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median


def get_request(path: str, token: str | None = None, *, compressed: bool = False) -> bytes:
    headers = f"Authorization: Bearer {token}\r\n" if token else ""
    headers += "Accept-Encoding: gzip\r\n" if compressed else ""
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\n{headers}\r\n".encode()


async def requests_per_second(port: int, request: bytes, *, seconds: float, connections: int = 4) -> float:
    until = time.perf_counter() + seconds

    async def one() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
        done = 0
        while time.perf_counter() < until:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"unexpected answer: {head[:200]!r}")
            lower = head.lower()
            begin = lower.index(b"content-length:") + 15
            await reader.readexactly(int(lower[begin : lower.index(b"\r", begin)]))
            done += 1
        writer.close()
        return done

    started = time.perf_counter()
    counts = await asyncio.gather(*(one() for _ in range(connections)))
    return sum(counts) / (time.perf_counter() - started)


def upload_seconds(port: int, path: str, file: Path, token: str | None) -> float:
    """Seconds for one streaming PUT of a file, up to the answer."""
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    head = (
        f"PUT {path} HTTP/1.1\r\nHost: bench\r\n{authorization}Content-Length: {file.stat().st_size}\r\n"
        "Connection: close\r\n\r\n"
    )
    started = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as connection, file.open("rb") as source:
        connection.sendall(head.encode())
        connection.sendfile(source)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    if not answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 202")):
        raise RuntimeError(f"unexpected answer: {answer[:300]!r}")
    return time.perf_counter() - started


def alternating(rounds: int, *measures: Callable[[], float]) -> list[float]:
    """The median of each measure over alternating rounds; one more round before them warms everything up."""
    results: list[list[float]] = [[] for _ in measures]
    for number in range(rounds + 1):
        for measure, kept in zip(measures, results, strict=True):
            value = measure()
            if number:
                kept.append(value)
    return [median(kept) for kept in results]
