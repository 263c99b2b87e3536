"""One event to a thousand websockets: Debrief against a bare Uvicorn that does nothing but send.

From the request that causes the event to the last client that has it. Ours authenticates the request, changes a
document and commits it to disk in that time, too; with two processes the event takes the way through Redis.
"""

from __future__ import annotations

import json
import resource
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

import httpx

from app.core.security import mint_session
from bench.listeners import Listeners, listeners
from bench.report import Ratio, show
from bench.servers import SECRET, redis, serve

_CLIENTS = 1_000
_ROUNDS = 15
_Round = Callable[[], tuple[float, float]]
"""Seconds from the request, and from the first client that has the event, to the last."""


def measure(folder: Path) -> list[Ratio]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8_192)), hard))
    found = _compare(folder / "one", processes=1)
    if shutil.which("redis-server"):
        found += _compare(folder / "two", processes=2)
    else:
        print("websocket broadcast by two processes: left out, there is no redis-server here")
    return found


def _compare(folder: Path, *, processes: int) -> list[Ratio]:
    with ExitStack() as stack:
        ours = stack.enter_context(_ours(folder, processes))
        bare = stack.enter_context(_bare(folder, processes))
        whole, sending, rates = [], [], []
        for number in range(_ROUNDS + 1):
            us, them = ours(), bare()
            if number:
                whole.append(them[0] / us[0])
                sending.append(them[1] / us[1])
                rates.append(_CLIENTS / us[0])
    what = f"one event to {_CLIENTS:,} websockets, {processes} process{'es' if processes > 1 else ''}"
    peer = f"{processes} × bare Uvicorn broadcast"
    return [
        Ratio(what, peer, median(whole), at_least=0.6),
        Ratio(f"{what}, from the first to the last", peer, median(sending)),
        Ratio(what, "for the record", median(rates), unit="frames/s"),
    ]


@contextmanager
def _ours(folder: Path, processes: int) -> Iterator[_Round]:
    folder.mkdir()
    token = mint_session({"sub": "bench"}, SECRET, max_age=timedelta(hours=1))
    with ExitStack() as stack:
        shared = {"REDIS_URL": stack.enter_context(redis(folder))} if processes > 1 else {}
        servers = [
            stack.enter_context(serve("app.main:app", ready="/api/v1/health", data_dir=folder, **shared))
            for _ in range(processes)
        ]
        api = stack.enter_context(
            httpx.Client(
                base_url=f"http://127.0.0.1:{servers[0].port}/api/v1",
                headers={"Authorization": f"Bearer {token}"},
                trust_env=False,
            )
        )
        interview = api.post("/interviews", json={"title": "bench"}).raise_for_status().json()["id"]
        clients = [
            stack.enter_context(listeners(server.port, _CLIENTS // processes, "/api/v1/ws", token))
            for server in servers
        ]
        titles = iter(range(10**9))
        body = lambda: json.dumps({"title": f"bench {next(titles)}"}).encode()  # noqa: E731
        caller = stack.enter_context(_caller(servers[0].port))

        def one_round() -> tuple[float, float]:
            return _timed(lambda: caller("PATCH", f"/api/v1/interviews/{interview}", body(), token), clients)

        yield one_round


@contextmanager
def _bare(folder: Path, processes: int) -> Iterator[_Round]:
    event = json.dumps(_an_event(), separators=(",", ":")).encode()
    with ExitStack() as stack:
        servers = [
            stack.enter_context(serve("bench.peers:broadcast", ready="/", data_dir=folder))
            for _ in range(processes)
        ]
        clients = [
            stack.enter_context(listeners(server.port, _CLIENTS // processes, "/")) for server in servers
        ]
        callers = [stack.enter_context(_caller(server.port)) for server in servers]

        def one_round() -> tuple[float, float]:
            return _timed(lambda: [call("POST", "/", event, None) for call in callers], clients)

        yield one_round


def _an_event() -> dict[str, object]:
    """As long as ours."""
    return {
        "type": "event",
        "kind": "interview.changed",
        "interview_id": "0" * 26,
        "version": 12,
        "data": {
            "status": "created",
            "transcript_revision": 0,
            "analysis_revision": 0,
            "stability_revision": 0,
        },
    }


def _timed(cause: Callable[[], object], clients: list[Listeners]) -> tuple[float, float]:
    began = time.monotonic()
    cause()
    heard = [each.heard() for each in clients]
    last = max(last for _, last in heard)
    return last - began, last - min(first for first, _ in heard)


@contextmanager
def _caller(port: int) -> Iterator[Callable[[str, str, bytes, str | None], None]]:
    """Sends requests on a connection that is kept, without waiting for the answers: the clients say when it is done."""
    with socket.create_connection(("127.0.0.1", port)) as connection:

        def call(method: str, path: str, body: bytes, token: str | None) -> None:
            authorization = f"Authorization: Bearer {token}\r\n" if token else ""
            head = (
                f"{method} {path} HTTP/1.1\r\nHost: bench\r\n{authorization}Content-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            connection.sendall(head.encode() + body)

        yield call


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="debrief-bench-") as folder:
        show(measure(Path(folder)))


if __name__ == "__main__":
    main()
