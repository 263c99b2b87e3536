"""Many websocket clients in one process that costs little: raw sockets, and no more of the protocol than it takes.

`python -m bench.listeners PORT COUNT PATH [TOKEN]` writes `ready` once each has had its first frame, and then, whenever
all have had one event more, the moment at which the last of them had it.
"""

from __future__ import annotations

import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TEXT: Final = 0x81
_PING: Final = 0x89
_EVENT: Final = b'{"type":"event"'
_AT_ONCE: Final = 50
_BACKEND: Final = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Listeners:
    process: subprocess.Popen[str]

    def heard(self) -> float:
        """When the last of them had the next event."""
        assert self.process.stdout is not None
        return float(self.process.stdout.readline())


@contextmanager
def listeners(port: int, count: int, path: str, token: str | None = None) -> Iterator[Listeners]:
    """So many clients of one server, in a process of their own, connected until the block ends."""
    command = [
        sys.executable,
        "-m",
        "bench.listeners",
        str(port),
        str(count),
        path,
        *([token] if token else []),
    ]
    process = subprocess.Popen(command, cwd=_BACKEND, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            raise RuntimeError("the clients could not connect")
        yield Listeners(process)
    finally:
        process.terminate()
        process.wait(10)


def _connect(port: int, count: int, path: str, token: str | None) -> list[socket.socket]:
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    request = (
        f"GET {path} HTTP/1.1\r\nHost: bench\r\n{authorization}Upgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()
    made: list[socket.socket] = []
    while len(made) < count:
        batch = [
            socket.create_connection(("127.0.0.1", port)) for _ in range(min(_AT_ONCE, count - len(made)))
        ]
        for one in batch:
            one.sendall(request)
        for one in batch:
            _read_snapshot(one)
            one.setblocking(False)
        made += batch
    return made


def _read_snapshot(one: socket.socket) -> None:
    file = one.makefile("rb", buffering=0)
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = file.read(1)
        if not chunk:
            raise RuntimeError("the server hung up")
        received += chunk
    if not received.startswith(b"HTTP/1.1 101"):
        raise RuntimeError(f"unexpected answer: {received[:100]!r}")
    _, length = _exactly(one, 2)
    if length == 126:
        length = int.from_bytes(_exactly(one, 2))
    elif length == 127:
        length = int.from_bytes(_exactly(one, 8))
    _exactly(one, length)


def _exactly(one: socket.socket, count: int) -> bytes:
    return one.recv(count, socket.MSG_WAITALL)


def _events(one: socket.socket, data: bytes) -> int:
    """How many events there are in what came; a sign of life is answered."""
    events = 0
    while data:
        length, begin = data[1], 2
        if length == 126:
            length, begin = int.from_bytes(data[2:4]), 4
        if data[0] == _TEXT and data.startswith(_EVENT, begin):
            events += 1
        elif data[0] == _PING:
            # With a mask of zeros, what is sent is what is meant.
            one.send(bytes([0x8A, 0x80 | length, 0, 0, 0, 0]) + data[begin : begin + length])
        data = data[begin + length :]
    return events


def main() -> None:
    port, count, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    sockets = _connect(port, count, path, sys.argv[4] if len(sys.argv) > 4 else None)
    selector = selectors.DefaultSelector()
    for one in sockets:
        selector.register(one, selectors.EVENT_READ)
    print("ready", flush=True)
    waiting = count
    while True:
        for key, _ in selector.select():
            one = key.fileobj
            assert isinstance(one, socket.socket)
            data = one.recv(65536)
            if not data:
                raise RuntimeError("the server hung up")
            waiting -= _events(one, data)
        if waiting <= 0:
            print(time.monotonic(), flush=True)
            waiting = count


if __name__ == "__main__":
    main()
