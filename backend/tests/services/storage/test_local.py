"""What only the local store does: traces on the disk, permissions, and crashes."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest

from app.services.storage.base import (
    KeyInvalid,
    ObjectTooLarge,
    PartsInvalid,
    RemovedMeanwhile,
    UploadNotFound,
)
from app.services.storage.providers.local import LocalObjectStore
from tests.services.storage.stores import stream

KEY = "orgs/o1/interviews/i1/recordings/r1"
BACKEND = Path(__file__).parents[3]
Left = Callable[[], list[str]]


class Disconnected(Exception):
    pass


def modes_beneath(root: Path) -> set[tuple[str, str]]:
    return {
        ("folder" if path.is_dir() else "file", oct(path.stat().st_mode & 0o777))
        for path in (root, *root.rglob("*"))
    }


async def broken_off(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * 700_000
    raise Disconnected


class TestContent:
    async def test_the_etag_is_the_sha256(self, disk_store: LocalObjectStore) -> None:
        stored = await disk_store.put(KEY, stream([b"ab", b"", b"c"]), content_type="a/b", max_bytes=3)
        assert stored.etag == hashlib.sha256(b"abc").hexdigest()

    async def test_parts_may_have_any_sizes(self, disk_store: LocalObjectStore) -> None:
        upload = await disk_store.create_multipart(KEY, "audio/webm")
        contents = [b"", b"first", b"x", b"the last one"]
        parts = [
            (n, (await disk_store.put_part(upload, n, stream([content]), 99)).etag)
            for n, content in enumerate(contents, 1)
        ]
        await disk_store.complete_multipart(KEY, upload, parts, 99)
        assert await disk_store.get_bytes(KEY) == b"".join(contents)


class TestTraces:
    @pytest.mark.parametrize("chunks", [0, 1, 5])
    async def test_an_interrupted_put_leaves_no_file_and_no_folder(
        self, disk_store: LocalObjectStore, left_on_disk: Left, chunks: int
    ) -> None:
        with pytest.raises(Disconnected):
            await disk_store.put(KEY, broken_off(chunks), content_type="audio/webm", max_bytes=10**9)
        assert left_on_disk() == []

    async def test_too_large_leaves_no_file_and_no_folder(
        self, disk_store: LocalObjectStore, left_on_disk: Left
    ) -> None:
        with pytest.raises(ObjectTooLarge):
            await disk_store.put(KEY, broken_off(9), content_type="audio/webm", max_bytes=4_000_000)
        assert left_on_disk() == []

    @pytest.mark.parametrize("by", ["task", "scope"])
    async def test_a_cancelled_put_leaves_no_file_and_no_folder(
        self, disk_store: LocalObjectStore, left_on_disk: Left, by: str
    ) -> None:
        """Cancelled natively (server shutdown) or by a scope (a timeout), in the middle of a write."""

        async def endless() -> AsyncIterator[bytes]:
            for _ in range(1500):
                yield b"x" * 2**20

        async def receive() -> None:
            with anyio.move_on_after(0.05 if by == "scope" else 60):
                await disk_store.put(KEY, endless(), content_type="audio/webm", max_bytes=2 * 10**9)
                raise AssertionError("the put ran to its end")

        task = asyncio.create_task(receive())
        await asyncio.wait({task}, timeout=0.05)
        if by == "task":
            task.cancel()
        await asyncio.wait({task})
        assert task.cancelled() is (by == "task")
        assert left_on_disk() == []

    async def test_an_interrupted_part_keeps_the_former(
        self, disk_store: LocalObjectStore, left_on_disk: Left
    ) -> None:
        upload = await disk_store.create_multipart(KEY, "audio/webm")
        part = await disk_store.put_part(upload, 1, stream([b"one"]), 3)
        before = left_on_disk()
        with pytest.raises(Disconnected):
            await disk_store.put_part(upload, 1, broken_off(3), 10**9)
        with pytest.raises(ObjectTooLarge):
            await disk_store.put_part(upload, 1, stream([b"four"]), 3)
        with pytest.raises(PartsInvalid):
            await disk_store.put_part(upload, 0, stream([b"one"]), 3)
        assert left_on_disk() == before
        assert await disk_store.list_parts(KEY, upload) == [part]

    async def test_completing_and_aborting_take_the_parts_away(
        self, disk_store: LocalObjectStore, left_on_disk: Left
    ) -> None:
        for number in (1, 2):
            upload = await disk_store.create_multipart(KEY, "audio/webm")
            part = await disk_store.put_part(upload, 1, stream([b"one"]), 3)
            if number == 1:
                await disk_store.complete_multipart(KEY, upload, [(1, part.etag)], 3)
            else:
                await disk_store.abort_multipart(KEY, upload)
        await disk_store.delete(KEY)
        assert left_on_disk() == []

    async def test_deleting_takes_empty_folders_away(
        self, disk_store: LocalObjectStore, left_on_disk: Left
    ) -> None:
        await disk_store.put_bytes(KEY, b"x", "text/plain")
        await disk_store.put_bytes("orgs/o1/interviews/i2/r", b"x", "text/plain")
        await disk_store.delete(KEY)
        assert not any("i1" in name for name in left_on_disk())
        assert await disk_store.delete_prefix("orgs/o1/") == 1
        assert left_on_disk() == []

    async def test_only_the_owner_may_look(self, disk_store: LocalObjectStore, root: Path) -> None:
        before = os.umask(0)
        try:
            await disk_store.put_bytes(KEY, b"x", "text/plain")
            upload = await disk_store.create_multipart(KEY, "text/plain")
            await disk_store.put_part(upload, 1, stream([b"x"]), 1)
        finally:
            os.umask(before)
        assert modes_beneath(root) == {("folder", "0o700"), ("file", "0o600")}

    async def test_an_object_is_no_folder(self, disk_store: LocalObjectStore) -> None:
        await disk_store.put_bytes("orgs/a/b", b"x", "text/plain")
        with pytest.raises(KeyInvalid):
            await disk_store.put_bytes("orgs/a", b"x", "text/plain")
        with pytest.raises(KeyInvalid):
            await disk_store.put_bytes("orgs/a/b/c", b"x", "text/plain")
        assert await disk_store.head("orgs/a") is None
        assert await disk_store.head("orgs/a/b/c") is None
        await disk_store.delete("orgs/a")
        assert await disk_store.delete_prefix("orgs/a/b/") == 0
        assert await disk_store.get_bytes("orgs/a/b") == b"x"


class TestWhileDeleting:
    async def test_an_upload_into_a_deleted_interview_fails_and_leaves_nothing(
        self, disk_store: LocalObjectStore, left_on_disk: Left
    ) -> None:
        async def deleted_on_the_way() -> AsyncIterator[bytes]:
            yield b"x" * 3_000_000
            assert await disk_store.delete_prefix("orgs/o1/interviews/i1/") == 0
            yield b"y"

        with pytest.raises(RemovedMeanwhile):
            await disk_store.put(KEY, deleted_on_the_way(), content_type="audio/webm", max_bytes=10**9)
        assert left_on_disk() == []

    async def test_a_part_of_an_aborted_upload_fails(
        self, disk_store: LocalObjectStore, left_on_disk: Left
    ) -> None:
        upload = await disk_store.create_multipart(KEY, "audio/webm")

        async def aborted_on_the_way() -> AsyncIterator[bytes]:
            yield b"x" * 3_000_000
            await disk_store.abort_multipart(KEY, upload)

        with pytest.raises(UploadNotFound):
            await disk_store.put_part(upload, 1, aborted_on_the_way(), 10**9)
        assert left_on_disk() == []

    async def test_puts_and_deletions_side_by_side_never_tear(self, disk_store: LocalObjectStore) -> None:
        async def put() -> None:
            for number in range(20):
                try:
                    await disk_store.put_bytes(KEY, bytes([number]) * 1000, "text/plain")
                except RemovedMeanwhile:
                    continue

        async def delete() -> None:
            for number in range(40):
                if number % 2:
                    await disk_store.delete(KEY)
                else:
                    await disk_store.delete_prefix("orgs/o1/")

        async with anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(put)
                group.start_soon(delete)
        stored = await disk_store.put_bytes(KEY, b"last", "text/plain")
        assert await disk_store.head(KEY) == stored

    async def test_a_reader_keeps_what_it_opened(self, disk_store: LocalObjectStore) -> None:
        await disk_store.put_bytes(KEY, b"a" * 600_000, "text/plain")
        reading = disk_store.read(KEY)
        content = await anext(reading)
        await disk_store.put_bytes(KEY, b"b", "text/plain")
        await disk_store.delete(KEY)
        assert content + b"".join([chunk async for chunk in reading]) == b"a" * 600_000


class TestAfterACrash:
    async def test_drafts_are_swept_when_they_are_old(
        self, disk_store: LocalObjectStore, root: Path, left_on_disk: Left
    ) -> None:
        """A process that dies in the middle of a put leaves its draft."""
        code = f"""
import anyio, os, sys
from pathlib import Path
from app.services.storage.providers.local import LocalObjectStore
async def dies():
    yield b"x" * 3_000_000
    await anyio.sleep(0.05)
    os._exit(9)
store = LocalObjectStore(Path({str(root)!r}), base_url="http://x", signer=None)
anyio.run(lambda: store.put({KEY!r}, dies(), content_type="audio/webm", max_bytes=10**9))
"""
        died = await anyio.run_process([sys.executable, "-c", code], cwd=BACKEND, check=False)
        assert died.returncode == 9
        assert any("/.t." in name for name in left_on_disk())
        assert await disk_store.head(KEY) is None
        await disk_store.abort_stale(timedelta(hours=1))
        assert any("/.t." in name for name in left_on_disk())
        await disk_store.abort_stale(timedelta(0))
        assert left_on_disk() == []

    async def test_content_without_its_note_is_described_again(self, disk_store: LocalObjectStore) -> None:
        stored = await disk_store.put_bytes(KEY, b"content", "audio/webm")
        path = disk_store.local_path(KEY)
        assert path is not None
        path.with_name(f".m.{path.name}").unlink()
        found = await disk_store.head(KEY)
        assert found is not None
        assert (found.size, found.etag) == (stored.size, stored.etag)
        assert found.content_type == "application/octet-stream"
        assert await disk_store.head(KEY) == found

    async def test_a_note_of_other_content_is_not_believed(self, disk_store: LocalObjectStore) -> None:
        """What a crash between the two renames leaves, and a backup restored without modification times."""
        await disk_store.put_bytes(KEY, b"former", "audio/webm")
        path = disk_store.local_path(KEY)
        assert path is not None
        other = await disk_store.put_bytes(f"{KEY}-other", b"newer!", "audio/webm")
        path.write_bytes(b"newer!")
        os.utime(path, (1, 1))
        found = await disk_store.head(KEY)
        assert found is not None
        assert (found.etag, found.content_type) == (other.etag, "audio/webm")

    async def test_a_part_replaced_but_not_yet_cleared_counts_once(
        self, disk_store: LocalObjectStore, root: Path
    ) -> None:
        upload = await disk_store.create_multipart(KEY, "audio/webm")
        part = await disk_store.put_part(upload, 1, stream([b"new"]), 3)
        (root / "uploads" / upload / f"00001.{1:020d}.{'0' * 64}").write_bytes(b"old")
        assert await disk_store.list_parts(KEY, upload) == [part]

    async def test_a_completion_that_dies_keeps_the_parts(
        self, disk_store: LocalObjectStore, root: Path, left_on_disk: Left
    ) -> None:
        upload = await disk_store.create_multipart(KEY, "audio/webm")
        parts = [
            (n, (await disk_store.put_part(upload, n, stream([bytes([n]) * 1_000_000]), 10**6)).etag)
            for n in (1, 2, 3)
        ]
        code = f"""
import anyio, os
from pathlib import Path
from app.services.storage.providers.drafts import Draft
from app.services.storage.providers.local import LocalObjectStore
append, calls = Draft.append, []
def dying(self, path):
    calls.append(path)
    if len(calls) == 3: os._exit(9)
    append(self, path)
Draft.append = dying
store = LocalObjectStore(Path({str(root)!r}), base_url="http://x", signer=None)
anyio.run(store.complete_multipart, {KEY!r}, {upload!r}, {parts!r}, 10**9)
"""
        died = await anyio.run_process([sys.executable, "-c", code], cwd=BACKEND, check=False)
        assert died.returncode == 9
        assert await disk_store.head(KEY) is None
        stored = await disk_store.complete_multipart(KEY, upload, parts, 10**9)
        assert stored.size == 3_000_000
        await disk_store.delete(KEY)
        await disk_store.abort_stale(timedelta(0))
        assert left_on_disk() == []


class TestCost:
    async def test_the_event_loop_stays_free_while_writing(
        self, disk_store: LocalObjectStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each call that can wait for the disk is held up until the loop has had a turn meanwhile."""
        turn = threading.Event()
        held: list[str] = []

        def hold(name: str) -> None:
            call = getattr(os, name)

            def held_up(*arguments: Any) -> Any:
                turn.clear()
                assert turn.wait(30), f"{name} holds the loop up"
                held.append(name)
                return call(*arguments)

            monkeypatch.setattr(os, name, held_up)

        async def take_turns() -> None:
            while True:
                await anyio.sleep(0.001)
                turn.set()

        async with anyio.create_task_group() as group:
            group.start_soon(take_turns)
            for name in ("write", "fsync", "replace", "rename", "link"):
                hold(name)
            chunks = (b"x" * 65_536 for _ in range(160))
            await disk_store.put(KEY, stream(chunks), content_type="audio/webm", max_bytes=10**9)
            monkeypatch.undo()
            group.cancel_scope.cancel()
        assert {"write", "fsync"} <= set(held)

    @pytest.mark.slow
    def test_half_a_gigabyte_in_constant_memory(self, root: Path) -> None:
        code = f"""
import anyio, resource
from pathlib import Path
from app.services.storage.providers.local import LocalObjectStore
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
store = LocalObjectStore(Path({str(root)!r}), base_url="http://x", signer=None)
async def chunks(count):
    for n in range(count): yield bytes([n % 251]) * 65_536
async def main():
    await store.put("warm", chunks(20), content_type="audio/webm", max_bytes=10**9)
    before = peak()
    stored = await store.put({KEY!r}, chunks(8_000), content_type="audio/webm", max_bytes=10**9)
    upload = await store.create_multipart("joined", "audio/webm")
    parts = [(n, (await store.put_part(upload, n, chunks(800), 10**9)).etag) for n in (1, 2)]
    await store.complete_multipart("joined", upload, parts, 10**9)
    async for _ in store.read({KEY!r}): pass
    print(stored.size, peak() - before)
anyio.run(main)
"""
        ran = subprocess.run(
            [sys.executable, "-c", code], cwd=BACKEND, check=True, capture_output=True, text=True
        )
        size, grown_kib = map(int, ran.stdout.split())
        assert size == 8_000 * 65_536
        assert grown_kib < 24 * 1024
