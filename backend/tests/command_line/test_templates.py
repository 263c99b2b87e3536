"""`templates` against a real server."""

from __future__ import annotations

import json
from pathlib import Path

from tests.command_line.conftest import TEMPLATE, command
from tests.fixtures.server import RunningServer


class TestTemplates:
    async def test_what_is_exported_is_imported_again(self, server: RunningServer, tmp_path: Path) -> None:
        file = tmp_path / "template.json"
        saved = await command(server, "templates", "export", TEMPLATE, str(file))
        assert saved.exit_code == 0, saved.output
        document = json.loads(file.read_bytes())
        assert document["format"] == "debrief.template"

        made = await command(server, "templates", "import", str(file))
        assert made.exit_code == 0, made.output
        assert f"{len(document['questions'])} questions" in made.output
        assert "from a file of Debrief" in made.output
        [new] = [
            row
            for row in (await server.client("ada").get("/templates")).json()["items"]
            if row["id"] in made.output
        ]
        assert new["current"]["questions"] == document["questions"]

    async def test_what_a_file_of_others_has_and_a_template_has_not_is_named(
        self, server: RunningServer, tmp_path: Path
    ) -> None:
        file = tmp_path / "greenhouse.json"
        file.write_text(
            json.dumps(
                {
                    "interview": "Onsite [loop]",
                    "attributes": [{"name": "Ownership", "type": "Skills", "rating": "yes"}],
                    "questions": [{"id": None, "question": "Key Take-Aways", "answer": "Strong."}],
                }
            )
        )
        made = await command(server, "templates", "import", str(file))
        assert made.exit_code == 0, made.output
        assert "1 criteria" in made.output
        assert "Left out:" in made.output

    async def test_a_file_that_is_no_template_is_refused_in_one_sentence(
        self, server: RunningServer, tmp_path: Path
    ) -> None:
        file = tmp_path / "list.json"
        file.write_text('{"shopping": ["milk"]}')
        refused = await command(server, "templates", "import", str(file))
        assert refused.exit_code == 1
        assert "template_unreadable" in refused.output

    async def test_a_file_that_is_not_there_is_one_sentence(
        self, server: RunningServer, tmp_path: Path
    ) -> None:
        missing = await command(server, "templates", "import", str(tmp_path / "nothing.json"))
        assert missing.exit_code == 1
        assert "cannot be read" in missing.output

    async def test_a_template_that_is_not_there_is_said_so(
        self, server: RunningServer, tmp_path: Path
    ) -> None:
        missing = await command(server, "templates", "export", "nobodys", str(tmp_path / "x.json"))
        assert missing.exit_code == 1
        assert "not_found" in missing.output or "template" in missing.output
        assert not (tmp_path / "x.json").exists()
