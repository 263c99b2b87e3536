"""Installations to back up and to restore to: a database and a store of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.models.interview import ImportedTranscript, Recording, Status
from app.repositories.base import Kind, Repositories
from app.repositories.factory import open_repositories
from app.services.backup.manifest import Manifest
from app.services.backup.restoring import restore_backup
from app.services.backup.writing import write_backup
from app.services.storage.base import ObjectStore
from app.services.storage.service import import_key, peaks_key, recording_key
from tests.fixtures.documents import NOON, an_interview
from tests.fixtures.everything import fill
from tests.services.storage.stores import open_local

RECORDING = recording_key("acme", "i3", "r")
OBJECTS = {
    RECORDING: (bytes(range(256)) * 9_000, "audio/webm"),
    peaks_key("acme", "i3"): (b'{"peaks": []}', "application/json"),
    import_key("acme", "i3", "ü 7"): ("Zoë: ja".encode(), "text/vtt"),
}


@dataclass
class Installation:
    repositories: Repositories
    store: ObjectStore

    async def fill(self) -> None:
        """A document of every kind, and one interview with objects."""
        await fill(self.repositories.archive)
        recording = Recording(
            key=RECORDING,
            upload_id=None,
            filename="a.webm",
            content_type="audio/webm",
            size=1,
            etag="e",
            container="webm",
            duration=1.0,
            channels=1,
            sample_rate=16_000,
            has_video=False,
            peaks_key=peaks_key("acme", "i3"),
            uploaded_at=NOON,
        )
        imported = ImportedTranscript(
            key=import_key("acme", "i3", "ü 7"), filename="t.vtt", size=9, uploaded_at=NOON
        )
        interview = an_interview(id="i3", status=Status.DONE, recording=recording, imported=imported)
        await self.repositories.archive.put(Kind.INTERVIEWS, [interview])
        for key, (content, content_type) in OBJECTS.items():
            await self.store.put_bytes(key, content, content_type)

    async def back_up(self, folder: Path, *, objects: bool = True) -> Manifest:
        return await write_backup(folder, self.repositories, self.store if objects else None, unwatched)

    async def restore(self, folder: Path, *, objects: bool = True) -> Manifest:
        return await restore_backup(folder, self.repositories, self.store if objects else None, unwatched)


def unwatched(part: str, done: int, total: int | None) -> None:
    assert part
    assert done >= 0
    # There may be more than was written: then more is done than there is in all.
    assert total is None or total >= 0


OpenInstallation = Callable[[str], AbstractAsyncContextManager[Installation]]


@pytest.fixture
def installation(tmp_path: Path, request: pytest.FixtureRequest) -> OpenInstallation:
    """Opens the installation of a name: `sqlite…` or `mongo…`, of which there is one. Opening it again is a restart."""

    @asynccontextmanager
    async def open_one(name: str) -> AsyncIterator[Installation]:
        place = tmp_path / name
        url, database = None, "unused"
        if name.startswith("mongo"):
            url = request.getfixturevalue("mongodb_url")
            database = request.getfixturevalue("mongodb_name")
        async with open_repositories(url, database, place) as repositories:
            yield Installation(repositories, open_local(place / "objects"))

    return open_one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "monday"
