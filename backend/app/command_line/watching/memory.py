"""What a watched folder has given already, kept over restarts so that nothing is read again to no end.

Losing it costs time only: the server knows each content. It is kept with the user, not in the folder, which may be
read-only or belong to several machines.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.command_line.importing.content import Stamp

_STATE: Final = "XDG_STATE_HOME"
_VERSION: Final = 1


class Memory:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, Stamp] = _read(file)

    @classmethod
    def of(cls, folder: Path, *, server: str, organisation: str) -> Memory:
        """That of this folder, for what it gives to this organisation."""
        key = hashlib.sha256(json.dumps([str(folder.resolve()), server, organisation]).encode()).hexdigest()
        base = os.environ.get(_STATE) or Path.home() / ".local" / "state"
        return cls(Path(base) / "debrief" / f"watch-{key[:24]}.json")

    def knows(self, stamps: Mapping[Path, Stamp]) -> bool:
        """Whether all the files are known as they are now."""
        return all(self._known.get(str(path)) == stamp for path, stamp in stamps.items())

    def keep(self, stamps: Mapping[Path, Stamp]) -> None:
        """Written at once, and whole: a power cut leaves the old file or the new one. Raises `OSError`."""
        self._known |= {str(path): stamp for path, stamp in stamps.items()}
        files = {path: [stamp.size, stamp.modified] for path, stamp in self._known.items()}
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self._file.with_suffix(f".{os.getpid()}.new")
        new.write_text(json.dumps({"version": _VERSION, "files": files}))
        new.replace(self._file)


def _read(file: Path) -> dict[str, Stamp]:
    # Of another version, damaged or not there: all the same, it is written anew.
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        content = json.loads(file.read_text())
        if content["version"] == _VERSION:
            return {path: Stamp(int(size), int(at)) for path, (size, at) in content["files"].items()}
    return {}
