"""Files that are there whole or not at all, and durable directories. Blocking: for threads only."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

DRAFT_MARK: Final = ".t."
"""What the name of an unfinished file begins with."""
_COPY_BYTES: Final = 2**20


class Draft:
    """A new file beside its target: written once, hashed on the way, seen by nobody until it is renamed."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{DRAFT_MARK}{secrets.token_hex(8)}"
        self.size = 0
        self._descriptor = -1
        self._digest = hashlib.sha256()

    @property
    def etag(self) -> str:
        return self._digest.hexdigest()

    def open(self) -> None:
        self._descriptor = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)

    def write(self, chunks: list[bytes]) -> None:
        self._write(memoryview(chunks[0] if len(chunks) == 1 else b"".join(chunks)))

    def append(self, path: Path) -> None:
        """Copy a file to the end. It is read for the hash anyway: a copy inside the kernel would not be faster."""
        buffer = memoryview(bytearray(_COPY_BYTES))
        with path.open("rb", buffering=0) as source:
            while count := source.readinto(buffer):
                self._write(buffer[:count])

    def _write(self, data: memoryview) -> None:
        self._digest.update(data)
        self.size += len(data)
        while data:
            data = data[os.write(self._descriptor, data) :]

    def finish(self, rest: list[bytes]) -> None:
        """Write the rest and wait until all of it is on the disk."""
        self.write(rest)
        os.fsync(self._descriptor)

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def discard(self) -> None:
        """Close; remove what was not renamed."""
        self.close()
        with suppress(FileNotFoundError, NotADirectoryError):
            self.path.unlink()


def write_draft(folder: Path, content: bytes) -> Path:
    """Put small content on the disk under a draft's name, for the caller to rename."""
    draft = Draft(folder)
    draft.open()
    try:
        draft.finish([content])
    except OSError:
        draft.discard()
        raise
    draft.close()
    return draft.path


def make_directory(path: Path) -> None:
    """Like `mkdir(parents=True)`, but with 0700 for the parents too, and durable.

    Raises `NotADirectoryError` where a file is in the way, and `FileNotFoundError` when a parent is removed meanwhile.
    """
    if path.is_dir():
        return
    try:
        try:
            path.mkdir(0o700)
        except FileNotFoundError:
            make_directory(path.parent)
            path.mkdir(0o700)
    except FileExistsError:
        if path.is_file():
            raise NotADirectoryError(path) from None
        return
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def folders(path: Path) -> Sequence[Path]:
    try:
        return list(path.iterdir())
    except FileNotFoundError:
        return []


def last_change(path: Path) -> float:
    """When a file, or a directory or anything in it, was last written; now, if it is gone."""
    try:
        inside = path.iterdir() if path.is_dir() else ()
        return max(float(entry.stat().st_mtime) for entry in (path, *inside))
    except FileNotFoundError:
        return time.time()


def remove_tree(top: Path) -> None:
    for place, _, names in os.walk(top, topdown=False):
        for name in names:
            Path(place, name).unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            Path(place).rmdir()
