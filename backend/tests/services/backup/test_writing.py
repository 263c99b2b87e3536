"""A backup is whole, private, and made while the installation works."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.models.interview import RecordingPart, Status
from app.models.notification import Topic
from app.repositories.base import Archive, Archived, Expect, Kind
from app.repositories.schema import SCHEMA_VERSION
from app.services.backup.checking import check_backup
from app.services.backup.files import private_folder
from app.services.backup.manifest import HalfRestored, TargetInUse, read_manifest
from app.services.backup.writing import ORDER, write_backup
from app.services.storage.base import ObjectStore
from app.services.storage.service import recording_key
from tests.fixtures.documents import (
    NOON,
    a_delivery,
    a_notice,
    a_review,
    a_scorecard,
    a_scorecard_request,
    a_transcript,
    an_endpoint,
    an_inbox_item,
    an_interview,
    an_outbox_entry,
    minutes,
)
from tests.fixtures.everything import everything
from tests.services.backup.conftest import OBJECTS, RECORDING, Installation, OpenInstallation, unwatched

SAID = (Topic.SCORECARD_REQUESTED,)


def beneath(folder: Path) -> list[Path]:
    return list(folder.rglob("*"))


class TestContents:
    async def test_documents_are_lines_and_objects_are_files(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        async with installation("sqlite") as full:
            await full.fill()
            written = await full.back_up(folder)
        assert read_manifest(folder) == written
        assert written.schema_version == SCHEMA_VERSION
        counts = {kind: len(documents) for kind, documents in everything().items()}
        assert {k: part.count for k, part in written.documents.items()} == counts | {Kind.INTERVIEWS: 3}
        lines = (folder / "documents/interviews.jsonl").read_bytes().splitlines()
        assert [json.loads(line)["id"] for line in lines] == ["i1", "i2", "i3"]
        for key, (content, _) in OBJECTS.items():
            assert (folder / "objects" / key).read_bytes() == content
        assert written.objects is not None
        assert written.objects.count == len(OBJECTS)
        assert written.object_bytes == sum(len(content) for content, _ in OBJECTS.values())
        assert written.missing_objects == 0
        assert check_backup(folder, unwatched).manifest == written

    async def test_everything_is_for_its_owner_alone(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        async with installation("sqlite") as full:
            await full.fill()
            await full.back_up(folder)
        assert {(path.is_dir(), path.stat().st_mode & 0o777) for path in (folder, *beneath(folder))} == {
            (True, 0o700),
            (False, 0o600),
        }

    async def test_objects_can_be_left_out(self, installation: OpenInstallation, folder: Path) -> None:
        async with installation("sqlite") as full:
            await full.fill()
            written = await full.back_up(folder, objects=False)
        assert (written.objects, written.missing_objects) == (None, 0)
        assert not (folder / "objects").exists()
        check_backup(folder, unwatched)

    async def test_an_empty_installation_has_a_backup_too(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        async with installation("sqlite") as empty:
            written = await empty.back_up(folder)
        assert {part.count for part in written.documents.values()} == {0}
        check_backup(folder, unwatched)

    async def test_tickets_are_no_part_of_it(self, installation: OpenInstallation, folder: Path) -> None:
        async with installation("sqlite") as full:
            await full.fill()
            await full.back_up(folder)
        assert not [path for path in beneath(folder) if "ticket" in path.name]


class TestObjectsThatAreGone:
    async def test_those_that_documents_refer_to_are_named(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        async with installation("sqlite") as full:
            await full.fill()
            await full.store.delete(RECORDING)
            written = await full.back_up(folder)
        assert (written.missing_objects, written.missing_keys) == (1, (RECORDING,))
        check_backup(folder, unwatched)

    async def test_the_parts_of_a_joined_recording_are_among_them(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        async with installation("sqlite") as full:
            await full.fill()
            joined = await full.repositories.interviews("acme").get("i3")
            assert joined is not None and joined.recording is not None
            gone = recording_key("acme", "i3", "part")
            part = RecordingPart(id="p", recording=joined.recording.model_copy(update={"key": gone}))
            update = {"id": "i9", "idempotency_key": "i9", "parts": (part,)}
            await full.repositories.archive.put(Kind.INTERVIEWS, [joined.model_copy(update=update)])
            written = await full.back_up(folder)
        assert written.missing_keys == (gone,)

    async def test_one_that_goes_while_it_is_read_is_left_out(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        async with installation("sqlite") as full:
            await full.fill()
            store = Vanishing(full.store)
            written = await write_backup(folder, full.repositories, store, unwatched)  # type: ignore[arg-type]
        assert written.missing_keys == (RECORDING,)
        assert not (folder / "objects" / RECORDING).exists()
        check_backup(folder, unwatched)

    async def test_what_is_being_deleted_misses_nothing(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        async with installation("sqlite") as full:
            await full.fill()
            await full.store.delete(RECORDING)
            await full.repositories.jobs.compare_and_set("i3", Expect(), {"status": Status.DELETING})
            assert (await full.back_up(folder)).missing_objects == 0


class Vanishing:
    """A store in which the recording goes between its description and its content."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.head = store.head
        self.list_keys = store.list_keys

    async def read(self, key: str) -> AsyncIterator[bytes]:
        if key == RECORDING:
            await self._store.delete(key)
        async for chunk in self._store.read(key):
            yield chunk


class TestTarget:
    async def test_a_folder_in_use_is_left_alone(self, installation: OpenInstallation, folder: Path) -> None:
        private_folder(folder)
        (folder / "holiday.jpg").write_bytes(b"x")
        async with installation("sqlite") as full:
            for target in (folder, folder / "holiday.jpg"):
                with pytest.raises(TargetInUse):
                    await full.back_up(target)
        assert [path.name for path in beneath(folder)] == ["holiday.jpg"]

    async def test_a_half_restored_installation_is_not_backed_up(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        async with installation("sqlite") as half:
            await half.repositories.archive.begin_restore("b")
            with pytest.raises(HalfRestored):
                await half.back_up(folder)
        assert beneath(folder) == []


class Meanwhile:
    """An archive that has something happen before the first page of a kind is read."""

    def __init__(self, archive: Archive, moment: Kind, happens: Callable[[], Awaitable[object]]) -> None:
        self._archive = archive
        self._moment = moment
        self._happens = happens
        self.restoring = archive.restoring

    async def page(self, kind: Kind, *, after: str | None, limit: int) -> Sequence[Archived]:
        if kind is self._moment and after is None:
            await self._happens()
        return await self._archive.page(kind, after=after, limit=limit)


async def back_up_while(
    full: Installation, folder: Path, moment: Kind, happens: Callable[[], Awaitable[object]]
) -> dict[Kind, dict[str, Any]]:
    """The documents of the backup, by their ids."""
    of = full.repositories
    archive: Any = Meanwhile(of.archive, moment, happens)
    moving: Any = SimpleNamespace(archive=archive, description=of.description)
    await write_backup(folder, moving, full.store, unwatched)
    check_backup(folder, unwatched)
    lines = {kind: (folder / f"documents/{kind}.jsonl").read_bytes().splitlines() for kind in Kind}
    return {
        kind: {each.get("id", ""): each for each in map(json.loads, some)} for kind, some in lines.items()
    }


class TestNothingFallsBetweenTwoKinds:
    @pytest.mark.parametrize("moment", Kind)
    async def test_what_is_told_meanwhile(
        self, installation: OpenInstallation, folder: Path, moment: Kind
    ) -> None:
        async with installation("sqlite") as full:
            of = full.repositories
            entry = an_outbox_entry(id="e")
            await of.archive.put(Kind.INTERVIEWS, [an_interview(id="i", outbox=(entry,), outbox_at=NOON)])
            await of.notices.put(a_notice(id="n"))
            request = a_scorecard_request("i")
            await of.archive.put(Kind.SCORECARD_REQUESTS, [request])

            async def tell() -> None:
                for name in ("e", "n", "r"):
                    await of.deliveries("acme").put(a_delivery(id=name))
                    await of.inbox("acme").put(an_inbox_item(id=name))
                await of.jobs.outbox_remove("i", ["e"])
                await of.notices.delete("n")
                await of.archive.put(Kind.SCORECARD_REQUESTS, [request.model_copy(update={"told": SAID})])

            found = await back_up_while(full, folder, moment, tell)
        (asked,) = found[Kind.SCORECARD_REQUESTS].values()
        waiting = {
            "e": bool(found[Kind.INTERVIEWS]["i"]["outbox"]),
            "n": "n" in found[Kind.NOTICES],
            "r": not asked["told"],
        }
        for told in (found[Kind.DELIVERIES], found[Kind.INBOX]):
            assert {name for name, waits in waiting.items() if waits} | told.keys() == waiting.keys()

    @pytest.mark.parametrize("moment", Kind)
    async def test_what_somebody_does_meanwhile_and_is_told(
        self, installation: OpenInstallation, folder: Path, moment: Kind
    ) -> None:
        async with installation("sqlite") as full:
            of = full.repositories

            async def act() -> None:
                await of.notices.put(a_notice(id="n"))
                await of.archive.put(Kind.REVIEWS, [a_review("i")])
                await of.archive.put(Kind.SCORECARDS, [a_scorecard("i")])
                await of.archive.put(Kind.ENDPOINTS, [an_endpoint(id="e", enabled=False)])
                await of.deliveries("acme").put(a_delivery(id="n"))
                await of.notices.delete("n")

            found = await back_up_while(full, folder, moment, act)
        if any(found[kind] for kind in (Kind.REVIEWS, Kind.SCORECARDS, Kind.ENDPOINTS)):
            assert found[Kind.NOTICES] or found[Kind.DELIVERIES]

    def test_every_kind_is_written_once(self) -> None:
        assert sorted(ORDER) == sorted(Kind)


class TestTombstones:
    async def test_neither_they_nor_what_came_after_the_erasure_is_part_of_it(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        gone, going = an_interview(id="gone", status=Status.DELETED), an_interview(status=Status.DELETING)
        async with installation("sqlite") as full:
            await full.fill()
            await full.repositories.archive.put(Kind.INTERVIEWS, [gone, going])
            await full.repositories.archive.put(Kind.TRANSCRIPTS, [a_transcript("gone", id="late")])
            await full.store.put_bytes(recording_key("acme", "gone", "late"), b"x", "audio/webm")
            written = await full.back_up(folder)
        counts = {kind: len(documents) for kind, documents in everything().items()}
        assert {k: part.count for k, part in written.documents.items()} == counts | {Kind.INTERVIEWS: 4}
        assert "gone" not in "".join(path.read_text() for path in beneath(folder) if path.suffix == ".jsonl")
        assert not [path for path in beneath(folder) if path.name == "gone"]
        check_backup(folder, unwatched)


class TestWhileOthersWrite:
    async def test_every_document_is_whole_and_what_it_refers_to_is_there(
        self, installation: OpenInstallation, folder: Path
    ) -> None:
        async with installation("sqlite") as full:
            await full.fill()
            acme = full.repositories.interviews("acme")
            done = asyncio.Event()

            async def work() -> None:
                number = 0
                while not done.is_set():
                    number += 1
                    created = NOON + minutes(number)
                    await full.repositories.archive.put(Kind.ORGANISATIONS, [])
                    await acme.insert(an_interview(id=f"x{number:05}", created_at=created))
                    await acme.compare_and_set("i1", Expect(), {"title": f"Title {number}"})

            async with asyncio.TaskGroup() as group:
                group.create_task(work())
                await full.back_up(folder)
                done.set()
        checked = check_backup(folder, unwatched)
        assert checked.manifest.documents[Kind.INTERVIEWS].count >= 3
