from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.services.storage.base import ObjectStore
from app.services.storage.providers.local import LocalObjectStore
from tests.services.storage.stores import BASE_URL, SUBJECTS, KeyedSigner, Subject


@pytest.fixture(params=SUBJECTS.values(), ids=SUBJECTS.keys())
def subject(request: pytest.FixtureRequest) -> Subject:
    chosen: Subject = request.param
    return chosen


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
