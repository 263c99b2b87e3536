"""What a backup says of itself, and the errors of making and restoring one.

manifest.json            written last: without it the backup was not finished
documents/<kind>.jsonl   one document a line, by rising key
objects.jsonl            one object a line: key, size, SHA-256, content type
objects/<key>            the objects as they are
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from app.core.errors import Conflict, InvalidInput, Unavailable
from app.repositories.base import Kind
from app.repositories.schema import SCHEMA_VERSION

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
OBJECT_INDEX: Final = "objects.jsonl"
OBJECTS: Final = "objects"
OBJECTS_PREFIX: Final = "orgs/"
"""Every key of the product is beneath it; what else a bucket holds is not ours."""
MISSING_NAMED: Final = 100


class TargetInUse(Conflict):
    code = "backup_target_in_use"


class BackupDamaged(InvalidInput):
    """`problems` has one line for each fault."""

    code = "backup_damaged"

    def __init__(self, detail: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(detail)
        self.problems = problems


class BackupTooNew(Conflict):
    code = "backup_too_new"


class InstallationNotEmpty(Conflict):
    code = "installation_not_empty"


class HalfRestored(Conflict):
    code = "half_restored"


class RestoreIncomplete(Unavailable):
    """What is stored is not what was restored. `problems` has one line for each difference."""

    code = "restore_incomplete"

    def __init__(self, detail: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(detail)
        self.problems = problems


class Watcher(Protocol):
    """Is told how far a part has come; `total` is None while nobody knows."""

    def __call__(self, part: str, done: int, total: int | None) -> None: ...


class _Described(BaseModel):
    model_config = ConfigDict(frozen=True)


class Part(_Described):
    """One file of lines."""

    file: str
    count: int
    bytes: int
    sha256: str


class ObjectLine(_Described):
    key: str
    size: int
    sha256: str
    content_type: str


class Manifest(_Described):
    format: int
    id: str
    release: str
    schema_version: int
    database: str
    begun_at: datetime
    finished_at: datetime
    documents: Mapping[Kind, Part]
    objects: Part | None
    """None: the objects were left out."""
    object_bytes: int = 0
    missing_objects: int = 0
    """How many objects a document refers to that were not in the store."""
    missing_keys: tuple[str, ...] = ()
    """The first of them."""


def documents_file(kind: Kind) -> str:
    return f"documents/{kind}.jsonl"


def read_manifest(folder: Path) -> Manifest:
    """Raises `BackupDamaged` when there is none that can be read, and `BackupTooNew`."""
    try:
        content = (folder / MANIFEST).read_bytes()
    except FileNotFoundError:
        raise BackupDamaged(
            f"{folder} is no finished backup: it has no {MANIFEST}, which is written last."
        ) from None
    try:
        # Looked at first: a newer format may have other fields.
        versions = _Versions.model_validate_json(content)
        if versions.format > FORMAT or versions.schema_version > SCHEMA_VERSION:
            raise BackupTooNew(
                f"The backup was written by a newer release of Debrief ({versions.release}): it has format "
                f"{versions.format} and schema {versions.schema_version}, and this release knows format {FORMAT} and "
                f"schema {SCHEMA_VERSION}. Restore it with that release."
            )
        return Manifest.model_validate_json(content)
    except ValidationError:
        raise BackupDamaged(f"{folder / MANIFEST} cannot be read.") from None


class _Versions(_Described):
    format: int
    schema_version: int
    release: str
