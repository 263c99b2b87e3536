"""Writing a backup while the installation may be at work.

A document is always whole. Kinds are written one after the other in an order in which nothing falls between two of
them (`ORDER`), and objects last.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from app.core.release import VERSION
from app.models.base import Stored, new_id, utc_now
from app.models.interview import Interview, Status
from app.repositories.base import Archive, Kind, Repositories
from app.repositories.schema import SCHEMA_VERSION
from app.services.backup.crew import for_each
from app.services.backup.documents import stored_documents, to_line
from app.services.backup.files import PrivateFile, private_folder, write_at_once
from app.services.backup.manifest import (
    FORMAT,
    MANIFEST,
    MISSING_NAMED,
    OBJECT_INDEX,
    OBJECTS,
    OBJECTS_PREFIX,
    Manifest,
    ObjectLine,
    Part,
    TargetInUse,
    Watcher,
    documents_file,
)
from app.services.backup.restoring import refuse_half_restored
from app.services.storage.base import ObjectNotFound, ObjectStore
from app.services.storage.service import interview_prefix

_HAND_OVER: Final = (
    Kind.INTERVIEWS,
    Kind.SCORECARD_REQUESTS,
    Kind.REVIEWS,
    Kind.SCORECARDS,
    Kind.ENDPOINTS,
    Kind.NOTICES,
    Kind.DELIVERIES,
    Kind.INBOX,
)
ORDER: Final = (*_HAND_OVER, *(kind for kind in reversed(Kind) if kind not in _HAND_OVER))
"""What hands something over before what it is handed to: the other way round, a message that leaves an outbox in between
would be in neither. Then what refers to others before those, so that they are at least as new as the reference."""


async def write_backup(
    folder: Path, repositories: Repositories, store: ObjectStore | None, watch: Watcher
) -> Manifest:
    """Write documents, and objects unless there is no `store`, to a new or empty folder.

    Raises `TargetInUse` and `HalfRestored`. What an error leaves has no manifest and counts as no backup.
    """
    await refuse_half_restored(repositories.archive)
    _take(folder)
    writing = _Writing(folder, repositories.archive, watch)
    documents = {kind: await writing.documents(kind) for kind in ORDER}
    objects = None if store is None else await writing.objects(store)
    missing = sorted(writing.missing) if store else []
    manifest = Manifest(
        format=FORMAT,
        id=new_id(),
        release=VERSION,
        schema_version=SCHEMA_VERSION,
        database=repositories.description,
        begun_at=writing.begun_at,
        finished_at=utc_now(),
        documents={kind: documents[kind] for kind in Kind},
        objects=objects,
        object_bytes=writing.object_bytes,
        missing_objects=len(missing),
        missing_keys=tuple(missing[:MISSING_NAMED]),
    )
    write_at_once(folder / MANIFEST, manifest.model_dump_json(indent=2).encode() + b"\n")
    return manifest


def _take(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise TargetInUse(f"{folder} is in use: name a folder that does not exist yet, or is empty.")
    private_folder(folder)
    folder.chmod(0o700)


class _Writing:
    def __init__(self, folder: Path, archive: Archive, watch: Watcher) -> None:
        self.begun_at: datetime = utc_now()
        self.missing: set[str] = set()
        """Keys that documents refer to and that were not found so far."""
        self.object_bytes = 0
        self._erased: set[str] = set()
        """Ids of interviews of which only a tombstone is left. That is no part of a backup, and what a worker may have
        written after the erasure neither: there would be nothing left that has it removed."""
        self._erased_prefixes: tuple[str, ...] = ()
        self._folder = folder
        self._archive = archive
        self._watch = watch

    async def documents(self, kind: Kind) -> Part:
        name = documents_file(kind)
        with PrivateFile(self._folder / name) as file:
            async for document in stored_documents(self._archive, kind):
                if self._is_erased(document):
                    continue
                file.write(to_line(document))
                self.missing |= _keys(document)
                self._watch(kind, file.digest.count, None)
        digest = file.digest
        return Part(file=name, count=digest.count, bytes=digest.bytes, sha256=digest.sha256)

    async def objects(self, store: ObjectStore) -> Part:
        with PrivateFile(self._folder / OBJECT_INDEX) as index:

            async def one(key: str) -> None:
                if key.startswith(self._erased_prefixes):
                    return
                if line := await self._object(store, key):
                    index.write(to_line_of(line))
                    self.missing.discard(key)
                    self.object_bytes += line.size
                    self._watch(OBJECTS, self.object_bytes, None)

            await for_each(store.list_keys(OBJECTS_PREFIX), one)
        digest = index.digest
        return Part(file=OBJECT_INDEX, count=digest.count, bytes=digest.bytes, sha256=digest.sha256)

    def _is_erased(self, document: Stored) -> bool:
        """Interviews come first: what belongs to them is looked at when all tombstones are known."""
        if isinstance(document, Interview):
            if document.status is not Status.DELETED:
                return False
            self._erased.add(document.id)
            self._erased_prefixes += (interview_prefix(document.organisation_id, document.id),)
            return True
        return getattr(document, "interview_id", None) in self._erased

    async def _object(self, store: ObjectStore, key: str) -> ObjectLine | None:
        path = self._folder / OBJECTS / key
        try:
            described = await store.head(key)
            if described is None:
                return None
            with PrivateFile(path) as file:
                async for chunk in store.read(key):
                    file.write(chunk)
        except ObjectNotFound:
            path.unlink(missing_ok=True)
            return None
        digest = file.digest
        return ObjectLine(
            key=key, size=digest.bytes, sha256=digest.sha256, content_type=described.content_type
        )


def to_line_of(line: ObjectLine) -> bytes:
    return line.model_dump_json().encode() + b"\n"


def _keys(document: Stored) -> set[str]:
    """The objects that a document refers to."""
    if not isinstance(document, Interview) or document.status is Status.DELETING:
        return set()
    recording, imported, job = document.recording, document.imported, document.transcription
    keys = (
        recording and recording.key,
        recording and recording.peaks_key,
        imported and imported.key,
        job and job.delivery_key,
        *(part.recording.key for part in document.parts),
    )
    return {key for key in keys if key}
