"""A stream on its way into the bucket: one part travels while the next one is collected."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

import structlog
from anyio.lowlevel import checkpoint_if_cancelled

from app.core.errors import AppError
from app.services.storage.base import (
    MAX_PART_NUMBER,
    Part,
    RemovedMeanwhile,
    StorageUnavailable,
    StoredObject,
    UploadNotFound,
)
from app.services.storage.providers.r2.bucket import Bucket
from app.services.storage.providers.r2.uploads import Uploads
from app.services.storage.providers.threads import Threads, outcome

log = structlog.get_logger(__name__)

PART_BYTES: Final = 8 * 2**20


class Sending:
    """Takes the bytes of one object; what fits into one part goes as one request, at the end.

    Holds at most two parts in memory. After an error or a cancellation call `give_up`.
    """

    def __init__(
        self, bucket: Bucket, uploads: Uploads, threads: Threads, key: str, content_type: str, max_bytes: int
    ) -> None:
        self._bucket = bucket
        self._uploads = uploads
        self._threads = threads
        self._key = key
        self._content_type = content_type
        self._part_bytes = max(PART_BYTES, -(-max_bytes // MAX_PART_NUMBER))
        self._held = bytearray()
        self._upload_id = ""
        self._parts: list[Part] = []
        self._travelling: asyncio.Task[Part] | None = None

    async def add(self, chunk: bytes) -> None:
        rest = memoryview(chunk)
        while rest:
            if len(self._held) == self._part_bytes:
                await self._send()
            room = self._part_bytes - len(self._held)
            self._held += rest[:room]
            rest = rest[room:]

    async def finish(self) -> StoredObject:
        """Raises `RemovedMeanwhile` when the upload was given up by somebody else."""
        if not self._upload_id:
            return await self._threads.run(self._bucket.put, self._key, self._held, self._content_type)
        await self._send()
        await self._arrived()
        size = sum(part.size for part in self._parts)
        # A lost answer is asked for again, and the second answer is that there is no such upload: look what is there.
        with suppress(UploadNotFound):
            await self._threads.run(self._uploads.complete, self._key, self._upload_id, self._parts)
        stored = await self._threads.run(self._bucket.head, self._key)
        if stored is None:
            raise RemovedMeanwhile("The object was deleted while it was received.")
        return checked_size(stored, size)

    async def give_up(self) -> None:
        """Leave nothing behind; a part on its way is waited for, because it would arrive after the end."""
        if self._travelling:
            with suppress(AppError):
                await outcome(self._travelling)
        if self._upload_id:
            try:
                await self._threads.surely(self._uploads.abort, self._key, self._upload_id)
            except AppError as error:
                # The sweep of stale uploads, or the bucket's own rule, takes it away later.
                log.warning("storage.abort_failed", code=error.code)

    async def _send(self) -> None:
        # A stream that always has more never waits, so nothing else here would notice a timeout.
        await checkpoint_if_cancelled()
        if not self._upload_id:
            self._upload_id = await self._threads.run(self._uploads.begin, self._key, self._content_type)
        await self._arrived()
        content, self._held = self._held, bytearray()
        number = len(self._parts) + 1
        self._travelling = self._threads.start(
            self._uploads.send, self._key, self._upload_id, number, content
        )

    async def _arrived(self) -> None:
        if self._travelling is None:
            return
        try:
            self._parts.append(await outcome(self._travelling))
        except UploadNotFound:
            raise RemovedMeanwhile("The upload was given up while it was received.") from None
        self._travelling = None


def checked_size(stored: StoredObject, size: int) -> StoredObject:
    """What the store says that it keeps, if that is all that was sent."""
    if stored.size != size:
        raise StorageUnavailable(
            f"The object store kept {stored.size:,} of {size:,} bytes; send the file again."
        )
    return stored
