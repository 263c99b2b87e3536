"""Which store the settings ask for."""

from __future__ import annotations

from pathlib import Path

from app.core.config import StorageBackend, StorageSettings
from app.services.storage.base import ObjectStore, UrlSigner
from app.services.storage.providers.local import LocalObjectStore


def build_store(settings: StorageSettings, *, root: Path, base_url: str, signer: UrlSigner) -> ObjectStore:
    """`root` is the directory of a local store, `base_url` the public address of this server."""
    if settings.backend is StorageBackend.R2:
        raise NotImplementedError
    return LocalObjectStore(root, base_url=base_url, signer=signer)
