"""An import of many files is killed in the middle and run again."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from tests.command_line.conftest import BACKEND
from tests.command_line.importing.conftest import imported, interviews, outcomes, write_talks
from tests.fixtures.server import SAMPLES, RunningServer, SettingsFactory, running, token_for

TALKS = 200


async def killed_import(server: RunningServer, folder: Path, *, after: int) -> None:
    """An import that gets SIGKILL once the server has this many interviews."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.cli", "import", str(folder)),
        *("--server", server.url, "--token", token_for("ada")),
        cwd=BACKEND,
        env={**os.environ, "NO_COLOR": "1"},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    api = server.client()
    async with asyncio.timeout(60):
        while len(await interviews(api)) < after:
            assert process.returncode is None, "it ended before it could be killed"
            await asyncio.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    await process.wait()


@pytest.mark.slow
class TestTwoHundredFiles:
    async def test_run_again_it_brings_the_rest_and_nothing_twice(
        self, settings_with: SettingsFactory, tmp_path: Path
    ) -> None:
        folder = tmp_path / "talks"
        write_talks(folder / "spring", range(120))
        write_talks(folder / "autumn", range(120, TALKS - 1))
        shutil.copy(SAMPLES / "interview-30s.wav", folder / "sample.wav")
        shutil.copy(SAMPLES / "script.json", folder / "sample.json")
        async with running(settings_with()) as server:
            await killed_import(server, folder, after=60)
            there = len(await interviews(server.client()))
            assert 60 <= there < TALKS

            rows = await imported(server, str(folder))
            assert len(rows) == TALKS
            assert outcomes(rows).keys() <= {"done", "present"}

            listed = await interviews(server.client())
            assert len(listed) == TALKS
            assert len({row["external_id"] for row in listed}) == TALKS
            assert {row["status"] for row in listed} == {"done"}
            assert {row["transcript_revision"] for row in listed} == {1}, "no file was sent twice"
            assert {row["analysis_revision"] for row in listed} == {1}
