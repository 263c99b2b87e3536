"""The stores that the contract suite runs against. A new store is one more entry in `SUBJECTS`."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from app.core.config import StorageBackend, StorageSettings
from app.services.storage.base import ObjectStore
from app.services.storage.factory import build_store
from app.services.storage.providers.local import LocalObjectStore

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
    send_part: Callable[[ObjectStore, str, int, bytes], Awaitable[str]]


def open_local(root: Path) -> ObjectStore:
    settings = StorageSettings(_env_file=None, storage_backend=StorageBackend.LOCAL)
    return build_store(settings, root=root, base_url=BASE_URL, signer=KeyedSigner())


async def send_part_to_local(store: ObjectStore, upload_id: str, number: int, data: bytes) -> str:
    assert isinstance(store, LocalObjectStore)
    part = await store.put_part(upload_id, number, stream([data]), max_bytes=len(data))
    return part.etag


SUBJECTS: dict[str, Subject] = {"local": Subject(open_local, send_part_to_local)}


async def stream(chunks: Iterable[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def collect(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


def files_beneath(top: Path) -> list[Path]:
    return sorted(path.relative_to(top) for path in top.rglob("*") if path.is_file())
