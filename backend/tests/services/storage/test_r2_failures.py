"""What becomes of failures of the S3 store: one error of ours each, with a hint and without secrets."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import anyio
import pytest
from anyio.abc import SocketAttribute, SocketStream

from app.core.errors import AppError, ProviderRejected, Unavailable
from app.services.storage.base import (
    ObjectStore,
    StorageRejected,
    StorageUnavailable,
)
from app.services.storage.providers.r2.sending import PART_BYTES
from app.services.storage.providers.r2.store import R2ObjectStore
from tests.fixtures.s3 import ACCESS_KEY, SECRET_KEY, S3Bucket, failing
from tests.services.storage.stores import open_r2, stream

KEY = "orgs/o1/interviews/i1/recordings/r1"
BACKEND = Path(__file__).parents[3]
PLENTY = 10**9


class Disconnected(Exception):
    pass


async def broken_off(size: int) -> AsyncIterator[bytes]:
    yield b"x" * size
    raise Disconnected


FAULTS = {
    "wrong key id": (403, "InvalidAccessKeyId", StorageRejected, "R2_ACCESS_KEY_ID"),
    "wrong secret": (403, "SignatureDoesNotMatch", StorageRejected, "R2_SECRET_ACCESS_KEY"),
    "not permitted": (403, "AccessDenied", StorageRejected, "token may read and write"),
    "no such bucket": (404, "NoSuchBucket", StorageRejected, "R2_BUCKET"),
    "wrong region": (400, "AuthorizationHeaderMalformed", StorageRejected, "R2_REGION"),
    "wrong clock": (403, "RequestTimeTooSkewed", StorageRejected, "clock"),
    "something new": (418, "Teapot", StorageRejected, "Teapot"),
    "too fast": (429, "TooManyRequests", StorageUnavailable, "busy"),
    "overloaded": (503, "SlowDown", StorageUnavailable, "busy"),
    "broken": (500, "InternalError", StorageUnavailable, "busy"),
    "full": (507, "XMinioStorageFull", Unavailable, "no room"),
}


async def errors_of_every_call(store: ObjectStore) -> list[AppError]:
    """What each method that makes a request raises."""
    found: list[AppError] = []
    for call in (
        store.put(KEY, stream([b"x"]), content_type="a/b", max_bytes=9),
        store.put_bytes(KEY, b"x", "a/b"),
        store.get_bytes(KEY),
        store.head(KEY),
        store.delete(KEY),
        store.delete_prefix("orgs/o1/"),
        store.create_multipart(KEY, "a/b"),
        store.list_parts(KEY, "u"),
        store.complete_multipart(KEY, "u", [(1, "e")], 9),
        store.abort_multipart(KEY, "u"),
        store.abort_stale(timedelta(0)),
        store.as_file(KEY).__aenter__(),
    ):
        try:
            await call
        except AppError as error:
            found.append(error)
    return found


@pytest.mark.usefixtures("no_backoff")
class TestFailures:
    @pytest.mark.parametrize(("status", "code", "kind", "hint"), FAULTS.values(), ids=FAULTS.keys())
    async def test_each_answer_becomes_one_error_that_says_what_to_do(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket, status: int, code: str, kind: type, hint: str
    ) -> None:
        s3_bucket.server.fault = failing(status, code)
        with pytest.raises(kind) as refused:
            await r2_store.put_bytes(KEY, b"x", "a/b")
        assert hint in str(refused.value)
        assert isinstance(refused.value, Unavailable) is (status in (429, 500, 503, 507))

    @pytest.mark.parametrize("status", [403, 503])
    async def test_no_method_lets_anything_else_through_and_no_text_holds_a_key(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket, status: int
    ) -> None:
        s3_bucket.server.fault = failing(status, "AccessDenied" if status == 403 else "SlowDown")
        found = await errors_of_every_call(r2_store)
        assert len(found) == 12
        expected = ProviderRejected if status == 403 else StorageUnavailable
        assert {type(error) for error in found} <= {expected, StorageRejected}
        shown = "".join(f"{e}{e.extra}{e.__cause__}" for e in found)
        assert SECRET_KEY not in shown
        assert ACCESS_KEY not in shown

    async def test_a_passing_fault_is_not_noticed(self, r2_store: R2ObjectStore, s3_bucket: S3Bucket) -> None:
        left = iter([True, True])
        s3_bucket.server.fault = lambda _: (503, "SlowDown") if next(left, False) else None
        stored = await r2_store.put_bytes(KEY, b"content", "a/b")
        s3_bucket.server.fault = None
        assert await r2_store.get_bytes(KEY) == b"content"
        assert stored.size == 7

    async def test_a_server_that_is_gone(self, s3_bucket: S3Bucket, tmp_path: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
            store = open_r2(s3_bucket, tmp_path, r2_endpoint=nobody)
            found = await errors_of_every_call(store)
        assert len(found) == 12
        assert {type(error) for error in found} == {StorageUnavailable}
        assert nobody not in "".join(map(str, found))

    async def test_a_connection_that_breaks_in_the_middle_of_a_read(
        self, s3_bucket: S3Bucket, tmp_path: Path
    ) -> None:
        async def cut(connection: SocketStream) -> None:
            async with connection:
                await connection.receive()
                await connection.send(b'HTTP/1.1 200 OK\r\nETag: "e"\r\nContent-Length: 900000\r\n\r\n')
                await connection.send(b"x" * 300_000)

        async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener:
            port = listener.listeners[0].extra(SocketAttribute.local_port)  # noqa: S610 - no SQL here
            store = open_r2(s3_bucket, tmp_path, r2_endpoint=f"http://127.0.0.1:{port}")
            async with anyio.create_task_group() as group:
                group.start_soon(listener.serve, cut)
                with pytest.raises(StorageUnavailable):
                    await store.get_bytes(KEY)
                with pytest.raises(StorageUnavailable):
                    await store.as_file(KEY).__aenter__()
                group.cancel_scope.cancel()
        assert list((tmp_path / "copies").iterdir()) == []

    async def test_an_aborting_that_fails_does_not_hide_why(
        self, r2_store: R2ObjectStore, s3_bucket: S3Bucket
    ) -> None:
        s3_bucket.server.fault = lambda seen: (500, "InternalError") if seen.method == "DELETE" else None
        with pytest.raises(Disconnected):
            await r2_store.put(KEY, broken_off(PART_BYTES + 1), content_type="a/b", max_bytes=PLENTY)
