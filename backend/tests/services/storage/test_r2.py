"""What only the S3 store does with objects and parts, seen from the other end of the wire."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import anyio
import moto.s3.models
import pytest

from app.services.storage.base import (
    ObjectTooLarge,
    PartsInvalid,
    RemovedMeanwhile,
    StorageUnavailable,
    UploadNotFound,
)
from app.services.storage.providers.r2.sending import PART_BYTES
from app.services.storage.providers.r2.store import R2ObjectStore
from tests.fixtures.s3 import S3Bucket, Seen, anonymous
from tests.services.storage.stores import open_r2, send_part_to_url, stream

KEY = "orgs/o1/interviews/i1/recordings/r1"
BACKEND = Path(__file__).parents[3]
PLENTY = 10**9


class Disconnected(Exception):
    pass


async def broken_off(size: int) -> AsyncIterator[bytes]:
    yield b"x" * size
    raise Disconnected


def asked(bucket: S3Bucket, **query: str) -> list[Seen]:
    """The requests of one kind: those whose query has these entries."""
    return [seen for seen in bucket.server.seen if query.items() <= seen.query.items()]


class TestPut:
    @pytest.mark.parametrize(
        ("size", "parts"),
        [(0, 0), (1, 0), (PART_BYTES, 0), (PART_BYTES + 1, 2), (2 * PART_BYTES, 2), (2 * PART_BYTES + 1, 3)],
    )
    async def test_what_fits_in_one_part_is_one_request_and_else_all_parts_are_equal(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket, size: int, parts: int
    ) -> None:
        content = bytes(range(256)) * (size // 256) + b"z" * (size % 256)
        chunks = stream([content[at : at + 1_000_003] for at in range(0, size, 1_000_003)])
        s3_bucket.server.seen.clear()
        stored = await r2_store.put(KEY, chunks, content_type="audio/webm", max_bytes=PLENTY)
        sent = [s for s in s3_bucket.server.seen if s.method == "PUT"]
        sizes = [int(s.headers["content-length"]) for s in sent]
        assert len(sizes) == max(parts, 1)
        assert set(sizes[:-1]) <= {PART_BYTES}
        assert (sum(sizes), stored.size) == (size, size)
        assert await r2_store.get_bytes(KEY) == content
        assert await r2_store.head(KEY) == stored

    async def test_parts_grow_when_ten_thousand_would_not_hold_the_limit(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket
    ) -> None:
        content = b"x" * (PART_BYTES + 2)
        limit = (PART_BYTES + 1) * 10_000
        await r2_store.put(KEY, stream([content]), content_type="a/b", max_bytes=limit)
        assert [s.headers["content-length"] for s in asked(s3_bucket) if "partNumber" in s.query] == [
            str(PART_BYTES + 1),
            "1",
        ]

    async def test_no_checksum_header_goes_over_the_wire(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket
    ) -> None:
        await r2_store.put_bytes(KEY, b"x", "text/plain")
        await r2_store.put(KEY, stream([b"x" * (PART_BYTES + 1)]), content_type="a/b", max_bytes=PLENTY)
        upload = await r2_store.create_multipart(KEY, "a/b")
        etag = await send_part_to_url(r2_store, KEY, upload, 1, b"x")
        await r2_store.complete_multipart(KEY, upload, [(1, etag)], 9)
        names = {name for seen in s3_bucket.server.seen for name in seen.headers}
        assert "content-length" in names
        assert not [n for n in names if "checksum" in n or n == "x-amz-trailer"]

    @pytest.mark.parametrize("end", ["broken off", "too large", "cancelled"])
    async def test_what_did_not_come_to_its_end_leaves_no_object_and_no_upload(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket, end: str
    ) -> None:
        size = 2 * PART_BYTES + 5
        if end == "broken off":
            with pytest.raises(Disconnected):
                await r2_store.put(KEY, broken_off(size), content_type="a/b", max_bytes=PLENTY)
        elif end == "too large":
            with pytest.raises(ObjectTooLarge):
                await r2_store.put(KEY, stream([b"x" * size, b"y"]), content_type="a/b", max_bytes=size)
        else:

            async def endless() -> AsyncIterator[bytes]:
                while True:
                    yield b"x" * 2**20

            with anyio.move_on_after(0.3) as scope:
                await r2_store.put(KEY, endless(), content_type="a/b", max_bytes=10**12)
            assert scope.cancelled_caught
        assert asked(s3_bucket, partNumber="1"), "it had begun"
        assert s3_bucket.objects() == []
        assert s3_bucket.uploads() == []

    async def test_a_part_on_its_way_has_arrived_before_the_upload_is_given_up(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket
    ) -> None:
        """A part that arrives after the end would stay in the bucket, under an upload that nobody knows."""
        ended: list[str] = []

        def late(seen: Seen) -> None:
            if "partNumber" in seen.query:
                time.sleep(0.3)
            ended.append(seen.method)

        s3_bucket.server.fault = late
        with pytest.raises(Disconnected):
            await r2_store.put(KEY, broken_off(PART_BYTES + 1), content_type="a/b", max_bytes=PLENTY)
        assert ended == ["POST", "PUT", "DELETE"]

    async def test_removing_the_prefix_ends_a_put_in_parts(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket
    ) -> None:
        async def deleted_on_the_way() -> AsyncIterator[bytes]:
            yield b"x" * (PART_BYTES + 1)
            await r2_store.delete_prefix("orgs/o1/")
            yield b"y" * PART_BYTES

        with pytest.raises(RemovedMeanwhile):
            await r2_store.put(KEY, deleted_on_the_way(), content_type="a/b", max_bytes=PLENTY)
        assert s3_bucket.objects() == []

    @pytest.mark.usefixtures("no_backoff")
    async def test_an_answer_lost_at_the_end_does_not_lose_the_object(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket
    ) -> None:
        """The store joined the parts; the SDK repeats the request and hears that there is no such upload."""
        lost = iter([True])

        def lose_the_first_answer(seen: Seen) -> tuple[int, str] | None:
            if seen.method != "POST" or "uploadId" not in seen.query or not next(lost, False):
                return None
            listed = {
                "Parts": [
                    {"PartNumber": p["PartNumber"], "ETag": p["ETag"]}
                    for p in client.list_parts(
                        Bucket=s3_bucket.name, Key=KEY, UploadId=seen.query["uploadId"]
                    )["Parts"]
                ]
            }
            client.complete_multipart_upload(
                Bucket=s3_bucket.name, Key=KEY, UploadId=seen.query["uploadId"], MultipartUpload=listed
            )
            return 500, "InternalError"

        client = s3_bucket.server.client
        s3_bucket.server.fault = lose_the_first_answer
        stored = await r2_store.put(
            KEY, stream([b"x" * (PART_BYTES + 1)]), content_type="a/b", max_bytes=PLENTY
        )
        assert stored.size == PART_BYTES + 1

    async def test_fewer_bytes_than_were_sent_are_not_taken_for_the_object(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket
    ) -> None:
        upload = await r2_store.create_multipart(KEY, "a/b")
        etag = await send_part_to_url(r2_store, KEY, upload, 1, b"content")

        def replace(seen: Seen) -> None:
            if seen.method == "HEAD":
                s3_bucket.server.client.put_object(Bucket=s3_bucket.name, Key=KEY, Body=b"cont")

        s3_bucket.server.fault = replace
        with pytest.raises(StorageUnavailable, match="4 of 7 bytes"):
            await r2_store.complete_multipart(KEY, upload, [(1, etag)], 9)

    async def test_a_content_type_that_no_header_can_carry_becomes_the_general_one(
        self, r2_store: R2ObjectStore
    ) -> None:
        stored = await r2_store.put_bytes(KEY, b"x", "audio/\nx: y")
        assert stored.content_type == "application/octet-stream"
        assert await r2_store.head(KEY) == stored


class TestParts:
    @pytest.mark.parametrize(
        ("sizes", "at_fault"),
        [((5, 4, 5), 2), ((5, 6, 5), 2), ((5, 5, 4, 5), 3), ((5, 5, 6), 3)],
        ids=["smaller", "larger", "third", "last larger"],
    )
    async def test_unequal_ones_are_refused_by_name_and_the_upload_stays(
        self, r2_store: R2ObjectStore, sizes: tuple[int, ...], at_fault: int
    ) -> None:
        upload = await r2_store.create_multipart(KEY, "audio/webm")
        parts = [
            (n, await send_part_to_url(r2_store, KEY, upload, n, b"x" * size))
            for n, size in enumerate(sizes, 1)
        ]
        with pytest.raises(PartsInvalid, match=f"Part {at_fault}") as refused:
            await r2_store.complete_multipart(KEY, upload, parts, PLENTY)
        assert refused.value.extra == {"part_number": at_fault}
        assert len(await r2_store.list_parts(KEY, upload)) == len(sizes)

    async def test_below_five_mebibytes_are_refused_by_the_store(
        self, r2_store: R2ObjectStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(moto.s3.models, "S3_UPLOAD_PART_MIN_SIZE", 5 * 2**20)
        upload = await r2_store.create_multipart(KEY, "audio/webm")
        parts = [(n, await send_part_to_url(r2_store, KEY, upload, n, b"small")) for n in (1, 2)]
        with pytest.raises(PartsInvalid, match="5 MiB"):
            await r2_store.complete_multipart(KEY, upload, parts, PLENTY)

    async def test_the_content_type_is_fixed_when_the_upload_begins(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket
    ) -> None:
        upload = await r2_store.create_multipart(KEY, "audio/webm")
        begun = next(s for s in s3_bucket.server.seen if "uploads" in s.query)
        assert begun.headers["content-type"] == "audio/webm"
        assert "content-type" in begun.headers["authorization"].split("SignedHeaders=")[1].split(",")[0]
        signed = await r2_store.sign_part(KEY, upload, 1, expires_in=60)
        async with anonymous() as browser:
            sent = await browser.put(signed.url, content=b"x", headers={"Content-Type": "text/html"})
        await r2_store.complete_multipart(KEY, upload, [(1, sent.headers["etag"])], 9)
        stored = await r2_store.head(KEY)
        assert stored is not None
        assert stored.content_type == "audio/webm"

    async def test_lists_of_more_than_a_page_are_whole(self, s3_bucket: S3Bucket, tmp_path: Path) -> None:
        store = open_r2(s3_bucket, tmp_path, page_size=3)
        upload = await store.create_multipart(KEY, "audio/webm")
        sent = [(n, await send_part_to_url(store, KEY, upload, n, bytes([n]))) for n in range(1, 9)]
        s3_bucket.server.seen.clear()
        assert [(p.part_number, p.etag) for p in await store.list_parts(KEY, upload)] == sent
        assert len(s3_bucket.server.seen) == 3


class TestListKeys:
    async def test_a_list_of_many_pages_is_whole(self, s3_bucket: S3Bucket, tmp_path: Path) -> None:
        store = open_r2(s3_bucket, tmp_path, page_size=3)
        keys = {f"orgs/o1/a&b/{number}" for number in range(10)}
        for key in keys:
            await store.put_bytes(key, b"x", "a/b")
        assert {key async for key in store.list_keys("orgs/")} == keys


class TestDelete:
    async def test_a_prefix_of_many_pages_goes_whole(self, s3_bucket: S3Bucket, tmp_path: Path) -> None:
        store = open_r2(s3_bucket, tmp_path, page_size=4)
        for number in range(11):
            await store.put_bytes(f"orgs/o1/interviews/i1/{number}", b"x", "a/b")
        await store.put_bytes("orgs/o1/interviews/i10/r", b"x", "a/b")
        assert await store.delete_prefix("orgs/o1/interviews/i1/") == 11
        assert s3_bucket.objects() == ["orgs/o1/interviews/i10/r"]

    async def test_keys_that_xml_would_have_to_escape(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket
    ) -> None:
        for name in ("a&b", "<c>", "d+e f", "ä%20", "'\""):
            await r2_store.put_bytes(f"orgs/o1/{name}", b"x", "a/b")
        assert await r2_store.delete_prefix("orgs/o1/") == 5
        assert s3_bucket.objects() == []

    @pytest.mark.usefixtures("no_backoff")
    @pytest.mark.parametrize(
        "answer",
        [
            (503, "SlowDown"),
            (200, f"<DeleteResult><Error><Key>{KEY}</Key><Code>InternalError</Code></Error></DeleteResult>"),
        ],
        ids=["no answer", "an answer that names it"],
    )
    async def test_one_that_the_store_keeps_is_not_taken_for_deleted(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket, answer: tuple[int, str]
    ) -> None:
        await r2_store.put_bytes(KEY, b"x", "a/b")
        s3_bucket.server.fault = lambda seen: answer if "delete" in seen.query else None
        with pytest.raises(StorageUnavailable):
            await r2_store.delete_prefix("orgs/o1/")

    async def test_without_an_upload_id_nothing_is_asked(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket
    ) -> None:
        """`DELETE key?uploadId=` could mean the object."""
        await r2_store.put_bytes(KEY, b"x", "a/b")
        s3_bucket.server.seen.clear()
        await r2_store.abort_multipart(KEY, "")
        assert s3_bucket.server.seen == []


class TestStale:
    async def test_an_old_upload_that_still_grows_is_kept(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket
    ) -> None:
        growing, forgotten = [await r2_store.create_multipart(f"{KEY}-{n}", "a/b") for n in (1, 2)]
        await anyio.sleep(1.1)
        await send_part_to_url(r2_store, f"{KEY}-1", growing, 1, b"x")
        assert await r2_store.abort_stale(timedelta(seconds=1)) == 1
        assert s3_bucket.uploads() == [f"{KEY}-1"]
        with pytest.raises(UploadNotFound):
            await r2_store.list_parts(f"{KEY}-2", forgotten)

    async def test_copies_that_a_crash_left_go_when_they_are_old(
        self, r2_store: R2ObjectStore, tmp_path: Path
    ) -> None:
        await r2_store.put_bytes(KEY, b"x", "a/b")
        async with r2_store.as_file(KEY) as path:
            assert path.parent == tmp_path / "copies"
            assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
            await r2_store.abort_stale(timedelta(hours=1))
            assert path.exists()
            await r2_store.abort_stale(timedelta(0))
            assert not path.exists()

    @pytest.mark.parametrize("end", ["done", "failed"])
    async def test_a_copy_goes_with_its_block(
        self, r2_store: R2ObjectStore, tmp_path: Path, end: str
    ) -> None:
        content = b"content" * 1_500_000
        await r2_store.put(KEY, stream([content]), content_type="a/b", max_bytes=PLENTY)
        try:
            async with r2_store.as_file(KEY) as path:
                assert path.read_bytes() == content
                if end == "failed":
                    raise Disconnected
        except Disconnected:
            pass
        assert list((tmp_path / "copies").iterdir()) == []
