"""The stores that the contract suite runs against. A new store is one more function here and a name in `conftest`."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.config import StorageBackend, StorageSettings
from app.services.storage.base import ObjectStore, UploadNotFound
from app.services.storage.factory import build_store
from app.services.storage.providers.local import LocalObjectStore
from app.services.storage.providers.r2.client import open_clients
from app.services.storage.providers.r2.store import R2ObjectStore
from tests.fixtures.s3 import S3Bucket, S3Server, anonymous, bucket_name

BASE_URL = "https://debrief.example"


class KeyedSigner:
    """The smallest thing that fits `UrlSigner`."""

    def sign(self, payload: str, expires_at: int) -> str:
        return hmac.new(b"k" * 32, f"{expires_at}\n{payload}".encode(), hashlib.sha256).hexdigest()

    def verify(self, payload: str, expires_at: int, signature: str) -> bool:
        return hmac.compare_digest(self.sign(payload, expires_at).encode(), signature.encode())


@dataclass(frozen=True)
class Subject:
    """A store under test: how to open it (again, after a restart) and how a client sends one part (gives its etag)."""

    open: Callable[[Path], ObjectStore]
    send_part: Callable[[ObjectStore, str, str, int, bytes], Awaitable[str]]


def open_local(root: Path) -> ObjectStore:
    settings = StorageSettings(_env_file=None, storage_backend=StorageBackend.LOCAL)
    return build_store(settings, root=root, base_url=BASE_URL, signer=KeyedSigner())


async def send_part_to_local(store: ObjectStore, key: str, upload_id: str, number: int, data: bytes) -> str:
    assert isinstance(store, LocalObjectStore)
    part = await store.put_part(upload_id, number, stream([data]), max_bytes=len(data))
    return part.etag


def local_subject() -> Subject:
    return Subject(open_local, send_part_to_local)


def s3_subject(server: S3Server) -> Subject:
    """Each directory stands for a bucket of its own, which is there as long as the server is."""

    def open_s3(root: Path) -> ObjectStore:
        settings = server.bucket(bucket_name(str(root))).settings()
        return build_store(settings, root=root, base_url=BASE_URL, signer=KeyedSigner())

    return Subject(open_s3, send_part_to_url)


def open_r2(bucket: S3Bucket, folder: Path, *, page_size: int = 1000, **changes: Any) -> R2ObjectStore:
    """A store on a bucket, with fields of its settings changed."""
    clients = open_clients(bucket.settings(**changes))
    return R2ObjectStore(clients, scratch=folder / "copies", page_size=page_size)


async def send_part_to_url(store: ObjectStore, key: str, upload_id: str, number: int, data: bytes) -> str:
    """What a browser does: it asks for an address and sends the bytes there."""
    signed = await store.sign_part(key, upload_id, number, expires_in=60)
    async with anonymous() as client:
        sent = await client.request(signed.method, signed.url, content=data, headers=signed.headers)
    if sent.status_code == 404 and "NoSuchUpload" in sent.text:
        raise UploadNotFound("gone")
    assert sent.status_code == 200, sent.text
    return str(sent.headers["etag"]).strip('"')


async def stream(chunks: Iterable[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def collect(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


def files_beneath(top: Path) -> list[Path]:
    return sorted(path.relative_to(top) for path in top.rglob("*") if path.is_file())
