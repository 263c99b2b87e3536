"""The samples of a recording that still grows, read from any place as often as one likes.

Nothing is held in memory: samples are read from the disk, where they are anyway. Compressed parts are decoded to a
second file by a process of their own.
"""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path
from typing import Final

from anyio import to_thread

_DECODED_RATE: Final = 16_000
_LOOK_SECONDS: Final = 0.05
_BLOCK_BYTES: Final = 64 * 1024
_APP_ROOT: Final = Path(__file__).resolve().parents[3]


class GrowingSound:
    """A file of 16-bit samples to which somebody still adds, until `end`."""

    def __init__(self, path: Path, *, sample_rate: int, channels: int) -> None:
        self._path = path
        self.sample_rate = sample_rate
        self.channels = channels
        self._ended = asyncio.Event()

    @property
    def _frame_bytes(self) -> int:
        return 2 * self.channels

    def end(self) -> None:
        """Say that nothing follows."""
        self._ended.set()

    def available(self) -> int:
        """Samples of each channel that are there now."""
        return self._path.stat().st_size // self._frame_bytes if self._path.exists() else 0

    async def total(self) -> int:
        """Samples of each channel, once nothing follows."""
        await self._ended.wait()
        return self.available()

    async def read(self, start: int) -> AsyncGenerator[bytes, None]:
        """Whole samples from number `start` on, waiting for more until nothing follows."""
        handle = await to_thread.run_sync(os.open, self._path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            position = start * self._frame_bytes
            while True:
                # Asked for before the read: what was there when it ended is read by all means.
                ended = self._ended.is_set()
                block = await to_thread.run_sync(os.pread, handle, _BLOCK_BYTES, position)
                block = block[: len(block) // self._frame_bytes * self._frame_bytes]
                if block:
                    position += len(block)
                    yield block
                elif ended:
                    return
                else:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._ended.wait(), _LOOK_SECONDS)
        finally:
            os.close(handle)


class DecodedSound(GrowingSound):
    """The samples of a WebM file that still grows: 16 kHz, written by a process that is started with `begin`."""

    def __init__(self, source: Path, target: Path, *, channels: int) -> None:
        super().__init__(target, sample_rate=_DECODED_RATE, channels=channels)
        self._source = source
        self._process: Process | None = None
        self._waiting: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        target = await to_thread.run_sync(_create, self._path)
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "app.services.live.decoder",
                str(self._source),
                str(self.sample_rate),
                str(self.channels),
                stdin=PIPE,
                stdout=target,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=_APP_ROOT,
                # Nothing of the server's environment (keys, addresses) is needed there.
                env={"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
            )
        finally:
            os.close(target)
        self._waiting = asyncio.create_task(self._wait())

    def end(self) -> None:
        """Say that nothing follows: the process reads on to the end of the file, then the sound has ended."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    async def close(self) -> None:
        """End the process, wherever it is."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        if self._waiting is not None:
            await self._waiting

    async def _wait(self) -> None:
        assert self._process is not None  # noqa: S101 - started before
        await self._process.wait()
        self._ended.set()


def _create(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
