from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.services.storage.base import ObjectStore
from app.services.storage.providers.local import LocalObjectStore
from app.services.storage.providers.r2.store import R2ObjectStore
from tests.fixtures.s3 import S3Bucket
from tests.services.storage.stores import BASE_URL, KeyedSigner, Subject, local_subject, open_r2, s3_subject


@pytest.fixture(params=["local", "s3"])
def subject(request: pytest.FixtureRequest) -> Subject:
    return local_subject() if request.param == "local" else s3_subject(request.getfixturevalue("s3"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "objects"


@pytest.fixture
def store(subject: Subject, root: Path) -> ObjectStore:
    return subject.open(root)


@pytest.fixture
def disk_store(root: Path) -> LocalObjectStore:
    return LocalObjectStore(root, base_url=BASE_URL, signer=KeyedSigner())


@pytest.fixture
def left_on_disk(root: Path) -> Callable[[], list[str]]:
    """Everything kept, drafts and empty folders included; the local store's own three folders do not count."""
    return lambda: sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.parent != root)


@pytest.fixture
def r2_store(s3_bucket: S3Bucket, tmp_path: Path) -> R2ObjectStore:
    return open_r2(s3_bucket, tmp_path)


@pytest.fixture
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK's pauses between attempts, without the waiting."""
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
