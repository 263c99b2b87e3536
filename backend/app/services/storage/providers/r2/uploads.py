"""The blocking half for uploads in parts. For threads only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.services.storage.base import Part, PartsInvalid, UploadNotFound
from app.services.storage.providers.r2.bucket import sendable
from app.services.storage.providers.r2.errors import translated

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client


@dataclass(frozen=True, slots=True)
class Unfinished:
    key: str
    id: str
    begun_at: datetime


class Uploads:
    """`page_size` is how many parts or uploads a store lists in one answer (at most 1,000)."""

    def __init__(self, client: S3Client, bucket: str, *, page_size: int = 1000) -> None:
        self._client = client
        self._bucket = bucket
        self._page_size = page_size

    def begin(self, key: str, content_type: str) -> str:
        with translated("create_multipart_upload"):
            answer = self._client.create_multipart_upload(
                Bucket=self._bucket, Key=key, ContentType=sendable(content_type)
            )
        return answer["UploadId"]

    def send(self, key: str, upload_id: str, number: int, content: bytes | bytearray) -> Part:
        with translated("upload_part"):
            answer = self._client.upload_part(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload_id,
                PartNumber=number,
                Body=content,  # type: ignore[arg-type] # the stubs leave bytearray out
            )
        return Part(number, len(content), answer["ETag"].strip('"'))

    def parts(self, key: str, upload_id: str) -> list[Part]:
        return [part for part, _ in self._parts(key, upload_id)]

    def complete(self, key: str, upload_id: str, parts: Sequence[Part]) -> None:
        listed = [{"PartNumber": part.part_number, "ETag": f'"{part.etag}"'} for part in parts]
        with translated("complete_multipart_upload"):
            self._client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload_id,
                MultipartUpload={"Parts": listed},  # type: ignore[typeddict-item]
            )

    def abort(self, key: str, upload_id: str) -> None:
        # A request without an id would mean the object itself.
        if not upload_id:
            return
        with suppress(UploadNotFound), translated("abort_multipart_upload"):
            self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload_id)

    def abort_beneath(self, prefix: str) -> None:
        for upload in self._unfinished(prefix):
            self.abort(upload.key, upload.id)

    def abort_stale(self, before: datetime) -> int:
        """Give up the uploads to which nothing was added since; gives their number."""
        count = 0
        for upload in self._unfinished(""):
            if upload.begun_at <= before and self._last_change(upload) <= before:
                self.abort(upload.key, upload.id)
                count += 1
        return count

    def _last_change(self, upload: Unfinished) -> datetime:
        with suppress(UploadNotFound):
            return max((at for _, at in self._parts(upload.key, upload.id)), default=upload.begun_at)
        return upload.begun_at

    def _parts(self, key: str, upload_id: str) -> list[tuple[Part, datetime]]:
        """The parts by number, each with the time of its arrival."""
        if not upload_id:
            raise UploadNotFound("There is no such upload in progress; begin a new one.")
        with translated("list_parts"):
            pages = self._client.get_paginator("list_parts").paginate(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload_id,
                PaginationConfig={"PageSize": self._page_size},
            )
            found = [entry for page in pages for entry in page.get("Parts", ())]
        return sorted(
            (
                (Part(entry["PartNumber"], entry["Size"], entry["ETag"].strip('"')), entry["LastModified"])
                for entry in found
            ),
            key=lambda pair: pair[0].part_number,
        )

    def _unfinished(self, prefix: str) -> Iterator[Unfinished]:
        # All of them before the first is given up: a listing that goes on from a name that is gone may skip some.
        with translated("list_multipart_uploads"):
            pages = self._client.get_paginator("list_multipart_uploads").paginate(
                Bucket=self._bucket, Prefix=prefix, PaginationConfig={"PageSize": self._page_size}
            )
            found = [entry for page in pages for entry in page.get("Uploads", ())]
        for entry in found:
            yield Unfinished(entry["Key"], entry["UploadId"], entry["Initiated"])


def checked_sizes(parts: Sequence[Part]) -> None:
    """Raise `PartsInvalid` naming the first part whose size differs: R2 joins only parts of one size.

    The last one may be smaller. AWS would take any sizes; one rule for all stores finds a faulty client early.
    """
    size = parts[0].size
    for part in parts[:-1]:
        if part.size != size:
            raise PartsInvalid(
                f"Part {part.part_number} has {part.size:,} bytes; all parts but the last must have {size:,} "
                "like the first.",
                part_number=part.part_number,
            )
    last = parts[-1]
    if last.size > size:
        raise PartsInvalid(
            f"Part {last.part_number}, the last, has {last.size:,} bytes; it may not be larger than the others "
            f"with {size:,}.",
            part_number=last.part_number,
        )
