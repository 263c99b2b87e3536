"""Objects as files beneath one directory; addresses for clients are signed here and served by the API.

    files/<key>             the content; that it exists is what makes the object exist
    files/…/.m.<name>       its note: content type and etag, valid for one size and modification time of the content
    files/…/.t.<random>     a draft: becomes content by one rename
    uploads/<id>/manifest   of a multipart upload: its key and content type
    uploads/<id>/<number>.<time>.<etag>    a part; of two with one number the later counts
    trash/                  moved here in one step, then removed

Directories are 0700 and files 0600. What a crash leaves is a draft or trash, both swept by `abort_stale`.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
import os
import re
import secrets
import stat
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar
from urllib.parse import quote, urlencode

import anyio
from anyio import to_thread

from app.core.errors import RangeNotSatisfiable
from app.services.storage.base import (
    KeyInvalid,
    ObjectNotFound,
    ObjectTooLarge,
    Part,
    PartsInvalid,
    RemovedMeanwhile,
    SignatureExpired,
    SignatureInvalid,
    SignedRequest,
    StorageFull,
    StoredObject,
    UploadNotFound,
    UrlSigner,
    checked_key,
    checked_part_number,
    checked_parts,
    checked_prefix,
)

BATCH_BYTES: Final = 2**20
"""Received bytes are handed to a thread in batches: one hop per network chunk would cost more than the writing."""
BATCH_CHUNKS: Final = 4096
READ_BYTES: Final = 256 * 1024
THREADS: Final = 16

_UPLOAD_ID: Final = re.compile(r"[0-9a-f]{32}")
_GONE: Final = (FileNotFoundError, NotADirectoryError)
_P = ParamSpec("_P")
_T = TypeVar("_T")


class LocalObjectStore:
    """See `ObjectStore` for the contract of each method; `base_url` is the public address of this server."""

    def __init__(self, root: Path, *, base_url: str | Callable[[], str], signer: UrlSigner) -> None:
        root = root.absolute()
        self._files, self._uploads, self._trash = root / "files", root / "uploads", root / "trash"
        self._base_url = base_url
        self._signer = signer
        self._threads = anyio.CapacityLimiter(THREADS)
        self._committing = threading.Lock()

    # Whole objects

    async def put(
        self, key: str, chunks: AsyncIterator[bytes], *, content_type: str, max_bytes: int
    ) -> StoredObject:
        draft = _Draft(self._path(key).parent)
        try:
            await self._run(self._open_for, draft, key)
            await self._receive(draft, chunks, max_bytes)
            return await self._run(self._publish, draft, key, content_type)
        finally:
            await self._run(self._discard, draft)

    async def put_bytes(self, key: str, data: bytes, content_type: str) -> StoredObject:
        async def once() -> AsyncIterator[bytes]:
            yield data

        return await self.put(key, once(), content_type=content_type, max_bytes=len(data))

    async def get_bytes(self, key: str) -> bytes:
        return b"".join([chunk async for chunk in self.read(key)])

    async def head(self, key: str) -> StoredObject | None:
        return await self._run(self._describe, key, self._path(key))

    async def read(self, key: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        if start < 0 or (end is not None and end < start):
            raise RangeNotSatisfiable("A range begins at 0 or later and does not end before it begins.")
        descriptor, size = await self._run(_open_object, key, self._path(key))
        stop = size if end is None else min(end, size)
        try:
            while start < stop:
                chunk = await self._run(os.pread, descriptor, min(READ_BYTES, stop - start), start)
                if not chunk:
                    raise ObjectNotFound(f"The object {key} was cut short while it was read.")
                start += len(chunk)
                yield chunk
        finally:
            os.close(descriptor)

    @asynccontextmanager
    async def as_file(self, key: str) -> AsyncIterator[Path]:
        path = self._path(key)
        descriptor, _ = await self._run(_open_object, key, path)
        os.close(descriptor)
        yield path

    def local_path(self, key: str) -> Path | None:
        return self._path(key)

    async def delete(self, key: str) -> None:
        await self._run(self._delete, self._path(key))

    async def delete_prefix(self, prefix: str) -> int:
        return await self._run(self._delete_prefix, checked_prefix(prefix))

    # Uploads in parts

    async def create_multipart(self, key: str, content_type: str) -> str:
        self._path(key)
        upload_id = secrets.token_hex(16)
        manifest = {"key": key, "content_type": content_type}
        await self._run(_write_new, self._uploads / upload_id / "manifest", manifest)
        return upload_id

    async def put_part(
        self, upload_id: str, part_number: int, chunks: AsyncIterator[bytes], max_bytes: int
    ) -> Part:
        """Receive one part, in place of an earlier one with its number; as careful as `put`."""
        checked_part_number(part_number)
        draft = _Draft(self._folder(upload_id))
        try:
            await self._run(self._manifest, upload_id)
            await self._run(draft.open)
            await self._receive(draft, chunks, max_bytes)
            return await self._run(_keep_part, draft, part_number)
        except FileNotFoundError:
            raise _no_upload() from None
        finally:
            await self._run(draft.discard)

    async def list_parts(self, key: str, upload_id: str) -> list[Part]:
        await self._run(self._manifest, upload_id, key)
        return list(await self._run(_parts_in, self._folder(upload_id)))

    async def complete_multipart(
        self, key: str, upload_id: str, parts: Sequence[tuple[int, str]], max_bytes: int
    ) -> StoredObject:
        content_type = (await self._run(self._manifest, upload_id, key))["content_type"]
        received = await self._run(_parts_in, self._folder(upload_id))
        chosen = checked_parts(parts, list(received))
        if sum(part.size for part in chosen) > max_bytes:
            raise _too_large(max_bytes)
        # The parts are copied, not moved: until the object is there, a crash or an error leaves them as they were.
        draft = _Draft(self._path(key).parent)
        try:
            await self._run(self._open_for, draft, key)
            for part in chosen:
                try:
                    await self._run(draft.append, received[part])
                except FileNotFoundError:
                    await self._run(self._manifest, upload_id, key)
                    number = part.part_number
                    raise PartsInvalid(f"Part {number} was replaced meanwhile.", part_number=number) from None
            await self._run(draft.finish, [])
            stored = await self._run(self._publish, draft, key, content_type)
        finally:
            await self._run(self._discard, draft)
        await self._run(self._drop, self._folder(upload_id))
        return stored

    async def abort_multipart(self, key: str, upload_id: str) -> None:
        with suppress(UploadNotFound):
            await self._run(self._manifest, upload_id, key)
            await self._run(self._drop, self._folder(upload_id))

    async def abort_stale(self, older_than: timedelta) -> int:
        return await self._run(self._sweep, time.time() - older_than.total_seconds())

    # Addresses for clients

    async def sign_part(
        self, key: str, upload_id: str, part_number: int, *, expires_in: int
    ) -> SignedRequest:
        payload = _part_payload(self._checked(key), upload_id, checked_part_number(part_number))
        path = f"uploads/{quote(upload_id, safe='')}/parts/{part_number}"
        return self._signed("PUT", path, payload, expires_in, {"key": key})

    async def sign_get(
        self, key: str, *, expires_in: int, filename: str | None = None, content_type: str | None = None
    ) -> SignedRequest | None:
        del content_type  # kept with the object; the address has no room for a second opinion
        payload = _object_payload(self._checked(key), filename or "")
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
        """Raise `SignatureExpired` or `SignatureInvalid` unless `sign_get` made this address; no name is ""."""
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
