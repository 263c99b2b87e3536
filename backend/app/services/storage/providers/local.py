"""Objects on the local disk; addresses for clients are signed here and served by the API.

This half never blocks: it moves bytes between the event loop and threads. `disk` says where files lie and how.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

from anyio.lowlevel import checkpoint_if_cancelled

from app.core.errors import RangeNotSatisfiable
from app.services.storage.base import (
    ObjectNotFound,
    ObjectTooLarge,
    Part,
    PartsInvalid,
    SignatureExpired,
    SignatureInvalid,
    SignedRequest,
    StoredObject,
    UploadNotFound,
    UrlSigner,
    checked_key,
    checked_part_number,
    checked_parts,
    checked_prefix,
)
from app.services.storage.providers.disk import Disk, Source
from app.services.storage.providers.drafts import Draft
from app.services.storage.providers.threads import Threads, outcome

BATCH_BYTES: Final = 2**20
"""Received bytes go to a thread in batches: one hop per network chunk would cost more than the writing."""
BATCH_CHUNKS: Final = 4096
READ_BYTES: Final = 256 * 1024
THREADS: Final = 16
LISTED: Final = 500
"""Names that one hop to a thread lists."""


class LocalObjectStore:
    """See `ObjectStore` for the contract of each method; `base_url` is the public address of this server."""

    def __init__(self, root: Path, *, base_url: str | Callable[[], str], signer: UrlSigner) -> None:
        self._disk = Disk(root)
        self._base_url = base_url
        self._signer = signer
        self._threads = Threads(THREADS)

    # Whole objects

    async def put(
        self, key: str, chunks: AsyncIterator[bytes], *, content_type: str, max_bytes: int
    ) -> StoredObject:
        draft = self._disk.draft_for(key)
        try:
            await self._threads.run(self._disk.open_for, draft, key)
            await self._receive(draft, chunks, max_bytes)
            return await self._threads.run(self._disk.publish, draft, key, content_type)
        finally:
            await self._threads.surely(self._disk.discard, draft)

    async def put_bytes(self, key: str, data: bytes, content_type: str) -> StoredObject:
        async def once() -> AsyncIterator[bytes]:
            yield data

        return await self.put(key, once(), content_type=content_type, max_bytes=len(data))

    async def get_bytes(self, key: str) -> bytes:
        return b"".join([chunk async for chunk in self.read(key)])

    async def head(self, key: str) -> StoredObject | None:
        return await self._threads.run(self._disk.describe, key)

    async def read(self, key: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        if start < 0 or (end is not None and end < start):
            raise RangeNotSatisfiable("A range begins at 0 or later and does not end before it begins.")
        source = Source(self._disk, key)
        try:
            await self._threads.run(source.open)
            stop = source.size if end is None else min(end, source.size)
            while start < stop:
                chunk = await self._threads.run(source.read, start, min(READ_BYTES, stop - start))
                if not chunk:
                    raise ObjectNotFound(f"The object {key} was cut short while it was read.")
                start += len(chunk)
                yield chunk
        finally:
            source.close()

    @asynccontextmanager
    async def as_file(self, key: str) -> AsyncIterator[Path]:
        yield await self._threads.run(self._disk.require, key)

    def local_path(self, key: str) -> Path | None:
        return self._disk.path(key)

    async def delete(self, key: str) -> None:
        await self._threads.run(self._disk.delete, key)

    async def delete_prefix(self, prefix: str) -> int:
        return await self._threads.run(self._disk.delete_prefix, checked_prefix(prefix))

    async def list_keys(self, prefix: str) -> AsyncIterator[str]:
        keys = self._disk.keys(checked_prefix(prefix))
        while some := await self._threads.run(lambda: list(islice(keys, LISTED))):
            for key in some:
                yield key

    # Uploads in parts

    async def create_multipart(self, key: str, content_type: str) -> str:
        return await self._threads.run(self._disk.create_upload, key, content_type)

    async def put_part(
        self, upload_id: str, part_number: int, chunks: AsyncIterator[bytes], max_bytes: int
    ) -> Part:
        """Receive one part, in place of an earlier one with its number; as careful as `put`."""
        checked_part_number(part_number)
        draft = self._disk.draft_part(upload_id)
        try:
            await self._threads.run(self._disk.open_part, draft, upload_id)
            await self._receive(draft, chunks, max_bytes)
            return await self._threads.run(self._disk.keep_part, draft, part_number)
        finally:
            await self._threads.surely(draft.discard)

    async def list_parts(self, key: str, upload_id: str) -> list[Part]:
        await self._threads.run(self._disk.manifest, upload_id, key)
        return list(await self._threads.run(self._disk.parts, upload_id))

    async def complete_multipart(
        self, key: str, upload_id: str, parts: Sequence[tuple[int, str]], max_bytes: int
    ) -> StoredObject:
        manifest = await self._threads.run(self._disk.manifest, upload_id, key)
        received = await self._threads.run(self._disk.parts, upload_id)
        chosen = checked_parts(parts, list(received))
        if sum(part.size for part in chosen) > max_bytes:
            raise _too_large(max_bytes)
        # The parts are copied, not moved: until the object is there, a crash or an error leaves them as they were.
        draft = self._disk.draft_for(key)
        try:
            await self._threads.run(self._disk.open_for, draft, key)
            for part in chosen:
                await self._append(draft, upload_id, part, received[part])
            await self._threads.run(draft.finish, [])
            stored = await self._threads.run(self._disk.publish, draft, key, manifest["content_type"])
        finally:
            await self._threads.surely(self._disk.discard, draft)
        await self._threads.run(self._disk.drop_upload, upload_id)
        return stored

    async def abort_multipart(self, key: str, upload_id: str) -> None:
        with suppress(UploadNotFound):
            await self._threads.run(self._disk.manifest, upload_id, key)
            await self._threads.run(self._disk.drop_upload, upload_id)

    async def abort_stale(self, older_than: timedelta) -> int:
        return await self._threads.run(self._disk.sweep, time.time() - older_than.total_seconds())

    # Addresses for clients

    async def sign_part(
        self, key: str, upload_id: str, part_number: int, *, expires_in: int
    ) -> SignedRequest:
        payload = _part_payload(checked_key(key), upload_id, checked_part_number(part_number))
        path = f"uploads/{quote(upload_id, safe='')}/parts/{part_number}"
        return self._signed("PUT", path, payload, expires_in, {"key": key})

    async def sign_get(
        self, key: str, *, expires_in: int, filename: str | None = None, content_type: str | None = None
    ) -> SignedRequest | None:
        del content_type  # it is kept with the object, and the API answers with that
        payload = _object_payload(checked_key(key), filename or "")
        named = {"filename": filename} if filename else {}
        return self._signed("GET", f"objects/{quote(key)}", payload, expires_in, named)

    def verify_part_url(
        self,
        key: str,
        upload_id: str,
        part_number: int,
        expires: int,
        signature: str,
        now: float | None = None,
    ) -> None:
        """Raise `SignatureExpired` or `SignatureInvalid` unless `sign_part` made this address."""
        self._verify(_part_payload(key, upload_id, part_number), expires, signature, now)

    def verify_object_url(
        self, key: str, filename: str, expires: int, signature: str, now: float | None = None
    ) -> None:
        """Raise `SignatureExpired` or `SignatureInvalid` unless `sign_get` made this address; `filename` may be ""."""
        self._verify(_object_payload(key, filename), expires, signature, now)

    def _signed(
        self, method: str, path: str, payload: str, expires_in: int, query: dict[str, str]
    ) -> SignedRequest:
        base = self._base_url if isinstance(self._base_url, str) else self._base_url()
        expires = int(time.time()) + expires_in
        asked = {**query, "expires": expires, "signature": self._signer.sign(payload, expires)}
        url = f"{base.rstrip('/')}/api/v1/storage/{path}?{urlencode(asked)}"
        return SignedRequest(method, url, {}, datetime.fromtimestamp(expires, UTC))

    def _verify(self, payload: str, expires: int, signature: str, now: float | None) -> None:
        if expires < (time.time() if now is None else now):
            raise SignatureExpired("This address has expired; ask for a new one.")
        if not self._signer.verify(payload, expires, signature):
            raise SignatureInvalid("This address was not made by this server, or was changed.")

    # Between the event loop and threads

    async def _receive(self, draft: Draft, chunks: AsyncIterator[bytes], max_bytes: int) -> None:
        """Write a stream to a draft: one batch is hashed and written in a thread while the next one is received."""
        received = held = 0
        batch: list[bytes] = []
        writing: asyncio.Task[None] | None = None
        try:
            async for chunk in chunks:
                received += len(chunk)
                if received > max_bytes:
                    raise _too_large(max_bytes)
                batch.append(chunk)
                held += len(chunk)
                if held >= BATCH_BYTES or len(batch) >= BATCH_CHUNKS:
                    if writing:
                        await outcome(writing)
                    # A stream that always has more never waits, so nothing else here would notice a timeout.
                    await checkpoint_if_cancelled()
                    writing = self._threads.start(draft.write, batch)
                    batch, held = [], 0
        finally:
            if writing:
                await outcome(writing)
        await self._threads.run(draft.finish, batch)

    async def _append(self, draft: Draft, upload_id: str, part: Part, path: Path) -> None:
        try:
            await self._threads.run(draft.append, path)
        except FileNotFoundError:
            await self._threads.run(self._disk.manifest, upload_id)
            number = part.part_number
            raise PartsInvalid(f"Part {number} was sent again meanwhile.", part_number=number) from None


def _part_payload(key: str, upload_id: str, part_number: int) -> str:
    return json.dumps(["PUT", key, upload_id, part_number])


def _object_payload(key: str, filename: str) -> str:
    return json.dumps(["GET", key, filename])


def _too_large(max_bytes: int) -> ObjectTooLarge:
    return ObjectTooLarge(f"The content has more than the {max_bytes:,} bytes allowed.", max_bytes=max_bytes)
