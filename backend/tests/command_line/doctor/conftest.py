"""The patient of these tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line.doctor.patient import Patient


@pytest.fixture
def patient(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Patient:
    return Patient(tmp_path, capsys, monkeypatch)
