"""What every store promises about uploads in parts."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.services.storage.base import (
    MAX_PART_NUMBER,
    ObjectStore,
    ObjectTooLarge,
    PartsInvalid,
    UploadNotFound,
)
from tests.services.storage.stores import Subject

KEY = "orgs/o1/interviews/i1/recordings/r1"
PLENTY = 10**9
LONG_AGO, NOT_YET = timedelta(0), timedelta(hours=1)


async def begun(subject: Subject, store: ObjectStore, *contents: bytes) -> tuple[str, list[tuple[int, str]]]:
    """An upload with these parts received, and their list for the completion."""
    upload = await store.create_multipart(KEY, "audio/webm")
    parts = [
        (number, await subject.send_part(store, KEY, upload, number, content))
        for number, content in enumerate(contents, 1)
    ]
    return upload, parts


class TestComplete:
    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        numbers=st.lists(st.integers(1, MAX_PART_NUMBER), min_size=1, max_size=8, unique=True),
        size=st.integers(1, 50),
        data=st.data(),
    )
    async def test_the_object_is_the_parts_in_order_of_their_numbers(
        self, subject: Subject, numbers: list[int], size: int, data: st.DataObject
    ) -> None:
        contents = {number: data.draw(st.binary(min_size=size, max_size=size)) for number in numbers}
        contents[max(numbers)] = data.draw(st.binary(min_size=1, max_size=size))
        with tempfile.TemporaryDirectory() as root:
            store = subject.open(Path(root))
            upload = await store.create_multipart(KEY, "audio/webm")
            arrival = data.draw(st.permutations(sorted(contents)))
            etags = {n: await subject.send_part(store, KEY, upload, n, contents[n]) for n in arrival}
            listed = [(n, etags[n]) for n in sorted(contents)]
            stored = await store.complete_multipart(KEY, upload, listed, PLENTY)
            whole = b"".join(contents[n] for n in sorted(contents))
            assert await store.get_bytes(KEY) == whole
            assert (stored.size, stored.content_type) == (len(whole), "audio/webm")
            assert await store.head(KEY) == stored

    async def test_parts_larger_than_a_buffer(self, subject: Subject, store: ObjectStore) -> None:
        contents = [bytes([n]) * 5_300_000 for n in range(1, 4)]
        upload, parts = await begun(subject, store, *contents)
        await store.complete_multipart(KEY, upload, parts, PLENTY)
        assert await store.get_bytes(KEY) == b"".join(contents)

    async def test_parts_that_are_not_listed_are_left_out(self, subject: Subject, store: ObjectStore) -> None:
        upload, parts = await begun(subject, store, b"one", b"two", b"end")
        await store.complete_multipart(KEY, upload, [parts[0], parts[2]], PLENTY)
        assert await store.get_bytes(KEY) == b"oneend"

    async def test_quoted_etags_are_taken_as_the_header_sends_them(
        self, subject: Subject, store: ObjectStore
    ) -> None:
        upload, [(number, etag)] = await begun(subject, store, b"one")
        await store.complete_multipart(KEY, upload, [(number, f'"{etag}"')], PLENTY)
        assert await store.get_bytes(KEY) == b"one"

    async def test_a_second_call_finds_no_upload(self, subject: Subject, store: ObjectStore) -> None:
        upload, parts = await begun(subject, store, b"one")
        await store.complete_multipart(KEY, upload, parts, PLENTY)
        with pytest.raises(UploadNotFound):
            await store.complete_multipart(KEY, upload, parts, PLENTY)
        assert await store.get_bytes(KEY) == b"one"

    async def test_two_calls_at_once_leave_one_whole_object(
        self, subject: Subject, store: ObjectStore
    ) -> None:
        upload, parts = await begun(subject, store, *[bytes([n]) * 300_000 for n in range(10)])
        answers: list[str] = []

        async def complete() -> None:
            try:
                await store.complete_multipart(KEY, upload, parts, PLENTY)
                answers.append("done")
            except UploadNotFound:
                answers.append("not found")

        async with anyio.create_task_group() as group:
            group.start_soon(complete)
            group.start_soon(complete)
        assert "done" in answers
        assert len(answers) == 2
        assert await store.get_bytes(KEY) == b"".join(bytes([n]) * 300_000 for n in range(10))

    async def test_too_large_a_whole_is_refused_and_can_be_given_up(
        self, subject: Subject, store: ObjectStore
    ) -> None:
        upload, parts = await begun(subject, store, b"12345", b"67890")
        with pytest.raises(ObjectTooLarge):
            await store.complete_multipart(KEY, upload, parts, 9)
        assert await store.head(KEY) is None
        assert len(await store.list_parts(KEY, upload)) == 2
        await store.abort_multipart(KEY, upload)
        with pytest.raises(UploadNotFound):
            await store.list_parts(KEY, upload)


class TestPartsThatDoNotFit:
    @pytest.mark.parametrize(
        ("order", "at_fault"),
        [
            ([2, 1], 1),
            ([1, 1], 1),
            ([1, 3, 2], 2),
            ([1, 2, 3, 3], 3),
            ([1, 4], 4),
            ([0, 1], 0),
            ([10_001], 10_001),
        ],
        ids=["descending", "twice", "swapped", "last twice", "missing", "zero", "above the limit"],
    )
    async def test_the_answer_names_the_part_and_the_upload_stays(
        self, subject: Subject, store: ObjectStore, order: list[int], at_fault: int
    ) -> None:
        upload, parts = await begun(subject, store, b"one", b"two", b"end")
        etags = dict(parts)
        with pytest.raises(PartsInvalid) as refused:
            await store.complete_multipart(KEY, upload, [(n, etags.get(n, "e")) for n in order], PLENTY)
        assert refused.value.code == "parts_invalid"
        assert refused.value.extra == {"part_number": at_fault}
        assert f"{at_fault:,}" in refused.value.detail or at_fault in (0, 10_001)
        await store.complete_multipart(KEY, upload, parts, PLENTY)
        assert await store.get_bytes(KEY) == b"onetwoend"

    async def test_another_etag(self, subject: Subject, store: ObjectStore) -> None:
        upload, [first, (number, _)] = await begun(subject, store, b"one", b"two")
        with pytest.raises(PartsInvalid) as refused:
            await store.complete_multipart(KEY, upload, [first, (number, "0" * 64)], PLENTY)
        assert refused.value.extra == {"part_number": 2}

    async def test_an_empty_list(self, subject: Subject, store: ObjectStore) -> None:
        upload, _ = await begun(subject, store, b"one")
        with pytest.raises(PartsInvalid):
            await store.complete_multipart(KEY, upload, [], PLENTY)

    @pytest.mark.parametrize("number", [-1, 0, 10_001])
    async def test_numbers_out_of_range_are_not_signed(self, store: ObjectStore, number: int) -> None:
        upload = await store.create_multipart(KEY, "audio/webm")
        with pytest.raises(PartsInvalid):
            await store.sign_part(KEY, upload, number, expires_in=60)


class TestParts:
    async def test_are_listed_by_number(self, subject: Subject, store: ObjectStore) -> None:
        upload = await store.create_multipart(KEY, "audio/webm")
        for number in (10, 9, 10_000, 1):
            await subject.send_part(store, KEY, upload, number, b"x" * number)
        listed = await store.list_parts(KEY, upload)
        assert [(part.part_number, part.size) for part in listed] == [
            (1, 1),
            (9, 9),
            (10, 10),
            (10_000, 10_000),
        ]

    async def test_sent_again_it_replaces_the_former(self, subject: Subject, store: ObjectStore) -> None:
        upload, [(_, before)] = await begun(subject, store, b"before")
        now = await subject.send_part(store, KEY, upload, 1, b"now")
        assert [(part.size, part.etag) for part in await store.list_parts(KEY, upload)] == [(3, now)]
        with pytest.raises(PartsInvalid):
            await store.complete_multipart(KEY, upload, [(1, before)], PLENTY)
        await store.complete_multipart(KEY, upload, [(1, now)], PLENTY)
        assert await store.get_bytes(KEY) == b"now"

    async def test_sent_again_unchanged_keeps_its_etag(self, subject: Subject, store: ObjectStore) -> None:
        upload, parts = await begun(subject, store, b"same")
        assert await subject.send_part(store, KEY, upload, 1, b"same") == parts[0][1]
        await store.complete_multipart(KEY, upload, parts, PLENTY)

    async def test_many_at_once(self, subject: Subject, store: ObjectStore) -> None:
        upload = await store.create_multipart(KEY, "audio/webm")
        async with anyio.create_task_group() as group:
            for number in range(1, 41):
                group.start_soon(subject.send_part, store, KEY, upload, number, bytes([number]) * 1000)
        listed = [(part.part_number, part.etag) for part in await store.list_parts(KEY, upload)]
        await store.complete_multipart(KEY, upload, listed, PLENTY)
        assert await store.get_bytes(KEY) == b"".join(bytes([n]) * 1000 for n in range(1, 41))


class TestResume:
    async def test_after_a_restart_the_upload_goes_on(
        self, subject: Subject, store: ObjectStore, root: Path
    ) -> None:
        upload, [first] = await begun(subject, store, b"one")
        restarted = subject.open(root)
        assert [(part.part_number, part.etag) for part in await restarted.list_parts(KEY, upload)] == [first]
        second = await subject.send_part(restarted, KEY, upload, 2, b"two")
        stored = await restarted.complete_multipart(KEY, upload, [first, (2, second)], PLENTY)
        assert stored.content_type == "audio/webm"
        assert await restarted.get_bytes(KEY) == b"onetwo"


class TestUnknownUploads:
    @pytest.mark.parametrize("upload", ["0" * 32, "", "..", "../../files", "x" * 500])
    async def test_are_not_found(self, store: ObjectStore, upload: str) -> None:
        for call in (
            store.list_parts(KEY, upload),
            store.complete_multipart(KEY, upload, [(1, "e")], PLENTY),
        ):
            with pytest.raises(UploadNotFound) as refused:
                await call
            assert refused.value.code == "upload_not_found"
        await store.abort_multipart(KEY, upload)

    async def test_an_upload_belongs_to_its_key(self, subject: Subject, store: ObjectStore) -> None:
        upload, parts = await begun(subject, store, b"one")
        other = "orgs/o2/interviews/i1/recordings/r1"
        with pytest.raises(UploadNotFound):
            await store.list_parts(other, upload)
        with pytest.raises(UploadNotFound):
            await store.complete_multipart(other, upload, parts, PLENTY)
        await store.abort_multipart(other, upload)
        assert len(await store.list_parts(KEY, upload)) == 1


class TestAbort:
    async def test_takes_the_parts_and_can_be_repeated(self, subject: Subject, store: ObjectStore) -> None:
        upload, _ = await begun(subject, store, b"one")
        await store.abort_multipart(KEY, upload)
        await store.abort_multipart(KEY, upload)
        with pytest.raises(UploadNotFound):
            await store.list_parts(KEY, upload)
        with pytest.raises(UploadNotFound):
            await subject.send_part(store, KEY, upload, 2, b"two")

    async def test_stale_ones_go_and_fresh_ones_stay(self, subject: Subject, store: ObjectStore) -> None:
        upload, _ = await begun(subject, store, b"one")
        await store.put_bytes(f"{KEY}-done", b"kept", "text/plain")
        assert await store.abort_stale(NOT_YET) == 0
        assert len(await store.list_parts(KEY, upload)) == 1
        assert await store.abort_stale(LONG_AGO) == 1
        assert await store.abort_stale(LONG_AGO) == 0
        with pytest.raises(UploadNotFound):
            await store.list_parts(KEY, upload)
        assert await store.get_bytes(f"{KEY}-done") == b"kept"


class TestSigned:
    async def test_requests_say_how_and_until_when(self, store: ObjectStore) -> None:
        upload = await store.create_multipart(KEY, "audio/webm")
        part = await store.sign_part(KEY, upload, 7, expires_in=600)
        assert part.method == "PUT"
        assert timedelta(seconds=590) < part.expires_at - datetime.now(UTC) <= timedelta(seconds=600)
        read = await store.sign_get(KEY, expires_in=60, filename="Jane.webm", content_type="audio/webm")
        assert read is not None
        assert read.method == "GET"
        assert read.url.startswith("http")
