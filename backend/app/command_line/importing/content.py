"""The bytes of a file: what they are known by, and reading them to be sent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Final

from app.command_line.errors import CommandFailed, Stopped

_CHUNK: Final = 2**18


@dataclass(frozen=True, slots=True)
class Stamp:
    """What changes when somebody writes to a file."""

    size: int
    modified: int
    """Nanoseconds."""

    @classmethod
    def of(cls, path: Path) -> Stamp:
        stat = path.stat()
        return cls(stat.st_size, stat.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it was when it was hashed."""

    path: Path
    stamp: Stamp
    sha256: str

    @classmethod
    def of(cls, path: Path) -> Content:
        """Raises `OSError`, and `CommandFailed` when the file is being written."""
        stamp = Stamp.of(path)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        content = cls(path, stamp, digest)
        content.check()
        return content

    @property
    def name(self) -> str:
        """Of the file, as text: names may hold bytes that are none."""
        return self.path.name.encode(errors="replace").decode()

    @property
    def size(self) -> int:
        return self.stamp.size

    def check(self) -> None:
        if Stamp.of(self.path) != self.stamp:
            raise CommandFailed(f"{self.name} changed while it was read.")

    def chunks(self, start: int, size: int, *, stop: Event, moved: Callable[[int], None]) -> Iterator[bytes]:
        """So many bytes from `start`; `moved` is told the place in the file that has been reached.

        Raises `CommandFailed` before the last of them when the file has changed since it was hashed.
        """
        with self.path.open("rb") as file:
            file.seek(start)
            left = size
            while left > 0:
                if stop.is_set():
                    raise Stopped("Stopped.")
                chunk = file.read(min(_CHUNK, left))
                left -= len(chunk)
                if not chunk or left == 0:
                    # While the server still waits for more: what was cut off is not stored.
                    self.check()
                if not chunk:
                    break
                yield chunk
                moved(start + size - left)
