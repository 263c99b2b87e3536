"""Directories that have to be ours, and have room."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import Final

from anyio import to_thread

from app.command_line.doctor.finding import Notes

_LEAST_FREE: Final = 10 * 10**9
_LEAST_SHARE: Final = 0.05


async def check_room(folder: Path, notes: Notes) -> None:
    """Is it there, writable, closed to others, and not nearly full."""
    await to_thread.run_sync(_check, folder, notes)


def _check(folder: Path, notes: Notes) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        mode = stat.S_IMODE(folder.stat().st_mode)
        usage = shutil.disk_usage(folder)
    except OSError as error:
        notes.failed(
            f"The data directory cannot be used ({error.strerror}).",
            "Set DATA_DIR to a directory of this user.",
        )
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        notes.failed("The data directory cannot be written.", f"Run: chown {os.getuid()} {folder.name}")
    if mode & 0o007:
        notes.warning(
            "Other users of this machine can look into the data directory.", f"Run: chmod 700 {folder.name}"
        )
    free = usage.free / usage.total
    if usage.free < _LEAST_FREE or free < _LEAST_SHARE:
        notes.warning(
            f"The disk has {usage.free / 1e9:.1f} GB left ({free:.0%}).",
            "Make room, or move DATA_DIR: an upload may have 2 GB.",
        )
    else:
        notes.ok(f"The disk has {usage.free / 1e9:.0f} GB left.")
