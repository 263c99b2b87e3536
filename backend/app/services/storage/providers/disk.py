"""The blocking half of the local store: where files lie, and how they come and go whole. For threads only.

    files/<key>             the content; that it exists is what makes the object exist
    files/…/.m.<name>       its note: content type and etag, valid for one size and modification time of the content
    files/…/.t.<random>     a draft: becomes content by one rename
    uploads/<id>/manifest   of a multipart upload: its key and content type
    uploads/<id>/<number>.<time>.<etag>    a part; of two with one number the later counts
    trash/                  moved here in one step, then removed

Directories are 0700 and files 0600. What a crash leaves is a draft or trash, both taken away by `sweep`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.services.storage.base import (
    KeyInvalid,
    ObjectNotFound,
    Part,
    RemovedMeanwhile,
    StoredObject,
    UploadNotFound,
    checked_key,
)
from app.services.storage.providers.drafts import (
    DRAFT_MARK,
    Draft,
    folders,
    last_change,
    make_directory,
    remove_tree,
    sync_directory,
    write_draft,
)

_UPLOAD_ID: Final = re.compile(r"[0-9a-f]{32}")
_GONE: Final = (FileNotFoundError, NotADirectoryError)
_NOTE_MARK: Final = ".m."


class Source:
    """An object open for reading; keeps giving the same content when the object is replaced or deleted meanwhile."""

    def __init__(self, disk: Disk, key: str) -> None:
        self._path = disk.path(key)
        self._key = key
        self._descriptor = -1
        self.size = 0

    def open(self) -> None:
        try:
            self._descriptor = os.open(self._path, os.O_RDONLY)
        except _GONE:
            raise _no_object(self._key) from None
        status = os.fstat(self._descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _no_object(self._key)
        self.size = status.st_size

    def read(self, start: int, count: int) -> bytes:
        return os.pread(self._descriptor, count, start)

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class Disk:
    def __init__(self, root: Path) -> None:
        root = root.absolute()
        self._files, self._uploads, self._trash = root / "files", root / "uploads", root / "trash"
        self._committing = threading.Lock()

    def path(self, key: str) -> Path:
        return self._files / checked_key(key)

    # Objects

    def draft_for(self, key: str) -> Draft:
        return Draft(self.path(key).parent)

    def open_for(self, draft: Draft, key: str) -> None:
        """Open a draft, with the directories above it; refuses a key that is a folder, or lies beneath an object."""
        if self.path(key).is_dir():
            raise KeyInvalid(f"{key} is in use as a folder of other objects.")
        try:
            for _ in range(10):
                # A deletion next door may take an empty directory away between the two steps.
                with suppress(FileNotFoundError):
                    make_directory(draft.path.parent)
                    draft.open()
                    return
        except NotADirectoryError:
            raise KeyInvalid(f"{key} lies beneath another object.") from None
        raise RemovedMeanwhile("The folder of this object is being deleted.")

    def publish(self, draft: Draft, key: str, content_type: str) -> StoredObject:
        """Make a finished draft the content of a key."""
        path = self.path(key)
        stored = StoredObject(key, draft.size, draft.etag, content_type)
        try:
            note = _draft_note(path, stored, draft.path.stat())
            with self._committing:
                # The note first: without content it means nothing, and content with another's note is found out.
                note.replace(_note_path(path))
                draft.path.replace(path)
            sync_directory(path.parent)
        except FileNotFoundError:
            raise RemovedMeanwhile("The folder of this object was deleted while it was received.") from None
        return stored

    def discard(self, draft: Draft) -> None:
        draft.discard()
        self._prune(draft.path.parent)

    def describe(self, key: str) -> StoredObject | None:
        path = self.path(key)
        if not _is_object(path):
            return None
        stored = _read_note(key, path)
        if stored is not None:
            return stored
        # A crash between two renames, or files restored from a backup. Under the lock, because a replacement is both
        # renames: seen from here they happen together.
        with self._committing, suppress(FileNotFoundError):
            return _read_note(key, path) or _renew_note(key, path)
        return None

    def require(self, key: str) -> Path:
        path = self.path(key)
        if not _is_object(path):
            raise _no_object(key)
        return path

    def delete(self, key: str) -> None:
        path = self.path(key)
        if _is_object(path):
            with self._committing:
                path.unlink(missing_ok=True)
                _note_path(path).unlink(missing_ok=True)
            self._prune(path.parent)

    def delete_prefix(self, prefix: str) -> int:
        for folder in folders(self._uploads):
            with suppress(UploadNotFound):
                if self.manifest(folder.name)["key"].startswith(prefix):
                    self.drop_upload(folder.name)
        folder = self._files / prefix
        count = 0
        if folder.is_dir() and (moved := self._to_trash(folder)):
            count = sum(not name.startswith(".") for _, _, names in os.walk(moved) for name in names)
            self._prune(folder.parent)
        for remains in folders(self._trash):
            remove_tree(remains)
        return count

    def keys(self, prefix: str) -> Iterator[str]:
        """Of the objects beneath a prefix that ends with a slash."""
        for place, _, names in os.walk(self._files / prefix):
            for name in names:
                if not name.startswith("."):
                    yield Path(place, name).relative_to(self._files).as_posix()

    def _prune(self, folder: Path) -> None:
        """Remove the directories that nothing is left in, upwards."""
        while folder != self._files:
            try:
                folder.rmdir()
            except FileNotFoundError:
                pass
            except OSError:
                return
            folder = folder.parent

    def _to_trash(self, folder: Path) -> Path | None:
        """Take a directory away in one step: whoever still writes into it finds that it is gone."""
        make_directory(self._trash)
        moved = self._trash / secrets.token_hex(8)
        try:
            folder.rename(moved)
        except FileNotFoundError:
            return None
        with suppress(FileNotFoundError):
            sync_directory(folder.parent)
        return moved

    # Uploads in parts

    def upload(self, upload_id: str) -> Path:
        """The directory of an upload, which need not exist."""
        if not _UPLOAD_ID.fullmatch(upload_id):
            raise _no_upload()
        return self._uploads / upload_id

    def create_upload(self, key: str, content_type: str) -> str:
        upload_id = secrets.token_hex(16)
        folder = self.upload(upload_id)
        make_directory(folder)
        manifest = {"key": checked_key(key), "content_type": content_type}
        write_draft(folder, json.dumps(manifest).encode()).replace(folder / "manifest")
        sync_directory(folder)
        return upload_id

    def manifest(self, upload_id: str, key: str | None = None) -> dict[str, str]:
        """`key` and `content_type` of an upload. Raises `UploadNotFound`, also when it is for another key."""
        try:
            found: dict[str, str] = json.loads((self.upload(upload_id) / "manifest").read_bytes())
        except FileNotFoundError:
            raise _no_upload() from None
        if key is not None and found["key"] != key:
            raise _no_upload()
        return found

    def draft_part(self, upload_id: str) -> Draft:
        return Draft(self.upload(upload_id))

    def open_part(self, draft: Draft, upload_id: str) -> None:
        self.manifest(upload_id)
        try:
            draft.open()
        except FileNotFoundError:
            raise _no_upload() from None

    def keep_part(self, draft: Draft, part_number: int) -> Part:
        """Make a finished draft part of the upload whose directory it lies in; a former one of its number goes."""
        folder, number = draft.path.parent, f"{part_number:05d}."
        kept = folder / f"{number}{time.time_ns():020d}.{draft.etag}"
        try:
            draft.path.rename(kept)
            sync_directory(folder)
            for former in folder.iterdir():
                if former.name.startswith(number) and former.name < kept.name:
                    former.unlink(missing_ok=True)
        except FileNotFoundError:
            raise _no_upload() from None
        return Part(part_number, draft.size, draft.etag)

    def parts(self, upload_id: str) -> dict[Part, Path]:
        """The parts of an upload in order, each with its file."""
        newest: dict[int, os.DirEntry[str]] = {}
        try:
            with os.scandir(self.upload(upload_id)) as entries:
                for entry in sorted(entries, key=lambda e: e.name):
                    if entry.name.count(".") == 2 and not entry.name.startswith("."):
                        newest[int(entry.name[:5])] = entry
            return {
                Part(number, entry.stat().st_size, entry.name.rpartition(".")[2]): Path(entry.path)
                for number, entry in newest.items()
            }
        except FileNotFoundError:
            raise _no_upload() from None

    def drop_upload(self, upload_id: str) -> None:
        folder = self.upload(upload_id)
        if folder.is_dir() and (moved := self._to_trash(folder)):
            remove_tree(moved)

    def sweep(self, before: float) -> int:
        """Remove uploads and drafts last written at or before a time (seconds since 1970), and all trash.

        Gives the number of uploads.
        """
        count = 0
        for folder in folders(self._uploads):
            if last_change(folder) <= before:
                self.drop_upload(folder.name)
                count += 1
        for place, _, names in os.walk(self._files):
            for name in names:
                draft = Path(place, name)
                if name.startswith(DRAFT_MARK) and last_change(draft) <= before:
                    draft.unlink(missing_ok=True)
                    self._prune(draft.parent)
        for remains in folders(self._trash):
            remove_tree(remains)
        return count


def _no_upload() -> UploadNotFound:
    return UploadNotFound("There is no such upload in progress; begin a new one.")


def _no_object(key: str) -> ObjectNotFound:
    return ObjectNotFound(f"There is no object {key}.")


def _is_object(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except _GONE:
        return False


def _note_path(path: Path) -> Path:
    return path.with_name(f"{_NOTE_MARK}{path.name}")


def _draft_note(path: Path, stored: StoredObject, content: os.stat_result) -> Path:
    note = {
        "content_type": stored.content_type,
        "etag": stored.etag,
        "size": content.st_size,
        "modified": content.st_mtime_ns,
    }
    return write_draft(path.parent, json.dumps(note).encode())


def _read_note(key: str, path: Path) -> StoredObject | None:
    """What the note says, or None when it was not written for the content that lies there."""
    try:
        note, content = json.loads(_note_path(path).read_bytes()), path.stat()
    except (FileNotFoundError, ValueError):
        return None
    if (note["size"], note["modified"]) != (content.st_size, content.st_mtime_ns):
        return None
    return StoredObject(key, content.st_size, note["etag"], note["content_type"])


def _renew_note(key: str, path: Path) -> StoredObject:
    """Hash the content again; the content type is taken from the outdated note, the best that is known."""
    content_type = "application/octet-stream"
    with suppress(FileNotFoundError, ValueError):
        content_type = json.loads(_note_path(path).read_bytes())["content_type"]
    with path.open("rb") as file:
        content = os.fstat(file.fileno())
        etag = hashlib.file_digest(file, "sha256").hexdigest()
    stored = StoredObject(key, content.st_size, etag, content_type)
    _draft_note(path, stored, content).replace(_note_path(path))
    return stored
