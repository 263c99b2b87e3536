"""The interview that small drafts are measured on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.quality.interview import LabelledInterview
from tests.bench.labelled import GOLD, read


@pytest.fixture
def interview(tmp_path: Path) -> LabelledInterview:
    return read(tmp_path, GOLD)
