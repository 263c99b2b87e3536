"""The blocking half for whole objects. For threads only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from botocore.response import StreamingBody

from app.services.storage.base import ObjectNotFound, StorageUnavailable, StoredObject
from app.services.storage.providers.r2.errors import RangePastEnd, translated

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client
    from types_boto3_s3.type_defs import DeleteTypeDef

_UNKNOWN_TYPE: Final = "application/octet-stream"


class Bucket:
    """`page_size` is how many names a store lists, or deletes, in one request (at most 1,000)."""

    def __init__(self, client: S3Client, name: str, *, page_size: int = 1000) -> None:
        self._client = client
        self._name = name
        self._page_size = page_size

    def put(self, key: str, content: bytes | bytearray, content_type: str) -> StoredObject:
        kind = sendable(content_type)
        with translated():
            answer = self._client.put_object(
                Bucket=self._name,
                Key=key,
                Body=content,  # type: ignore[arg-type] # the stubs leave bytearray out
                ContentType=kind,
            )
        return StoredObject(key, len(content), answer["ETag"].strip('"'), kind)

    def head(self, key: str) -> StoredObject | None:
        try:
            with translated():
                answer = self._client.head_object(Bucket=self._name, Key=key)
        except ObjectNotFound:
            return None
        content_type = answer.get("ContentType") or _UNKNOWN_TYPE
        return StoredObject(key, answer["ContentLength"], answer["ETag"].strip('"'), content_type)

    def open(self, key: str, start: int, end: int | None) -> StreamingBody | None:
        """The bytes from `start` up to, not including, `end`; None where there are none. Close it in the end."""
        if start == end:
            if self.head(key) is None:
                raise ObjectNotFound(f"There is no object {key}.")
            return None
        last = "" if end is None else end - 1
        try:
            with translated():
                if start == 0 and end is None:
                    return self._client.get_object(Bucket=self._name, Key=key)["Body"]
                return self._client.get_object(Bucket=self._name, Key=key, Range=f"bytes={start}-{last}")[
                    "Body"
                ]
        except RangePastEnd:
            return None
        except ObjectNotFound:
            raise ObjectNotFound(f"There is no object {key}.") from None

    def delete(self, key: str) -> None:
        with translated():
            self._client.delete_object(Bucket=self._name, Key=key)

    def delete_prefix(self, prefix: str) -> int:
        """Remove all objects beneath a prefix; gives their number."""
        count = 0
        for keys in self.pages(prefix):
            wanted: DeleteTypeDef = {"Objects": [{"Key": key} for key in keys], "Quiet": True}
            with translated():
                answer = self._client.delete_objects(Bucket=self._name, Delete=wanted)
            if failed := answer.get("Errors"):
                # A deletion must not look complete when it is not: the caller comes again.
                raise StorageUnavailable(f"{len(failed)} objects could not be deleted; try again.")
            count += len(keys)
        return count

    def pages(self, prefix: str) -> Iterator[list[str]]:
        """The keys beneath a prefix, as the store lists them."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._name, Prefix=prefix, PaginationConfig={"PageSize": self._page_size}
        )
        # The next page is asked for between two steps of this generator, so the errors are caught around each.
        listing = iter(pages)
        while True:
            with translated():
                page = next(listing, None)
            if page is None:
                return
            if keys := [found["Key"] for found in page.get("Contents", ())]:
                yield keys


def read_some(body: StreamingBody, count: int) -> bytes:
    with translated():
        return body.read(count)


def sendable(content_type: str) -> str:
    """A content type as a header can carry it: it comes from a client, and the signature covers it."""
    return content_type if content_type.isascii() and content_type.isprintable() else _UNKNOWN_TYPE
