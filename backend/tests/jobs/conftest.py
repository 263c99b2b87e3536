"""Steps of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.jobs.pipeline import PIPELINE
from app.models.interview import Status


@pytest.fixture
def notifying(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts a step of the test in the place of `notify`."""

    def use(step: object, **spec: object) -> None:
        monkeypatch.setitem(PIPELINE, Status.NOTIFYING, replace(PIPELINE[Status.NOTIFYING], run=step, **spec))

    return use
