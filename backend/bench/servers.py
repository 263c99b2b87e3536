"""Servers to measure: Debrief itself and the bare peers it is compared with, each a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import psutil

SECRET: Final = "bench-secret-0123456789-0123456789-abcdef"
_BACKEND: Final = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]
    cold_start: float
    """Seconds from starting the process to its first answer."""

    def memory(self) -> int:
        """Resident bytes of the server process, without its worker processes."""
        return int(psutil.Process(self.process.pid).memory_info().rss)


@contextmanager
def serve(app: str, *, ready: str, data_dir: Path, **environment: str) -> Iterator[Server]:
    """Run a Uvicorn with `app` until the block ends; `ready` is the path that answers once it is up."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        app,
        "--port",
        str(port),
        "--log-level",
        "warning",
        "--no-access-log",
    ]
    env = {
        **os.environ,
        "DATA_DIR": str(data_dir),
        "AUTH_SECRET": SECRET,
        "LOG_LEVEL": "ERROR",
        "WORKER_IN_PROCESS": "false",
        **environment,
    }
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=_BACKEND, env=env)
    try:
        _wait(port, ready, process)
        yield Server(port, process, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis that keeps nothing; gives its address."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    with httpx.Client(trust_env=False) as client:
        for _ in range(3000):
            if process.poll() is not None:
                raise RuntimeError("the server to measure did not start")
            try:
                if client.get(f"http://127.0.0.1:{port}{path}").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.01)
    raise RuntimeError("the server to measure did not answer")
