"""Restoring a backup into an empty installation, of either database and either store.

The database notes which backup is being restored, and whether with its objects, until all is there and was read again.
An interrupted restore is run again: it writes everything once more, and leaves the objects that are there already.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from app.repositories.base import Archive, Kind, Repositories
from app.services.backup.checking import Checked, check_backup, object_lines, object_path
from app.services.backup.crew import for_each
from app.services.backup.documents import batches, stored_documents, to_line
from app.services.backup.files import Digest, hashed_object, lines_of, streamed
from app.services.backup.manifest import (
    OBJECTS,
    HalfRestored,
    InstallationNotEmpty,
    Manifest,
    ObjectLine,
    RestoreIncomplete,
    Watcher,
)
from app.services.storage.base import ObjectNotFound, ObjectStore

_WITHOUT_OBJECTS: Final = " without objects"
"""Follows the backup's id in the note: what stands in the object store then is not from this restore."""


async def refuse_half_restored(archive: Archive) -> None:
    """Raises `HalfRestored`: whoever works on it now would act on half, and change what the restore compares."""
    if await archive.restoring() is not None:
        raise HalfRestored(
            "This installation is half restored: a restore was begun and did not end. Run it again until it ends, or "
            "begin with an empty database (a new DATA_DIR, or a new DATABASE_NAME)."
        )


async def restore_backup(
    folder: Path, repositories: Repositories, store: ObjectStore | None, watch: Watcher
) -> Manifest:
    """Check the backup, write all of it (no objects without a `store`), and read again what was written.

    Raises `BackupDamaged` and `BackupTooNew` before anything is written, `InstallationNotEmpty`, `RestoreIncomplete`.
    """
    archive = repositories.archive
    # Asked first: to read terabytes only to refuse then would be unkind.
    begun = await _begun(repositories)
    checked = check_backup(folder, watch, with_objects=store is not None)
    manifest = checked.manifest
    without_objects = manifest.id + _WITHOUT_OBJECTS
    if begun not in (None, manifest.id, without_objects):
        raise InstallationNotEmpty(
            "The restore of another backup was begun here and not finished. Finish that one, or begin with an empty "
            "database."
        )
    if begun != manifest.id and store is not None:
        await _refuse_others_objects(folder, manifest, store)
    # Asked again: all that was read took its time, and somebody may have begun to work here meanwhile.
    if await _begun(repositories) != begun:
        raise InstallationNotEmpty("Another restore was begun here a moment ago. Let one of them end.")
    # Once there may be objects of ours, it stays noted.
    has_objects = store is not None or begun == manifest.id
    await archive.begin_restore(manifest.id if has_objects else without_objects)
    for kind in Kind:
        # From here on workers would have something to do: what they read is there by now.
        if kind is Kind.INTERVIEWS and store is not None:
            await _put_objects(folder, manifest, store, watch)
        await _put_documents(folder, manifest, archive, kind, watch)
    await _check_stored(folder, checked, archive, store, watch)
    await archive.end_restore()
    return manifest


async def _begun(repositories: Repositories) -> str | None:
    """What is noted of the restore that was begun here; None when the database is empty.

    Raises `InstallationNotEmpty` when it holds anything else.
    """
    begun = await repositories.archive.restoring()
    if begun is None and not await repositories.archive.is_empty():
        raise InstallationNotEmpty(
            f"There are documents in {repositories.database_name} ({repositories.description}) already. Restore into "
            "an empty installation: name a new DATA_DIR, or a new DATABASE_NAME, and stop the server meanwhile."
        )
    return begun


async def _put_documents(
    folder: Path, manifest: Manifest, archive: Archive, kind: Kind, watch: Watcher
) -> None:
    part = manifest.documents.get(kind)
    if part is None:
        return
    done = 0
    for batch in batches(kind, lines_of(folder / part.file)):
        await archive.put(kind, batch)
        done += len(batch)
        watch(f"write {kind}", done, part.count)


async def _refuse_others_objects(folder: Path, manifest: Manifest, store: ObjectStore) -> None:
    async def look(line: ObjectLine) -> None:
        if await store.head(line.key) is not None and not await _is_same(store, line):
            raise InstallationNotEmpty(
                f"The object store holds something else under {line.key}. Restore into an empty store, or leave "
                "the objects out with --no-objects."
            )

    await for_each(object_lines(folder, manifest), look)


async def _put_objects(folder: Path, manifest: Manifest, store: ObjectStore, watch: Watcher) -> None:
    done = 0

    async def put(line: ObjectLine) -> None:
        nonlocal done
        if await store.head(line.key) is None or not await _is_same(store, line):
            content = streamed(object_path(folder, line))
            await store.put(line.key, content, content_type=line.content_type, max_bytes=line.size)
        done += line.size
        watch(f"write {OBJECTS}", done, manifest.object_bytes)

    await for_each(object_lines(folder, manifest), put)


async def _check_stored(
    folder: Path, checked: Checked, archive: Archive, store: ObjectStore | None, watch: Watcher
) -> None:
    problems: list[str] = []
    for kind, expected in checked.documents.items():
        found = Digest()
        async for document in stored_documents(archive, kind):
            found.feed(to_line(document))
            watch(f"check {kind}", found.count, expected.count)
        if (found.count, found.sha256) != (expected.count, expected.sha256):
            problems.append(f"{kind}: {found.count} of {expected.count} stored, or not the same")
    if store is not None:
        problems += await _objects_not_stored(folder, checked.manifest, store, watch)
    if problems:
        raise RestoreIncomplete(
            "What is stored now is not what was restored. Was a server or a worker running meanwhile? Stop it, and run "
            "the restore again.",
            tuple(problems[:20]),
        )


async def _objects_not_stored(
    folder: Path, manifest: Manifest, store: ObjectStore, watch: Watcher
) -> list[str]:
    problems: list[str] = []
    done = 0

    async def check(line: ObjectLine) -> None:
        nonlocal done
        if not await _is_same(store, line):
            problems.append(f"{OBJECTS}/{line.key} is missing or not the same")
        done += line.size
        watch(f"check {OBJECTS}", done, manifest.object_bytes)

    await for_each(object_lines(folder, manifest), check)
    return problems


async def _is_same(store: ObjectStore, line: ObjectLine) -> bool:
    try:
        found = await hashed_object(store, line.key)
    except ObjectNotFound:
        return False
    return (found.bytes, found.sha256) == (line.size, line.sha256)
