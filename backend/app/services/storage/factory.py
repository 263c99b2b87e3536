"""Which store the settings ask for."""

from __future__ import annotations

from pathlib import Path

from app.core.config import StorageBackend, StorageSettings
from app.services.storage.base import ObjectStore, UrlSigner
from app.services.storage.providers.local import LocalObjectStore


def build_store(settings: StorageSettings, *, root: Path, base_url: str, signer: UrlSigner) -> ObjectStore:
    """`root` is the directory of a local store, or of another store's temporary copies; `base_url` our public address.

    Raises `SettingsError` when the settings of a store on the network cannot be used; makes no request.
    """
    if settings.backend is StorageBackend.R2:
        # Imported here: the S3 client takes a tenth of the start, and most installations keep files on their disk.
        from app.services.storage.providers.r2.client import open_clients  # noqa: PLC0415
        from app.services.storage.providers.r2.store import R2ObjectStore  # noqa: PLC0415

        return R2ObjectStore(open_clients(settings), scratch=root / "copies")
    return LocalObjectStore(root, base_url=base_url, signer=signer)
