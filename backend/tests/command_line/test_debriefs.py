"""`debrief` against a real server."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from tests.command_line.conftest import Analysed, command
from tests.fixtures.server import RunningServer


class TestDebrief:
    async def test_prints_saves_and_passes_on_one_debrief(self, analysed: Analysed, tmp_path: Path) -> None:
        server, interview = analysed.server, analysed.interview
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
        self, analysed: Analysed, tmp_path: Path
    ) -> None:
        server, interview = analysed.server, analysed.interview
        failed = await command(server, "debrief", interview, "--export", "md", str(tmp_path / "no" / "x.md"))
        assert failed.exit_code == 1
        assert "cannot be written" in failed.output

    async def test_a_debrief_that_is_hidden_says_how_to_get_to_see_it(self, analysed: Analysed) -> None:
        server, interview = analysed.server, analysed.interview
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
