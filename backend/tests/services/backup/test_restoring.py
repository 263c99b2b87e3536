"""What was backed up is there again, in whichever database and store; what is there already is never overwritten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from app.models.base import Stored
from app.models.organisation import NotificationRule
from app.repositories.base import DatabaseUnavailable, Kind, Repositories
from app.services.backup.documents import stored_documents
from app.services.backup.manifest import BackupDamaged, InstallationNotEmpty, RestoreIncomplete
from app.services.backup.restoring import restore_backup
from app.services.storage.base import ObjectStore, StorageRejected
from tests.fixtures.documents import a_user, an_interview
from tests.fixtures.s3 import S3Bucket
from tests.services.backup.conftest import OBJECTS, RECORDING, Installation, OpenInstallation, unwatched
from tests.services.storage.stores import open_r2

WAYS = [("sqlite1", "sqlite2"), ("sqlite", "mongo"), ("mongo", "sqlite")]


async def contents(of: Installation) -> dict[str, Any]:
    archive = of.repositories.archive
    documents = {kind: [d async for d in stored_documents(archive, kind)] for kind in Kind}
    keys = [key async for key in of.store.list_keys("orgs/")]
    objects = {key: (await of.store.get_bytes(key), await content_type(of.store, key)) for key in keys}
    return {**documents, "objects": objects}


async def content_type(store: ObjectStore, key: str) -> str:
    described = await store.head(key)
    assert described is not None
    return described.content_type


class TestRoundTrip:
    @pytest.mark.parametrize(("origin", "target"), WAYS)
    async def test_everything_is_there_again(
        self, installation: OpenInstallation, folder: Path, tmp_path: Path, origin: str, target: str
    ) -> None:
        async with installation(origin) as full, installation(target) as empty:
            await full.fill()
            written = await full.back_up(folder)
            assert await empty.restore(folder) == written
            assert await contents(empty) == await contents(full)
            assert (await contents(empty))["objects"] == OBJECTS
            assert await empty.repositories.archive.restoring() is None
            again = await empty.back_up(tmp_path / "again")
            assert again.documents == written.documents

    async def test_into_a_bucket(
        self, installation: OpenInstallation, folder: Path, tmp_path: Path, s3_bucket: S3Bucket
    ) -> None:
        async with installation("sqlite1") as full, installation("sqlite2") as empty:
            await full.fill()
            await full.back_up(folder)
            empty.store = open_r2(s3_bucket, tmp_path)
            await empty.restore(folder)
            assert await contents(empty) == await contents(full)
            back = await empty.back_up(tmp_path / "again")
        assert back.object_bytes == sum(len(content) for content, _ in OBJECTS.values())

    async def test_without_objects(self, installation: OpenInstallation, folder: Path) -> None:
        async with installation("sqlite1") as full, installation("sqlite2") as empty:
            await full.fill()
            await full.back_up(folder)
            await empty.restore(folder, objects=False)
            assert (await contents(empty))["objects"] == {}
            assert await empty.repositories.interviews("acme").get("i3") is not None

    async def test_an_older_schema_gets_the_defaults_of_what_came_since(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        async with installation("sqlite1") as full, installation("sqlite2") as empty:
            await full.fill()
            await full.back_up(folder)
            as_of_schema_2(folder)
            await empty.restore(folder)
            acme = await empty.repositories.people.get_organisation("acme")
        assert acme is not None
        assert acme.notifications == NotificationRule()


def as_of_schema_2(folder: Path) -> None:
    """As a release would have written it whose organisations had no rule of notifications."""
    path = folder / "documents/organisations.jsonl"
    organisations = [json.loads(line) for line in path.read_bytes().splitlines()]
    for each in organisations:
        del each["notifications"]
    content = "".join(json.dumps(each) + "\n" for each in organisations).encode()
    path.write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["schema_version"] = 2
    part = manifest["documents"]["organisations"]
    part |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest))


class TestRefusals:
    @pytest.mark.parametrize("target", ["sqlite2", "mongo"])
    async def test_an_installation_with_anything_in_it_is_left_alone(
        self, installation: OpenInstallation, folder: Path, target: str
    ) -> None:
        async with installation("sqlite") as full, installation(target) as other:
            await full.fill()
            await full.back_up(folder)
            await other.repositories.people.insert_user(a_user(id="me"))
            before = await contents(other)
            with pytest.raises(InstallationNotEmpty, match="empty installation"):
                await other.restore(folder)
            assert await contents(other) == before
            assert await other.repositories.archive.restoring() is None

    @pytest.mark.parametrize("target", ["sqlite2", "mongo"])
    async def test_what_somebody_began_while_the_backup_was_checked_is_left_alone(
        self, installation: OpenInstallation, folder: Path, target: str
    ) -> None:
        async with installation("sqlite") as full, installation(target) as other:
            await full.fill()
            await full.back_up(folder)
            people = other.repositories.people
            taken: Any = TakenMeanwhile(other.repositories, lambda: people.insert_user(a_user(id="me")))
            with pytest.raises(InstallationNotEmpty, match="stop the server"):
                await restore_backup(folder, taken, other.store, unwatched)
            assert [len(found) for found in (await contents(other)).values() if found] == [1]
            assert await other.repositories.archive.restoring() is None

    async def test_of_two_restores_at_once_one_gives_way(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        async with installation("sqlite1") as full, installation("sqlite2") as empty:
            await full.fill()
            await full.back_up(folder)
            archive = empty.repositories.archive
            taken: Any = TakenMeanwhile(empty.repositories, lambda: archive.begin_restore("another"))
            with pytest.raises(InstallationNotEmpty, match="Another restore"):
                await restore_backup(folder, taken, empty.store, unwatched)
            assert await archive.is_empty()
            assert await archive.restoring() == "another"

    async def test_a_damaged_backup_writes_nothing(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        async with installation("sqlite1") as full, installation("sqlite2") as empty:
            await full.fill()
            await full.back_up(folder)
            (folder / "objects" / RECORDING).write_bytes(b"other")
            with pytest.raises(BackupDamaged):
                await empty.restore(folder)
            assert await empty.repositories.archive.is_empty()
            assert await empty.repositories.archive.restoring() is None

    async def test_another_object_under_the_same_key_is_never_overwritten(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        async with installation("sqlite1") as full, installation("sqlite2") as empty:
            await full.fill()
            await full.back_up(folder)
            await empty.store.put_bytes(RECORDING, b"mine", "audio/webm")
            with pytest.raises(InstallationNotEmpty, match="--no-objects"):
                await empty.restore(folder)
            assert await empty.store.get_bytes(RECORDING) == b"mine"
            assert await empty.repositories.archive.is_empty()
            assert await empty.repositories.archive.restoring() is None
            await empty.restore(folder, objects=False)
            assert await empty.store.get_bytes(RECORDING) == b"mine"

    async def test_the_same_object_may_be_there(self, installation: OpenInstallation, folder: Path) -> None:
        async with installation("sqlite1") as full, installation("sqlite2") as empty:
            await full.fill()
            await full.back_up(folder)
            empty.store = full.store
            await empty.restore(folder)
            assert await contents(empty) == await contents(full)


class Breaking:
    """An archive whose database goes away at the first document of a kind."""

    def __init__(self, repositories: Repositories, kind: Kind | None) -> None:
        self._kind = kind
        self.archive = self
        self.description = repositories.description
        self.database_name = repositories.database_name
        of = repositories.archive
        self._put = of.put
        self.page, self.is_empty = of.page, of.is_empty
        self.restoring, self.begin_restore, self.end_restore = (
            of.restoring,
            of.begin_restore,
            of.end_restore,
        )

    async def put(self, kind: Kind, documents: Sequence[Stored]) -> None:
        if kind is self._kind:
            raise DatabaseUnavailable("gone")
        await self._put(kind, documents)


class TakenMeanwhile(Breaking):
    """An archive in which something happens as soon as it was found to be empty."""

    def __init__(self, repositories: Repositories, happens: Callable[[], Awaitable[object]]) -> None:
        super().__init__(repositories, None)
        self._happens = happens
        self._looked = repositories.archive.is_empty
        self.is_empty = self._empty_once

    async def _empty_once(self) -> bool:
        was_empty = await self._looked()
        if was_empty:
            await self._happens()
        return was_empty


class TestInterrupted:
    @pytest.mark.parametrize("target", ["sqlite2", "mongo"])
    @pytest.mark.parametrize("kind", [Kind.ORGANISATIONS, Kind.TRANSCRIPTS, Kind.DELIVERIES])
    async def test_it_is_run_again_and_all_is_there(
        self, installation: OpenInstallation, folder: Path, target: str, kind: Kind
    ) -> None:
        async with installation("sqlite") as full:
            await full.fill()
            written = await full.back_up(folder)
            expected = await contents(full)
        async with installation(target) as empty:
            breaking: Any = Breaking(empty.repositories, kind)
            with pytest.raises(DatabaseUnavailable):
                await restore_backup(folder, breaking, empty.store, unwatched)
            assert await empty.repositories.archive.restoring() == written.id
        async with installation(target) as again:
            await again.restore(folder)
            assert await contents(again) == expected
            assert await again.repositories.archive.restoring() is None

    async def test_nothing_is_due_before_what_it_needs_is_there(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        async with installation("sqlite1") as full, installation("sqlite2") as empty:
            await full.fill()
            await full.back_up(folder)
            breaking: Any = Breaking(empty.repositories, Kind.INTERVIEWS)
            with pytest.raises(DatabaseUnavailable):
                await restore_backup(folder, breaking, empty.store, unwatched)
            found = await contents(empty)
        assert found["objects"] == OBJECTS
        assert [len(found[kind]) for kind in (Kind.TRANSCRIPTS, Kind.INTERVIEWS, Kind.DELIVERIES)] == [
            2,
            0,
            0,
        ]

    async def test_an_object_that_came_half_is_written_anew(
        self, installation: OpenInstallation, folder: Path, s3_bucket: S3Bucket, tmp_path: Path
    ) -> None:
        async with installation("sqlite1") as full, installation("sqlite2") as empty:
            await full.fill()
            written = await full.back_up(folder)
            empty.store = open_r2(s3_bucket, tmp_path)
            s3_bucket.server.fault = lambda seen: (403, "AccessDenied") if seen.method == "PUT" else None
            with pytest.raises(StorageRejected):
                await empty.restore(folder)
            s3_bucket.server.fault = None
            await empty.store.put_bytes(RECORDING, b"half", "audio/webm")
            assert await empty.repositories.archive.restoring() == written.id
            await empty.restore(folder)
            assert await contents(empty) == await contents(full)

    async def test_one_without_objects_does_not_make_those_of_others_ours(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        async with installation("sqlite1") as full, installation("sqlite2") as empty:
            await full.fill()
            await full.back_up(folder)
            await empty.store.put_bytes(RECORDING, b"mine", "audio/webm")
            breaking: Any = Breaking(empty.repositories, Kind.INTERVIEWS)
            with pytest.raises(DatabaseUnavailable):
                await restore_backup(folder, breaking, None, unwatched)
            with pytest.raises(InstallationNotEmpty, match="--no-objects"):
                await empty.restore(folder)
            assert await empty.store.get_bytes(RECORDING) == b"mine"
            await empty.restore(folder, objects=False)
            assert await empty.store.get_bytes(RECORDING) == b"mine"
            assert await empty.repositories.archive.restoring() is None

    async def test_objects_of_ours_stay_ours_when_it_goes_on_without_them(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        async with installation("sqlite1") as full, installation("sqlite2") as empty:
            await full.fill()
            await full.back_up(folder)
            breaking: Any = Breaking(empty.repositories, Kind.ORGANISATIONS)
            for store in (None, empty.store, None):
                with pytest.raises(DatabaseUnavailable):
                    await restore_backup(folder, breaking, store, unwatched)
            await empty.store.put_bytes(RECORDING, b"half", "audio/webm")
            await empty.restore(folder)
            assert await contents(empty) == await contents(full)

    async def test_another_backup_is_not_restored_over_it(
        self, installation: OpenInstallation, folder: Path, tmp_path: Path
    ) -> None:
        async with installation("sqlite1") as full, installation("sqlite2") as empty:
            await full.fill()
            await full.back_up(folder)
            await full.back_up(tmp_path / "tuesday")
            breaking: Any = Breaking(empty.repositories, Kind.INTERVIEWS)
            with pytest.raises(DatabaseUnavailable):
                await restore_backup(folder, breaking, empty.store, unwatched)
            with pytest.raises(InstallationNotEmpty, match=r"another backup .* empty database"):
                await empty.restore(tmp_path / "tuesday")

    async def test_what_somebody_else_wrote_meanwhile_is_told(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        async with installation("sqlite1") as full, installation("sqlite2") as empty:
            await full.fill()
            written = await full.back_up(folder)
            await empty.repositories.archive.begin_restore(written.id)
            await empty.repositories.interviews("acme").insert(an_interview(id="mine"))
            with pytest.raises(RestoreIncomplete) as caught:
                await empty.restore(folder)
            assert [problem.split(":")[0] for problem in caught.value.problems] == ["interviews"]
            assert await empty.repositories.archive.restoring() == written.id
