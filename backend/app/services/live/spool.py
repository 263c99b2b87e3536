"""Live recordings on their way in: one folder for each interview, readable by nobody else.

A folder holds the journal and the parts as they came. Whoever works on it holds its lock, so that of several processes
one writes, and a sweep leaves it alone. Everything here blocks: call it in a thread.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import Final

from app.core.errors import AppError, Conflict, InvalidInput, Unavailable
from app.models.live import LiveEncoding
from app.services.live.journal import Begun, Entry, Journal, PartBegun, line_of, read_journal

_JOURNAL: Final = "journal.jsonl"
_LOCK: Final = "lock"
_REFUSED: Final = ".refused"
_ENDINGS: Final = {LiveEncoding.LINEAR16: "pcm16", LiveEncoding.WEBM_OPUS: "webm"}


class SpoolBusy(Conflict):
    code = "live_elsewhere"


class SpoolFull(Unavailable):
    code = "storage_full"


class SpoolNameInvalid(InvalidInput):
    code = "interview_id_invalid"


class Spool:
    def __init__(self, root: Path) -> None:
        self._root = root

    def claim(self, interview_id: str) -> SpooledRecording:
        """The recording's folder, made if need be, for this caller alone. Raises `SpoolBusy`."""
        folder = self._folder(interview_id)
        while True:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # Between opening and locking, the one who held it may have removed the folder.
                if _is_still_there(lock, folder / _LOCK):
                    return SpooledRecording(folder, lock)
            except BlockingIOError:
                os.close(lock)
                raise SpoolBusy("This interview is being recorded by another connection.") from None
            except BaseException:
                os.close(lock)
                raise
            os.close(lock)

    def look(self, interview_id: str) -> Journal | None:
        """What the journal says, without claiming the folder."""
        with suppress(FileNotFoundError), (self._folder(interview_id) / _JOURNAL).open("rb") as file:
            return read_journal(file)[0]
        return None

    def waiting(self) -> list[str]:
        """The interviews that have a folder."""
        return [name for name in self._names() if not name.endswith(_REFUSED)]

    def idle_seconds(self, interview_id: str) -> float:
        """How long nothing was added."""
        folder = self._folder(interview_id)
        changes = [path.stat().st_mtime for path in folder.iterdir()] if folder.is_dir() else []
        return time.time() - max(changes, default=0.0)

    def remove(self, interview_id: str) -> None:
        """Remove everything of an interview, also while somebody writes; what they write then is lost."""
        if not _is_name(interview_id):
            return  # no folder was ever made for it
        folder = self._folder(interview_id)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(folder.with_name(folder.name + _REFUSED), ignore_errors=True)

    def remove_refused(self, older_than_seconds: float) -> None:
        """Remove refused recordings that nobody asked for in so long."""
        for name in self._names():
            folder = self._root / name
            if name.endswith(_REFUSED) and time.time() - folder.stat().st_mtime > older_than_seconds:
                shutil.rmtree(folder, ignore_errors=True)

    def _names(self) -> list[str]:
        return sorted(path.name for path in self._root.iterdir()) if self._root.is_dir() else []

    def _folder(self, interview_id: str) -> Path:
        if not _is_name(interview_id):
            raise SpoolNameInvalid("An interview's id holds letters and digits only.")
        return self._root / interview_id


class SpooledRecording:
    """A claimed folder. `received` counts the bytes of the current part."""

    def __init__(self, folder: Path, lock: int) -> None:
        self.folder = folder
        self._lock = lock
        self._journal_file = os.open(
            folder / _JOURNAL, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600
        )
        with os.fdopen(os.dup(self._journal_file), "rb") as file:
            self.journal, length = read_journal(file)
        os.ftruncate(self._journal_file, length)
        self._part_file: int | None = None
        self.received = 0

    @property
    def begun(self) -> Begun:
        if self.journal.begun is None:
            raise AppError("The live recording has no beginning.")
        return self.journal.begun

    def note(self, *entries: Entry) -> None:
        """Add lines to the journal."""
        with _told_when_full():
            os.write(self._journal_file, b"".join(map(line_of, entries)))
        for entry in entries:
            self.journal.add(entry)

    def begin_part(self, part: PartBegun) -> None:
        self._close_part()
        self.note(part)
        self._open_part(part)
        os.fsync(self._journal_file)
        _sync_folder(self.folder)
        _sync_folder(self.folder.parent)

    def resume_part(self) -> None:
        """Go on where the last part ends."""
        self._open_part(self.journal.parts[-1])

    def append(self, data: bytes) -> None:
        """Add bytes to the current part, all or none."""
        assert self._part_file is not None  # noqa: S101 - a part was begun or resumed
        try:
            with _told_when_full():
                view = memoryview(data)
                while view:
                    view = view[os.write(self._part_file, view) :]
        except SpoolFull:
            os.ftruncate(self._part_file, self.received)
            raise
        self.received += len(data)

    def sync(self) -> int:
        """Wait until the disk has what was added; gives the bytes of the current part that are safe."""
        assert self._part_file is not None  # noqa: S101 - a part was begun or resumed
        received = self.received
        os.fsync(self._part_file)
        return received

    def sizes(self) -> list[int]:
        """Bytes of each part."""
        return [self.part_path(part).stat().st_size for part in self.journal.parts]

    def part_path(self, part: PartBegun) -> Path:
        return self.folder / f"part-{part.number}.{_ENDINGS[part.encoding]}"

    def decoded_path(self, part: PartBegun) -> Path:
        """Where the samples of a compressed part are put for those who listen live."""
        return self.folder / f"part-{part.number}.decoded"

    def end(self, entry: Entry) -> None:
        """Note that nothing follows, safely."""
        self.note(entry)
        if self._part_file is not None:
            os.fsync(self._part_file)
        os.fsync(self._journal_file)

    def remove(self) -> None:
        """Remove the folder; the lock is held until `close`."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def set_aside(self) -> None:
        """Keep a recording that was refused out of the way, for somebody who can still make use of it."""
        aside = self.folder.with_name(self.folder.name + _REFUSED)
        shutil.rmtree(aside, ignore_errors=True)
        self.folder.rename(aside)
        os.utime(aside)

    def close(self) -> None:
        """Release the folder. A second call does nothing."""
        if self._lock < 0:
            return
        self._close_part()
        os.close(self._journal_file)
        os.close(self._lock)
        self._lock = -1

    def _open_part(self, part: PartBegun) -> None:
        self._part_file = os.open(
            self.part_path(part), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600
        )
        self.received = os.fstat(self._part_file).st_size

    def _close_part(self) -> None:
        if self._part_file is not None:
            os.close(self._part_file)
            self._part_file = None


def _is_name(interview_id: str) -> bool:
    return interview_id.isascii() and interview_id.isalnum()


def _is_still_there(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    """A new file is safe when its name is."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _told_when_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (ENOSPC, EDQUOT):
            raise
        raise SpoolFull("The disk of this server is full; nothing more can be recorded.") from None
