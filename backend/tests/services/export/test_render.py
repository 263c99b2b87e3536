from __future__ import annotations

import os

import anyio.to_process
import pytest

from app.core.errors import AppError
from app.services.export.facts import DebriefFacts
from app.services.export.render import ExportFailed, ExportFormat, ExportKind, render, rendered
from tests.services.export.facts import debrief_facts

BEGINNINGS = {
    ExportFormat.PDF: b"%PDF-",
    ExportFormat.DOCX: b"PK\x03\x04",
    ExportFormat.MARKDOWN: b"# Backend engineer",
    ExportFormat.JSON: b"{",
}


class TestRender:
    @pytest.mark.parametrize("kind", ExportKind)
    @pytest.mark.parametrize("format", ExportFormat)
    def test_every_kind_comes_in_every_format(self, kind: ExportKind, format: ExportFormat) -> None:
        assert render(kind, format, debrief_facts()).startswith(BEGINNINGS[format])


class TestRendered:
    @pytest.mark.parametrize("format", [ExportFormat.PDF, ExportFormat.MARKDOWN, ExportFormat.JSON])
    async def test_a_process_of_its_own_gives_the_same_bytes(self, format: ExportFormat) -> None:
        facts = debrief_facts()
        assert await rendered(ExportKind.DEBRIEF, format, facts) == render(ExportKind.DEBRIEF, format, facts)

    async def test_a_process_that_dies_is_a_problem_that_may_pass(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.services.export.render.render", _die)
        with pytest.raises(ExportFailed) as failed:
            await rendered(ExportKind.DEBRIEF, ExportFormat.PDF, debrief_facts())
        assert isinstance(failed.value, AppError)
        assert failed.value.status == 503
        assert await anyio.to_process.run_sync(os.getpid) != os.getpid()


def _die(kind: ExportKind, format: ExportFormat, facts: DebriefFacts) -> bytes:
    os._exit(1)
