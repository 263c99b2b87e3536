"""Which store the settings ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias, assert_never

from app.core.config import StorageBackend
from app.services.storage.base import ObjectStore, UrlSigner
from app.services.storage.providers.local import LocalObjectStore

StorageKind: TypeAlias = StorageBackend
"""The settings' own set of names: a second one beside it could only drift."""


def build_store(*, kind: StorageKind, root: Path, base_url: str, signer: UrlSigner) -> ObjectStore:
    """`root` is the directory of a local store, `base_url` the public address of this server."""
    match kind:
        case StorageBackend.LOCAL:
            return LocalObjectStore(root, base_url=base_url, signer=signer)
    assert_never(kind)
