"""Multipart uploads in the shapes of Uppy's S3 plugin, which uses S3's own names for parts."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from app.api.v1.schemas.common import In, Key, Line, Name, Out
from app.api.v1.schemas.interviews import InterviewOut


class UploadCreate(In):
    filename: Line
    type: Name = "application/octet-stream"
    size: int | None = Field(default=None, ge=0, description="Bytes; refused at once when over the limit")


class UploadBegun(Out):
    model_config = ConfigDict(populate_by_name=True)

    upload_id: str = Field(alias="uploadId")
    key: str
    part_size: int = Field(alias="partSize", description="Bytes of every part but the last")


class SignedPart(Out):
    method: str
    url: str
    headers: dict[str, str]


class UploadedPart(Out):
    model_config = ConfigDict(populate_by_name=True)

    part_number: int = Field(alias="PartNumber")
    size: int = Field(alias="Size")
    etag: str = Field(alias="ETag")


class PartReference(In):
    model_config = ConfigDict(populate_by_name=True, extra="ignore")

    part_number: int = Field(alias="PartNumber", ge=1, le=10_000)
    etag: Key = Field(alias="ETag")


class UploadComplete(In):
    parts: list[PartReference] = Field(min_length=1, max_length=10_000)


class CompletedUpload(Out):
    location: str
    interview: InterviewOut
