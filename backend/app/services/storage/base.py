"""Object storage: the one protocol that every store speaks, its result types, its errors and its rules for names.

The protocol is what both a directory and S3 can do. Where they differ, the stricter one gives the rule: parts are
numbered from 1 to 10,000. Only S3 cares for their sizes: all but the last have the same, of at least 5 MiB, and the
last is not larger.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from app.core.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    ProviderRejected,
    TooLarge,
    Unavailable,
)

MAX_KEY_BYTES: Final = 1024
MAX_SEGMENT_BYTES: Final = 200
"""Of one name between slashes: file systems allow 255, and a store adds its own marks."""
MAX_PART_NUMBER: Final = 10_000


class KeyInvalid(InvalidInput):
    code = "key_invalid"


class ObjectTooLarge(TooLarge):
    code = "object_too_large"


class ObjectNotFound(NotFound):
    code = "object_not_found"


class UploadNotFound(NotFound):
    code = "upload_not_found"


class PartsInvalid(InvalidInput):
    """`extra["part_number"]` is the part at fault, where there is one."""

    code = "parts_invalid"


class RemovedMeanwhile(Conflict):
    """Everything beneath the prefix was deleted while the object was being received."""

    code = "removed_meanwhile"


class StorageFull(Unavailable):
    code = "storage_full"


class StorageUnavailable(Unavailable):
    """The object store did not answer, or asked for patience: worth another try."""

    code = "storage_unavailable"


class StorageRejected(ProviderRejected):
    """The object store refuses: a wrong key, no permission, no such bucket. The text says what to mend."""

    code = "storage_rejected"


class SignatureInvalid(Forbidden):
    code = "signature_invalid"


class SignatureExpired(SignatureInvalid):
    code = "signature_expired"


@dataclass(frozen=True, slots=True)
class StoredObject:
    """`size` in bytes; `etag` without quotes (of a local store the SHA-256 of the content, in hexadecimal)."""

    key: str
    size: int
    etag: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Part:
    """One received part of a multipart upload; `etag` names this very content in the completion."""

    part_number: int
    size: int
    etag: str


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request that anybody who holds it may make until `expires_at`: treat it as a secret."""

    method: str
    url: str
    headers: Mapping[str, str]
    expires_at: datetime


class UrlSigner(Protocol):
    """Makes and checks signatures of addresses; `expires_at` in seconds since 1970."""

    def sign(self, payload: str, expires_at: int) -> str: ...

    def verify(self, payload: str, expires_at: int, signature: str) -> bool: ...


class ObjectStore(Protocol):
    """Stores whole objects under keys. Every method that takes a key raises `KeyInvalid` for one outside the rules.

    A key becomes visible with its whole content or not at all; a store that has no room raises `StorageFull`. A store
    on the network may also raise `StorageUnavailable` and `StorageRejected`, and keeps no folders: there, removing a
    prefix can only be seen by an upload in parts that is under way.
    """

    async def put(
        self, key: str, chunks: AsyncIterator[bytes], *, content_type: str, max_bytes: int
    ) -> StoredObject:
        """Store a stream in constant memory, in place of what the key held.

        Leaves nothing behind when the stream raises, the caller is cancelled or there are more than `max_bytes`
        (`ObjectTooLarge`). Raises `RemovedMeanwhile` when `delete_prefix` took the place away.
        """
        ...

    async def put_bytes(self, key: str, data: bytes, content_type: str) -> StoredObject: ...

    async def get_bytes(self, key: str) -> bytes:
        """The whole content, for small objects. Raises `ObjectNotFound`."""
        ...

    async def head(self, key: str) -> StoredObject | None: ...

    def read(self, key: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` up to, not including, `end`, as a slice does: past the end there are none.

        The first step raises `ObjectNotFound`, or `RangeNotSatisfiable` for a negative or reversed range.
        """
        ...

    def as_file(self, key: str) -> AbstractAsyncContextManager[Path]:
        """A file with the content for as long as the block runs; it must not be changed. Raises `ObjectNotFound`."""
        ...

    def local_path(self, key: str) -> Path | None:
        """Where the content is, or would be, a file of this machine; None for a store that keeps it elsewhere."""
        ...

    async def delete(self, key: str) -> None:
        """Remove an object; no error when there is none."""
        ...

    async def delete_prefix(self, prefix: str) -> int:
        """Remove all objects and unfinished uploads beneath a prefix that ends with a slash; can be repeated.

        Gives the number of objects removed.
        """
        ...

    def list_keys(self, prefix: str) -> AsyncIterator[str]:
        """The keys of all objects beneath a prefix that ends with a slash, in no particular order.

        What is stored or removed meanwhile may be among them or not.
        """
        ...

    async def create_multipart(self, key: str, content_type: str) -> str:
        """Begin an upload in parts; gives its id. Survives a restart."""
        ...

    async def sign_part(
        self, key: str, upload_id: str, part_number: int, *, expires_in: int
    ) -> SignedRequest:
        """The request that sends one part; `expires_in` in seconds. Raises `PartsInvalid` for a number out of range."""
        ...

    async def list_parts(self, key: str, upload_id: str) -> list[Part]:
        """What has arrived so far, by part number. Raises `UploadNotFound`."""
        ...

    async def complete_multipart(
        self, key: str, upload_id: str, parts: Sequence[tuple[int, str]], max_bytes: int
    ) -> StoredObject:
        """Join the named parts (number, etag), numbers ascending, into the object and end the upload.

        Raises `UploadNotFound` (also for a second call), `PartsInvalid` and `ObjectTooLarge`; these leave the upload as
        it was, and so does a crash.
        """
        ...

    async def abort_multipart(self, key: str, upload_id: str) -> None:
        """Give up an upload and its parts; no error when there is none."""
        ...

    async def abort_stale(self, older_than: timedelta) -> int:
        """Give up the uploads to which nothing was added for so long, and what crashes left behind.

        Gives the number of uploads.
        """
        ...

    async def sign_get(
        self, key: str, *, expires_in: int, filename: str | None = None, content_type: str | None = None
    ) -> SignedRequest | None:
        """The request that reads an object; `expires_in` in seconds. Does not look whether the object exists.

        None when the store cannot hand out addresses: then send what `read` gives. A local store answers with the
        content type given when the object was stored, S3 with the one given here.
        """
        ...


def checked_key(key: str) -> str:
    """Give back a key that is safe in every store, else raise `KeyInvalid`.

    Names are separated by single slashes; none begins with a dot, which rules out `..` and keeps a store's own
    marks apart.
    """
    try:
        size = len(key.encode())
        longest = max(len(name.encode()) for name in key.split("/"))
    except UnicodeEncodeError:
        raise KeyInvalid("The key is not valid Unicode text.") from None
    if size > MAX_KEY_BYTES or longest > MAX_SEGMENT_BYTES:
        raise KeyInvalid(
            f"A key may have at most {MAX_KEY_BYTES} bytes, and {MAX_SEGMENT_BYTES} between two slashes."
        )
    if "\\" in key or any(ord(c) < 32 or ord(c) == 127 for c in key):
        raise KeyInvalid("A key may not hold backslashes or control characters.")
    if any(not name or name.startswith(".") for name in key.split("/")):
        raise KeyInvalid("A key is made of names joined by single slashes; none may begin with a dot.")
    return key


def checked_prefix(prefix: str) -> str:
    """Give back a prefix that names whole folders (`…/interviews/1/` does not reach `…/interviews/10/…`)."""
    if not prefix.endswith("/"):
        raise KeyInvalid("A prefix ends with a slash.")
    checked_key(prefix[:-1])
    return prefix


def checked_part_number(part_number: int) -> int:
    if not 1 <= part_number <= MAX_PART_NUMBER:
        raise PartsInvalid(f"Part numbers go from 1 to {MAX_PART_NUMBER:,}.", part_number=part_number)
    return part_number


def checked_parts(listed: Sequence[tuple[int, str]], received: Sequence[Part]) -> list[Part]:
    """The received parts that a completion lists, in order; raises `PartsInvalid` naming the first part at fault."""
    if not listed:
        raise PartsInvalid("List at least one part.")
    known = {part.part_number: part for part in received}
    chosen: list[Part] = []
    before = 0
    for number, etag in listed:
        checked_part_number(number)
        if number <= before:
            raise PartsInvalid(
                f"Part {number} is listed after part {before}; list each once, ascending.", part_number=number
            )
        part = known.get(number)
        if part is None:
            raise PartsInvalid(f"Part {number} has not arrived; send it first.", part_number=number)
        if part.etag != etag.strip('"'):
            raise PartsInvalid(
                f"Part {number} was received with another etag; send it again, or list the etag that came back.",
                part_number=number,
            )
        chosen.append(part)
        before = number
    return chosen
