"""`debrief` against a real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from anyio import fail_after, run_process

from tests.fixtures.openai import running_openai
from tests.fixtures.server import SAMPLES, RunningServer, SettingsFactory, running, token_for, wait_until
from tests.standins.openai.brains import diligent

BACKEND = Path(__file__).resolve().parents[2]
TEMPLATE = "builtin-software-engineer"


@dataclass(frozen=True)
class Ended:
    exit_code: int
    output: str
    """Of both streams, so that a traceback would be seen."""


async def command(server: RunningServer, *arguments: str, seconds: float = 60) -> Ended:
    """As Ada runs it: in a process of its own, eighty columns wide, its output in a pipe."""
    call = [sys.executable, "-m", "app.cli", *arguments, "--server", server.url, "--token", token_for("ada")]
    with fail_after(seconds):
        ended = await run_process(
            call,
            cwd=BACKEND,
            env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"},
            stderr=subprocess.STDOUT,
            check=False,
        )
    return Ended(ended.returncode, ended.stdout.decode())


@pytest.fixture
async def analysed(settings_with: SettingsFactory) -> AsyncIterator[tuple[RunningServer, str]]:
    """A server with one interview that a model has analysed, of which Ada is to rate the candidate."""
    async with (
        running_openai(brains=diligent()) as openai,
        running(settings_with(openai=openai.settings().model_dump())) as server,
    ):
        yield server, await an_interview(server.client("ada"))
        assert openai.violations == []


async def an_interview(api: httpx.AsyncClient) -> str:
    body = {
        "title": "Backend engineer [first round]",
        "candidate": {"name": "Daniel"},
        "participants": [
            {"name": "Sarah", "role": "interviewer"},
            {"name": "Ada", "role": "interviewer", "email": "ada@example.com"},
        ],
        "template": {"id": TEMPLATE},
        "language": "en",
    }
    interview = str((await api.post("/interviews", json=body)).json()["id"])
    script = (SAMPLES / "script.json").read_bytes()
    await api.put(
        f"/interviews/{interview}/transcript", content=script, headers={"X-Filename": "script.json"}
    )
    await wait_until(api, interview, "done")
    return interview


class TestDebrief:
    async def test_prints_saves_and_passes_on_one_debrief(
        self, analysed: tuple[RunningServer, str], tmp_path: Path
    ) -> None:
        server, interview = analysed
        printed = await command(server, "debrief", interview)
        assert printed.exit_code == 0, printed.output
        assert "Backend engineer [first round]" in printed.output
        assert "draft, to be confirmed by a person" in printed.output
        assert "openai (gpt-4o-mini" in printed.output
        assert max(map(len, printed.output.splitlines())) <= 80

        as_json = await command(server, "debrief", interview, "--json")
        answered = (await server.client("ada").get(f"/interviews/{interview}/analysis")).json()
        assert json.loads(as_json.output) == answered

        for name, begins in (("pdf", b"%PDF"), ("docx", b"PK"), ("md", b"# "), ("json", b"{")):
            file = tmp_path / f"debrief.{name}"
            saved = await command(server, "debrief", interview, "--export", name, str(file))
            assert saved.exit_code == 0, saved.output
            assert f"Saved to {file}" in saved.output
            assert file.read_bytes().startswith(begins)
        assert zipfile.is_zipfile(tmp_path / "debrief.docx")

    async def test_a_file_that_cannot_be_written_is_one_sentence(
        self, analysed: tuple[RunningServer, str], tmp_path: Path
    ) -> None:
        server, interview = analysed
        failed = await command(server, "debrief", interview, "--export", "md", str(tmp_path / "no" / "x.md"))
        assert failed.exit_code == 1
        assert "cannot be written" in failed.output

    async def test_a_debrief_that_is_hidden_says_how_to_get_to_see_it(
        self, analysed: tuple[RunningServer, str]
    ) -> None:
        server, interview = analysed
        api = server.client("ada")
        assert (await api.patch("/organisation", json={"visibility": "after_own"})).status_code == 200
        for options in ([], ["--json"]):
            hidden = await command(server, "debrief", interview, *options)
            assert hidden.exit_code == 1
            assert hidden.output.startswith("draft_hidden: Your organisation shows the debrief")
            assert f"PUT /api/v1/interviews/{interview}/scorecard" in hidden.output
            assert "Criteria" not in hidden.output

    async def test_an_interview_without_a_debrief_says_where_it_stands(self, server: RunningServer) -> None:
        made = await server.client("ada").post("/interviews", json={"title": "Later"})
        missing = await command(server, "debrief", made.json()["id"])
        assert missing.exit_code == 1
        assert "analysis_missing" in missing.output
        assert "created" in missing.output

    async def test_a_server_that_is_something_else_is_one_sentence(self, server: RunningServer) -> None:
        elsewhere = RunningServer(f"{server.url}/docs", server.settings)
        failed = await command(elsewhere, "debrief", "x")
        assert failed.exit_code == 1
        assert "Traceback" not in failed.output
