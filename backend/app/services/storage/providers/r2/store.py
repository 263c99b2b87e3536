"""Objects in Cloudflare R2, or any other store that speaks S3; addresses for clients are signed without a request.

This half never blocks. `bucket` and `uploads` make the requests, in threads.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote

from botocore.response import StreamingBody

from app.core.errors import RangeNotSatisfiable
from app.services.storage.base import (
    ObjectTooLarge,
    Part,
    RemovedMeanwhile,
    SignedRequest,
    StoredObject,
    checked_key,
    checked_part_number,
    checked_parts,
    checked_prefix,
)
from app.services.storage.providers.r2.bucket import Bucket, read_some, sendable
from app.services.storage.providers.r2.client import THREADS, Clients
from app.services.storage.providers.r2.scratch import Copy, Scratch
from app.services.storage.providers.r2.sending import Sending, checked_size
from app.services.storage.providers.r2.uploads import Uploads, checked_sizes
from app.services.storage.providers.threads import Threads

READ_BYTES: Final = 256 * 1024
COPY_BYTES: Final = 4 * 2**20


class R2ObjectStore:
    """See `ObjectStore` for the contract of each method.

    `scratch` is a directory for copies of objects; `page_size` is how many names one answer lists (at most 1,000).
    """

    def __init__(self, clients: Clients, *, scratch: Path, page_size: int = 1000) -> None:
        self._signing = clients.signing
        self._name = clients.bucket
        self._bucket = Bucket(clients.working, clients.bucket, page_size=page_size)
        self._uploads = Uploads(clients.working, clients.bucket, page_size=page_size)
        self._scratch = Scratch(scratch)
        self._threads = Threads(THREADS)

    # Whole objects

    async def put(
        self, key: str, chunks: AsyncIterator[bytes], *, content_type: str, max_bytes: int
    ) -> StoredObject:
        sending = Sending(
            self._bucket, self._uploads, self._threads, checked_key(key), content_type, max_bytes
        )
        received = 0
        try:
            async for chunk in chunks:
                received += len(chunk)
                if received > max_bytes:
                    raise _too_large(max_bytes)
                await sending.add(chunk)
            return await sending.finish()
        except BaseException:
            await sending.give_up()
            raise

    async def put_bytes(self, key: str, data: bytes, content_type: str) -> StoredObject:
        return await self._threads.run(self._bucket.put, checked_key(key), data, content_type)

    async def get_bytes(self, key: str) -> bytes:
        return b"".join([chunk async for chunk in self.read(key)])

    async def head(self, key: str) -> StoredObject | None:
        return await self._threads.ask(self._bucket.head, checked_key(key))

    async def read(self, key: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        if start < 0 or (end is not None and end < start):
            raise RangeNotSatisfiable("A range begins at 0 or later and does not end before it begins.")
        body = await self._threads.run(self._bucket.open, checked_key(key), start, end)
        if body is None:
            return
        try:
            while chunk := await self._threads.run(read_some, body, READ_BYTES):
                yield chunk
        finally:
            body.close()

    @asynccontextmanager
    async def as_file(self, key: str) -> AsyncIterator[Path]:
        body = await self._threads.run(self._bucket.open, checked_key(key), 0, None)
        copy: Copy | None = None
        try:
            copy = await self._threads.surely(self._scratch.new)
            if body:
                await self._fill(copy, body)
            await self._threads.run(copy.close)
            yield copy.path
        finally:
            if body:
                body.close()
            if copy:
                await self._threads.surely(copy.remove)

    async def _fill(self, copy: Copy, body: StreamingBody) -> None:
        while await self._threads.run(_copy_some, body, copy):
            pass

    def local_path(self, key: str) -> Path | None:
        checked_key(key)
        return None

    async def delete(self, key: str) -> None:
        await self._threads.run(self._bucket.delete, checked_key(key))

    async def delete_prefix(self, prefix: str) -> int:
        # Uploads first: one that were completed between the two steps would leave an object.
        await self._threads.run(self._uploads.abort_beneath, checked_prefix(prefix))
        return await self._threads.run(self._bucket.delete_prefix, prefix)

    async def list_keys(self, prefix: str) -> AsyncIterator[str]:
        pages = self._bucket.pages(checked_prefix(prefix))
        while keys := await self._threads.run(next, pages, None):
            for key in keys:
                yield key

    # Uploads in parts

    async def create_multipart(self, key: str, content_type: str) -> str:
        return await self._threads.run(self._uploads.begin, checked_key(key), content_type)

    async def list_parts(self, key: str, upload_id: str) -> list[Part]:
        return await self._threads.ask(self._uploads.parts, checked_key(key), upload_id)

    async def complete_multipart(
        self, key: str, upload_id: str, parts: Sequence[tuple[int, str]], max_bytes: int
    ) -> StoredObject:
        chosen = checked_parts(parts, await self.list_parts(key, upload_id))
        checked_sizes(chosen)
        size = sum(part.size for part in chosen)
        if size > max_bytes:
            raise _too_large(max_bytes)
        await self._threads.run(self._uploads.complete, key, upload_id, chosen)
        stored = await self._threads.run(self._bucket.head, key)
        if stored is None:
            raise RemovedMeanwhile("The object was deleted while its parts were joined.")
        return checked_size(stored, size)

    async def abort_multipart(self, key: str, upload_id: str) -> None:
        await self._threads.run(self._uploads.abort, checked_key(key), upload_id)

    async def abort_stale(self, older_than: timedelta) -> int:
        before = datetime.now(UTC) - older_than
        await self._threads.run(self._scratch.sweep, before.timestamp())
        return await self._threads.run(self._uploads.abort_stale, before)

    # Addresses for clients

    async def sign_part(
        self, key: str, upload_id: str, part_number: int, *, expires_in: int
    ) -> SignedRequest:
        asked = {
            "Key": checked_key(key),
            "UploadId": upload_id,
            "PartNumber": checked_part_number(part_number),
        }
        return self._signed("PUT", "upload_part", asked, expires_in)

    async def sign_get(
        self, key: str, *, expires_in: int, filename: str | None = None, content_type: str | None = None
    ) -> SignedRequest | None:
        asked = {"Key": checked_key(key)}
        if filename:
            asked["ResponseContentDisposition"] = _inline(filename)
        if content_type:
            asked["ResponseContentType"] = sendable(content_type)
        return self._signed("GET", "get_object", asked, expires_in)

    def _signed(
        self,
        method: str,
        operation: Literal["get_object", "upload_part"],
        asked: dict[str, Any],
        expires_in: int,
    ) -> SignedRequest:
        # Before the signature: what we say must not outlive what the store believes.
        expires = int(time.time()) + expires_in
        url = self._signing.generate_presigned_url(
            operation, Params={"Bucket": self._name, **asked}, ExpiresIn=expires_in
        )
        return SignedRequest(method, url, {}, datetime.fromtimestamp(expires, UTC))


def _copy_some(body: StreamingBody, copy: Copy) -> bool:
    """Move some bytes on; False when there are no more."""
    content = read_some(body, COPY_BYTES)
    copy.write(content)
    return bool(content)


def _inline(filename: str) -> str:
    """Shown in the browser, saved under the name; for old clients with a name in ASCII beside it (RFC 6266)."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in filename)
    return f"inline; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def _too_large(max_bytes: int) -> ObjectTooLarge:
    return ObjectTooLarge(f"The content has more than the {max_bytes:,} bytes allowed.", max_bytes=max_bytes)
