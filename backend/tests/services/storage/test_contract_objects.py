"""What every store promises about whole objects."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import RangeNotSatisfiable
from app.services.storage.base import (
    KeyInvalid,
    ObjectNotFound,
    ObjectStore,
    ObjectTooLarge,
    StoredObject,
    UploadNotFound,
)
from app.services.storage.service import import_key, interview_prefix, peaks_key, recording_key
from tests.services.storage.stores import Subject, collect, files_beneath, stream

KEY = "orgs/o1/interviews/i1/recordings/r1"
SAME_SUBJECT = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Disconnected(Exception):
    pass


async def broken_off(data: bytes) -> AsyncIterator[bytes]:
    yield data
    raise Disconnected


class TestProbe:
    async def test_a_store_that_works_leaves_no_trace_of_it(self, store: ObjectStore, root: Path) -> None:
        free = await store.probe()
        assert free is None or free > 0
        await store.put_bytes(KEY, b"content", "text/plain")
        before = files_beneath(root)
        await store.probe()
        assert files_beneath(root) == before


class TestPut:
    async def test_gives_size_and_type(self, store: ObjectStore) -> None:
        stored = await store.put(KEY, stream([b"ab", b"", b"c"]), content_type="audio/webm", max_bytes=3)
        assert stored == StoredObject(KEY, 3, stored.etag, "audio/webm")
        assert await store.head(KEY) == stored
        assert await store.get_bytes(KEY) == b"abc"

    async def test_nothing_is_an_object_too(self, store: ObjectStore) -> None:
        stored = await store.put(KEY, stream([]), content_type="text/plain", max_bytes=0)
        assert stored.size == 0
        assert await store.get_bytes(KEY) == b""

    @pytest.mark.parametrize("sizes", [[2**20], [2**20 - 1, 2], [3 * 2**20 + 5], [65_536] * 50, [1] * 10_000])
    async def test_chunks_of_any_size_keep_their_order(self, store: ObjectStore, sizes: list[int]) -> None:
        chunks = [bytes([n % 251]) * size for n, size in enumerate(sizes)]
        await store.put(KEY, stream(chunks), content_type="audio/mpeg", max_bytes=sum(sizes))
        assert await store.get_bytes(KEY) == b"".join(chunks)

    async def test_an_etag_names_the_content(self, store: ObjectStore) -> None:
        first = await store.put_bytes(KEY, b"content", "text/plain")
        same = await store.put(f"{KEY}0", stream([b"con", b"tent"]), content_type="a/b", max_bytes=7)
        other = await store.put_bytes(KEY, b"Content", "text/plain")
        assert first.etag == same.etag
        assert first.etag != other.etag
        assert '"' not in first.etag

    async def test_replaces_content_and_type(self, store: ObjectStore) -> None:
        await store.put_bytes(KEY, b"before", "text/plain")
        after = await store.put_bytes(KEY, b"now", "audio/mpeg")
        assert await store.head(KEY) == after
        assert await store.get_bytes(KEY) == b"now"

    async def test_survives_a_restart(self, subject: Subject, store: ObjectStore, root: Path) -> None:
        stored = await store.put_bytes(KEY, b"kept", "text/plain")
        assert await subject.open(root).head(KEY) == stored

    async def test_one_byte_too_many_leaves_nothing(self, store: ObjectStore) -> None:
        with pytest.raises(ObjectTooLarge) as refused:
            await store.put(KEY, stream([b"abc", b"d"]), content_type="text/plain", max_bytes=3)
        assert refused.value.extra == {"max_bytes": 3}
        assert await store.head(KEY) is None

    async def test_a_disconnect_passes_through_and_leaves_nothing(self, store: ObjectStore) -> None:
        with pytest.raises(Disconnected):
            await store.put(KEY, broken_off(b"x" * 3_000_000), content_type="text/plain", max_bytes=10**9)
        assert await store.head(KEY) is None

    async def test_a_failed_replacement_keeps_what_was_there(self, store: ObjectStore) -> None:
        before = await store.put_bytes(KEY, b"before", "text/plain")
        with pytest.raises(Disconnected):
            await store.put(KEY, broken_off(b"half"), content_type="audio/mpeg", max_bytes=100)
        assert await store.head(KEY) == before
        assert await store.get_bytes(KEY) == b"before"

    async def test_a_cancelled_put_leaves_nothing(self, store: ObjectStore) -> None:
        waiting = anyio.Event()

        async def stalled() -> AsyncIterator[bytes]:
            yield b"x" * 3_000_000
            waiting.set()
            await anyio.sleep_forever()

        async def receive() -> None:
            await store.put(KEY, stalled(), content_type="text/plain", max_bytes=10**9)

        async with anyio.create_task_group() as group:
            group.start_soon(receive)
            await waiting.wait()
            group.cancel_scope.cancel()
        assert await store.head(KEY) is None

    async def test_a_hundred_at_once(self, store: ObjectStore) -> None:
        stored: dict[int, StoredObject] = {}

        async def send(number: int) -> None:
            chunks = stream([bytes([number]) * 40_000] * 5)
            key = f"orgs/o1/interviews/i{number}/recordings/r"
            stored[number] = await store.put(key, chunks, content_type="audio/webm", max_bytes=200_000)

        async with anyio.create_task_group() as group:
            for number in range(100):
                group.start_soon(send, number)
        for number, found in stored.items():
            assert await store.get_bytes(found.key) == bytes([number]) * 200_000
            assert await store.head(found.key) == found
        assert len(stored) == 100

    async def test_of_many_for_one_key_one_wins_whole(self, store: ObjectStore) -> None:
        async with anyio.create_task_group() as group:
            for number in range(20):
                group.start_soon(store.put_bytes, KEY, bytes([number]) * 100_000, f"audio/x-{number}")
        content, found = await store.get_bytes(KEY), await store.head(KEY)
        assert content == content[:1] * 100_000
        assert found is not None
        assert (found.size, found.content_type) == (100_000, f"audio/x-{content[0]}")


class TestRead:
    @SAME_SUBJECT
    @given(data=st.data())
    async def test_a_range_is_a_slice(self, subject: Subject, data: st.DataObject) -> None:
        content = data.draw(st.binary(max_size=300)) * data.draw(st.sampled_from([1, 3000]))
        start = data.draw(st.integers(0, len(content) + 10))
        end = data.draw(st.none() | st.integers(start, len(content) + 10))
        with tempfile.TemporaryDirectory() as root:
            store = subject.open(Path(root))
            await store.put_bytes(KEY, content, "text/plain")
            assert await collect(store.read(KEY, start=start, end=end)) == content[start:end]

    @pytest.mark.parametrize(("start", "end"), [(-1, None), (5, 4), (0, -1)])
    async def test_a_range_that_makes_no_sense_is_refused(
        self, store: ObjectStore, start: int, end: int | None
    ) -> None:
        await store.put_bytes(KEY, b"0123456789", "text/plain")
        with pytest.raises(RangeNotSatisfiable):
            await collect(store.read(KEY, start=start, end=end))

    async def test_chunks_are_small(self, store: ObjectStore) -> None:
        await store.put_bytes(KEY, b"x" * 1_000_000, "text/plain")
        assert {len(chunk) async for chunk in store.read(KEY)} == {262_144, 1_000_000 % 262_144}

    async def test_what_is_not_there(self, store: ObjectStore) -> None:
        with pytest.raises(ObjectNotFound):
            await collect(store.read(KEY))
        with pytest.raises(ObjectNotFound):
            await store.get_bytes(KEY)
        with pytest.raises(ObjectNotFound):
            async with store.as_file(KEY):
                pass
        assert await store.head(KEY) is None

    async def test_as_a_file(self, store: ObjectStore) -> None:
        await store.put_bytes(KEY, b"content", "text/plain")
        async with store.as_file(KEY) as path:
            assert path.read_bytes() == b"content"
        await store.put_bytes(KEY, b"", "text/plain")
        async with store.as_file(KEY) as path:
            assert path.read_bytes() == b""


class TestDelete:
    async def test_removes_one_and_does_not_mind_none(self, store: ObjectStore) -> None:
        await store.put_bytes(KEY, b"x", "text/plain")
        await store.put_bytes(f"{KEY}0", b"y", "text/plain")
        await store.delete(KEY)
        await store.delete(KEY)
        assert await store.head(KEY) is None
        assert await store.get_bytes(f"{KEY}0") == b"y"

    async def test_a_prefix_takes_its_folder_and_no_neighbour(self, store: ObjectStore) -> None:
        ours = [recording_key("a", "1", "r1"), recording_key("a", "1", "r2"), peaks_key("a", "1")]
        others = [recording_key("a", "10", "r1"), peaks_key("a", "2"), peaks_key("b", "1")]
        for key in (*ours, *others):
            await store.put_bytes(key, b"x", "text/plain")
        assert await store.delete_prefix(interview_prefix("a", "1")) == 3
        assert [key for key in (*ours, *others) if await store.head(key)] == others
        assert await store.delete_prefix(interview_prefix("a", "1")) == 0

    async def test_a_prefix_takes_unfinished_uploads_and_does_not_count_them(
        self, subject: Subject, store: ObjectStore
    ) -> None:
        upload = await store.create_multipart(KEY, "audio/webm")
        await subject.send_part(store, KEY, upload, 1, b"x")
        other = await store.create_multipart("orgs/o1/interviews/i10/r", "audio/webm")
        assert await store.delete_prefix("orgs/o1/interviews/i1/") == 0
        with pytest.raises(UploadNotFound):
            await store.list_parts(KEY, upload)
        assert await store.list_parts("orgs/o1/interviews/i10/r", other) == []

    @pytest.mark.parametrize("prefix", ["", "/", "orgs/a/interviews/1", "orgs/../a/", "orgs//"])
    async def test_a_prefix_that_is_no_folder_is_refused(self, store: ObjectStore, prefix: str) -> None:
        with pytest.raises(KeyInvalid):
            await store.delete_prefix(prefix)

    async def test_a_key_can_be_used_again(self, store: ObjectStore) -> None:
        await store.put_bytes(KEY, b"old", "text/plain")
        await store.delete_prefix("orgs/")
        await store.put_bytes(KEY, b"new", "text/plain")
        assert await store.get_bytes(KEY) == b"new"


BAD_KEYS = {
    "empty": "",
    "absolute": "/etc/passwd",
    "parent": "orgs/../../etc/passwd",
    "only parent": "..",
    "here": "orgs/./a",
    "hidden": "orgs/.m.a",
    "double slash": "orgs//a",
    "trailing slash": "orgs/a/",
    "backslash": "orgs\\..\\a",
    "nul": "orgs/a\0b",
    "line break": "orgs/a\nb",
    "too long": "a/" * 512 + "a",
    "long name": "orgs/" + "a" * 201,
    "surrogate": "orgs/\ud800",
}


class TestListKeys:
    async def test_gives_all_objects_beneath_the_prefix_and_nothing_else(
        self, store: ObjectStore, subject: Subject
    ) -> None:
        wanted = {f"orgs/o1/interviews/i{n}/recordings/ü {n}" for n in range(7)}
        for key in (*wanted, "orgs/o10/interviews/i/recordings/r"):
            await store.put_bytes(key, b"x", "text/plain")
        upload = await store.create_multipart("orgs/o1/interviews/i9/recordings/r", "audio/webm")
        await subject.send_part(store, "orgs/o1/interviews/i9/recordings/r", upload, 1, b"part")
        listed = [key async for key in store.list_keys("orgs/o1/")]
        assert len(listed) == len(wanted)
        assert set(listed) == wanted
        assert len([key async for key in store.list_keys("orgs/")]) == len(wanted) + 1

    async def test_goes_on_over_many_pages(self, store: ObjectStore) -> None:
        keys = {f"orgs/o1/interviews/i{n % 3}/answers/{n}" for n in range(503)}
        async with anyio.create_task_group() as group:
            for key in keys:
                group.start_soon(store.put_bytes, key, b"", "text/plain")
        assert {key async for key in store.list_keys("orgs/")} == keys

    async def test_of_nothing_there_is_none(self, store: ObjectStore) -> None:
        assert [key async for key in store.list_keys("orgs/")] == []

    @pytest.mark.parametrize("prefix", ["", "orgs", "/", "orgs//", "../"])
    async def test_a_prefix_names_whole_folders(self, store: ObjectStore, prefix: str) -> None:
        with pytest.raises(KeyInvalid):
            [key async for key in store.list_keys(prefix)]


class TestKeys:
    @pytest.mark.parametrize("key", BAD_KEYS.values(), ids=BAD_KEYS.keys())
    async def test_unsafe_keys_are_refused_everywhere(
        self, store: ObjectStore, tmp_path: Path, key: str
    ) -> None:
        for refused in (
            store.put_bytes(key, b"x", "text/plain"),
            store.head(key),
            store.get_bytes(key),
            store.delete(key),
            store.create_multipart(key, "text/plain"),
            store.sign_part(key, "0" * 32, 1, expires_in=60),
            store.sign_get(key, expires_in=60, filename="a", content_type=None),
        ):
            with pytest.raises(KeyInvalid):
                await refused
        with pytest.raises(KeyInvalid):
            store.local_path(key)
        assert files_beneath(tmp_path) == []

    @SAME_SUBJECT
    @given(key=st.text(max_size=30) | st.text(alphabet="./\\a\0", max_size=12))
    async def test_any_text_is_stored_or_refused_and_stays_inside(self, subject: Subject, key: str) -> None:
        with tempfile.TemporaryDirectory() as top:
            store = subject.open(Path(top) / "objects")
            try:
                await store.put_bytes(key, b"x", "text/plain")
            except KeyInvalid:
                assert files_beneath(Path(top)) == []
            else:
                assert await store.get_bytes(key) == b"x"
                assert {path.parts[0] for path in files_beneath(Path(top))} <= {"objects"}

    async def test_up_to_1024_bytes(self, store: ObjectStore) -> None:
        key = "/".join(["é" * 100] * 5) + "/" + "a" * 19
        assert len(key.encode()) == 1024
        assert (await store.put_bytes(key, b"x", "text/plain")).key == key

    def test_everything_of_an_interview_lies_beneath_its_prefix(self) -> None:
        keys = [recording_key("o", "i", "u"), peaks_key("o", "i"), import_key("o", "i", "t")]
        assert len(set(keys)) == 3
        assert all(key.startswith(interview_prefix("o", "i")) for key in keys)
        assert interview_prefix("o", "i") == "orgs/o/interviews/i/"

    @pytest.mark.parametrize("name", ["a/b", "..", "", "a\0"])
    def test_an_id_cannot_reach_elsewhere(self, name: str) -> None:
        with pytest.raises(KeyInvalid):
            recording_key("o", name, "u")
