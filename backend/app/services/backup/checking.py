"""Reading a whole backup again: is every part there, as it was written, and can it be read?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.core.errors import AppError
from app.repositories.base import Kind
from app.services.backup.documents import from_line, to_line
from app.services.backup.files import Digest, hashed_file, lines_of
from app.services.backup.manifest import (
    OBJECTS,
    BackupDamaged,
    Manifest,
    ObjectLine,
    Part,
    Watcher,
    read_manifest,
)
from app.services.storage.base import checked_key

_PROBLEMS_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Checked:
    manifest: Manifest
    documents: Mapping[Kind, Digest]
    """What the documents are as this release writes them: an older one's lack the fields that came since."""


@dataclass(slots=True)
class _Checking:
    folder: Path
    watch: Watcher
    problems: list[str] = field(default_factory=list)


def check_backup(folder: Path, watch: Watcher, *, with_objects: bool = True) -> Checked:
    """Raises `BackupDamaged` with all that is wrong, and `BackupTooNew`."""
    manifest = read_manifest(folder)
    checking = _Checking(folder, watch)
    documents = {kind: _check_documents(checking, kind, manifest.documents.get(kind)) for kind in Kind}
    if with_objects and manifest.objects is not None:
        _check_objects(checking, manifest, manifest.objects)
    if checking.problems:
        left_out = len(checking.problems) - _PROBLEMS_NAMED
        named = checking.problems[:_PROBLEMS_NAMED] + ([f"… and {left_out} more"] if left_out > 0 else [])
        raise BackupDamaged(f"{folder} is damaged: use another backup.", tuple(named))
    return Checked(manifest, documents)


def object_lines(folder: Path, manifest: Manifest) -> Iterator[ObjectLine]:
    if manifest.objects is not None:
        for line in lines_of(folder / manifest.objects.file):
            yield ObjectLine.model_validate_json(line)


def object_path(folder: Path, line: ObjectLine) -> Path:
    """Raises `KeyInvalid` for a key that would lead elsewhere."""
    return folder / OBJECTS / checked_key(line.key)


def _check_documents(checking: _Checking, kind: Kind, part: Part | None) -> Digest:
    """A kind that a former release did not know has no part, and no documents."""
    found, canonical = Digest(), Digest()
    if part is None:
        return canonical
    try:
        for line in lines_of(checking.folder / part.file):
            found.feed(line)
            canonical.feed(to_line(from_line(kind, line)))
            checking.watch(kind, found.count, part.count)
    except FileNotFoundError:
        checking.problems.append(f"{part.file} is missing")
        return canonical
    except ValueError:
        checking.problems.append(f"{part.file}: line {found.count} cannot be read")
        return canonical
    _compare(checking, part, found)
    return canonical


def _check_objects(checking: _Checking, manifest: Manifest, part: Part) -> None:
    try:
        index = Digest()
        for line in lines_of(checking.folder / part.file):
            index.feed(line)
        _compare(checking, part, index)
        done = 0
        for described in object_lines(checking.folder, manifest):
            _check_object(checking, described)
            done += described.size
            checking.watch(OBJECTS, done, manifest.object_bytes)
    except FileNotFoundError:
        checking.problems.append(f"{part.file} is missing")
    except (ValueError, AppError):
        checking.problems.append(f"{part.file} cannot be read")


def _check_object(checking: _Checking, line: ObjectLine) -> None:
    path = object_path(checking.folder, line)
    try:
        found = hashed_file(path)
    except OSError:
        checking.problems.append(f"{OBJECTS}/{line.key} is missing")
        return
    if (found.bytes, found.sha256) != (line.size, line.sha256):
        checking.problems.append(f"{OBJECTS}/{line.key} is not what was written")


def _compare(checking: _Checking, part: Part, found: Digest) -> None:
    if (found.count, found.bytes, found.sha256) != (part.count, part.bytes, part.sha256):
        checking.problems.append(f"{part.file} is not what was written")
