"""Memory of a real server process while a recording of almost two gigabytes comes in."""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import psutil
import pytest

from tests.fixtures.loopback import UNUSED_TLS
from tests.fixtures.server import SECRET, token_for
from tests.integration.test_start import environment, free_port, started, uvicorn, wait_for_health

_SIZE: Final = 1_999_000_000
_CHUNK: Final = 2**20
_ALLOWED_GROWTH: Final = 24 * 2**20


def wav_of(size: int) -> Iterator[bytes]:
    """A WAV file of exactly `size` bytes: 48 kHz stereo, about three hours, never held as a whole."""
    data = size - 44
    yield struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        size - 8,
        b"WAVE",
        b"fmt ",
        16,
        1,
        2,
        48000,
        192000,
        4,
        16,
        b"data",
        data,
    )
    chunk = b"\x10\x00\x20\x00" * (_CHUNK // 4)
    for _ in range(data // _CHUNK):
        yield chunk
    yield chunk[: data % _CHUNK]


class _Watch(threading.Thread):
    """Remembers the most memory that a process had."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._process = psutil.Process(pid)
        self._stop_asked = threading.Event()
        self.before = self.most = self._process.memory_info().rss

    def run(self) -> None:
        while not self._stop_asked.wait(0.02):
            self.most = max(self.most, self._process.memory_info().rss)

    def finish(self) -> int:
        self._stop_asked.set()
        self.join()
        return self.most - self.before


@pytest.mark.slow
class TestUpload:
    def test_two_gigabytes_grow_the_server_by_less_than_24(self, tmp_path: Path) -> None:
        port = free_port()
        env = environment(
            tmp_path / "data", AUTH_SECRET=SECRET, WORKER_IN_PROCESS="false", LOG_LEVEL="WARNING"
        )
        with started(uvicorn(port), env, tmp_path / "log") as server:
            wait_for_health(port, server)
            headers = {"Authorization": f"Bearer {token_for('ada')}"}
            with httpx.Client(
                base_url=f"http://127.0.0.1:{port}/api/v1",
                headers=headers,
                timeout=300,
                trust_env=False,
                verify=UNUSED_TLS,
            ) as api:

                def put(size: int) -> httpx.Response:
                    interview = api.post("/interviews", json={"title": "x"}).json()["id"]
                    return api.put(
                        f"/interviews/{interview}/recording",
                        content=wav_of(size),
                        headers={"Content-Length": str(size)},
                    )

                # What every first upload loads once is not growth by size.
                assert put(3_000_000).status_code == 202
                watch = _Watch(server.pid)
                watch.start()
                answer = put(_SIZE)
                grown = watch.finish()
        assert answer.status_code == 202, answer.text
        assert answer.json()["recording"]["size"] == _SIZE
        assert grown < _ALLOWED_GROWTH, f"grew by {grown / 2**20:.1f} MB"
