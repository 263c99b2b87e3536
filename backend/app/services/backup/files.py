"""Files of a backup: for their owner only, hashed as they are written and as they are read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final, Self

from app.services.storage.base import ObjectStore

READ_BYTES: Final = 2**20


class Digest:
    """Counts and hashes what is fed to it."""

    def __init__(self) -> None:
        self.count = 0
        self.bytes = 0
        self._hash = hashlib.sha256()

    def feed(self, data: bytes) -> None:
        self.count += 1
        self.bytes += len(data)
        self._hash.update(data)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


class PrivateFile:
    """A new file that only its owner may read; on disk for good when the block ends without an error."""

    def __init__(self, path: Path) -> None:
        private_folder(path.parent)
        self._file = os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
        self.digest = Digest()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._file:
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self.digest.feed(data)


def private_folder(path: Path) -> None:
    """With those above it that are missing, each for the owner only."""
    if not path.is_dir():
        private_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def write_at_once(path: Path, content: bytes) -> None:
    """The file is there with its whole content or not at all."""
    draft = path.with_name(f".{path.name}")
    draft.unlink(missing_ok=True)
    with PrivateFile(draft) as file:
        file.write(content)
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines of a file, each with its line feed."""
    with path.open("rb") as file:
        yield from file


def chunks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(READ_BYTES):
            yield chunk


async def streamed(path: Path) -> AsyncIterator[bytes]:
    for chunk in chunks_of(path):
        yield chunk


def hashed_file(path: Path) -> Digest:
    digest = Digest()
    for chunk in chunks_of(path):
        digest.feed(chunk)
    return digest


async def hashed_object(store: ObjectStore, key: str) -> Digest:
    digest = Digest()
    async for chunk in store.read(key):
        digest.feed(chunk)
    return digest
