"""Copies of objects as files of this machine, for tools that want a file. Blocking: for threads only."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from app.services.storage.providers.drafts import folders, last_change, make_directory


class Copy:
    """A file that only the owner can read, open for writing until `close`."""

    def __init__(self, folder: Path) -> None:
        descriptor, name = tempfile.mkstemp(dir=folder)
        self.path = Path(name)
        self._file: BinaryIO = os.fdopen(descriptor, "wb")

    def write(self, content: bytes) -> None:
        self._file.write(content)

    def close(self) -> None:
        self._file.close()

    def remove(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


class Scratch:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new(self) -> Copy:
        make_directory(self._folder)
        return Copy(self._folder)

    def sweep(self, before: float) -> None:
        """Remove what a crash left, last written at or before a time (seconds since 1970)."""
        for path in folders(self._folder):
            if last_change(path) <= before:
                path.unlink(missing_ok=True)
