"""One event to a thousand websockets: Debrief against a bare Uvicorn that does nothing but send.

From the moment the event is published, as a worker publishes it, to the last client that has it; and the same from a
person's request that changes a document, which is authenticated, checked and committed to disk in that time.
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
from itertools import count
from pathlib import Path
from statistics import median

import httpx
from redis import Redis

from app.core.security import mint_session
from bench.listeners import Listeners, listeners
from bench.report import Ratio, show
from bench.servers import SECRET, redis, serve

_CLIENTS = 1_000
_ROUNDS = 15
_CHANNEL = "debrief:hr_interviews:events"
_Round = Callable[[], float]
"""Seconds from the cause to the last client that has the event."""


def measure(folder: Path) -> list[Ratio]:
    if shutil.which("redis-server") is None:
        print("websocket broadcast: left out, there is no redis-server here to publish through")
        return []
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8_192)), hard))
    return [*_compare(folder / "one", processes=1), *_compare(folder / "two", processes=2)]


def _compare(folder: Path, *, processes: int) -> list[Ratio]:
    with ExitStack() as stack:
        published, requested = stack.enter_context(_ours(folder, processes))
        bare = stack.enter_context(_bare(folder, processes))
        ratios, with_request, rates = [], [], []
        for number in range(_ROUNDS + 1):
            ours, theirs, whole = published(), bare(), requested()
            if number:
                ratios.append(theirs / ours)
                with_request.append(theirs / whole)
                rates.append(_CLIENTS / ours)
    what = f"one event to {_CLIENTS:,} websockets, {processes} API process{'es' if processes > 1 else ''}"
    peer = f"{processes} × bare Uvicorn broadcast"
    return [
        Ratio(what, peer, median(ratios), at_least=0.6),
        Ratio(f"{what}, with the request that causes it", peer, median(with_request)),
        Ratio(what, "for the record", median(rates), unit="frames/s"),
    ]


@contextmanager
def _ours(folder: Path, processes: int) -> Iterator[tuple[_Round, _Round]]:
    """A round that begins with an event from elsewhere, and one that begins with a request."""
    folder.mkdir()
    token = mint_session({"sub": "bench"}, SECRET, max_age=timedelta(hours=1))
    with ExitStack() as stack:
        url = stack.enter_context(redis(folder))
        servers = [
            stack.enter_context(serve("app.main:app", ready="/api/v1/health", data_dir=folder, REDIS_URL=url))
            for _ in range(processes)
        ]
        clients = [
            stack.enter_context(listeners(server.port, _CLIENTS // processes, "/api/v1/ws", token))
            for server in servers
        ]
        base = f"http://127.0.0.1:{servers[0].port}/api/v1"
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=base, headers=headers, trust_env=False) as api:
            organisation = api.get("/me").raise_for_status().json()["organisations"][0]["id"]
            interview = api.post("/interviews", json={"title": "bench"}).raise_for_status().json()["id"]
            for each in clients:
                each.heard()
        elsewhere = stack.enter_context(Redis.from_url(url))
        caller = stack.enter_context(_caller(servers[0].port))
        numbers = count(1)

        def published() -> float:
            event = {
                "kind": "interview.changed",
                "organisation_id": organisation,
                "interview_id": "another",
                "version": next(numbers),
                "data": _an_event()["data"],
            }
            letter = json.dumps({"origin": "bench", "event": event})
            return _timed(lambda: elsewhere.publish(_CHANNEL, letter), clients)

        def requested() -> float:
            body = json.dumps({"title": f"bench {next(numbers)}"}).encode()
            return _timed(lambda: caller("PATCH", f"/api/v1/interviews/{interview}", body, token), clients)

        yield published, requested


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


def _timed(cause: Callable[[], object], clients: list[Listeners]) -> float:
    began = time.monotonic()
    cause()
    return max(each.heard() for each in clients) - began


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
