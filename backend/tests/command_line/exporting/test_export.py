"""`export` against a real server."""

from __future__ import annotations

import json
from pathlib import Path

from tests.command_line.conftest import Analysed, an_interview, invoked
from tests.command_line.importing.conftest import rows_of


async def test_debriefs_are_saved_once_in_every_format(analysed: Analysed, tmp_path: Path) -> None:
    server, interview = analysed.server, analysed.interview
    folder = tmp_path / "debriefs"
    formats = [option for one in ("md", "json", "docx", "transcript-json") for option in ("--format", one)]
    saved = await invoked(server, "export", interview, "--to", str(folder), *formats)
    assert saved.exit_code == 0, saved.output
    stem = f"Backend engineer [first round] ({interview[-8:]})"
    assert {file.name for file in folder.iterdir()} == {
        f"{stem}.md",
        f"{stem}.json",
        f"{stem}.docx",
        f"{stem}.transcript.json",
    }
    assert json.loads((folder / f"{stem}.transcript.json").read_text())["utterances"]
    assert (folder / f"{stem}.docx").read_bytes().startswith(b"PK")
    assert f"saved   {stem}.md" in saved.output
    assert saved.output.splitlines()[-1] == "4 saved"

    (folder / f"{stem}.md").write_text("mine")
    again = await invoked(server, "export", interview, "--to", str(folder), *formats)
    assert again.output.splitlines()[-1] == "4 there"
    assert (folder / f"{stem}.md").read_text() == "mine"
    forced = await invoked(server, "export", interview, "--to", str(folder), "--format", "md", "--force")
    assert forced.exit_code == 0
    assert (folder / f"{stem}.md").read_text().startswith("# ")


async def test_a_transcript_is_saved_as_text_subtitles_and_word_document(
    analysed: Analysed, tmp_path: Path
) -> None:
    folder = tmp_path / "transcripts"
    formats = [f"--format=transcript-{format}" for format in ("txt", "srt", "vtt", "docx")]
    saved = await invoked(analysed.server, "export", analysed.interview, "--to", str(folder), *formats)
    assert saved.exit_code == 0, saved.output
    stem = f"Backend engineer [first round] ({analysed.interview[-8:]}).transcript"
    assert (folder / f"{stem}.txt").read_text().startswith("Debrief transcript: Backend engineer")
    assert (folder / f"{stem}.srt").read_text().startswith("1\n00:00:")
    assert (folder / f"{stem}.vtt").read_text().startswith("WEBVTT")
    assert (folder / f"{stem}.docx").read_bytes().startswith(b"PK")


async def test_all_that_match_are_saved_and_what_has_no_debrief_is_named(
    analysed: Analysed, tmp_path: Path
) -> None:
    api = analysed.server.client("ada")
    second = await an_interview(api)
    await api.patch(f"/interviews/{second}", json={"title": "../../escape", "tags": ["autumn"]})
    await api.post("/interviews", json={"title": "Later", "tags": ["autumn"]})
    folder = tmp_path / "all"
    options = ["--to", str(folder), "--format", "md", "--json"]

    everything = await invoked(analysed.server, "export", "--all", *options)
    assert everything.exit_code == 0, everything.output
    endings = {row["title"]: row["ending"] for row in rows_of(everything)}
    assert endings == {
        "Backend engineer [first round]": "saved",
        "../../escape": "saved",
        "Later": "not yet",
    }
    assert len([file for file in folder.iterdir() if "escape" in file.name]) == 1

    async def titles(*filters: str) -> set[str]:
        ended = await invoked(analysed.server, "export", "--all", *options, *filters)
        return {row["title"] for row in rows_of(ended)}

    assert await titles("--tag", "autumn") == {"../../escape", "Later"}
    assert await titles("--status", "done", "--tag", "autumn") == {"../../escape"}
    assert await titles("--candidate", "dan") == {"Backend engineer [first round]", "../../escape"}
    assert await titles("--since", "2999-01-01") == set()


async def test_what_is_named_and_cannot_be_saved_fails(analysed: Analysed, tmp_path: Path) -> None:
    server = analysed.server
    later = (await server.client("ada").post("/interviews", json={"title": "Later"})).json()["id"]
    there = ["--to", str(tmp_path / "x"), "--format", "md"]
    mixed = await invoked(server, "export", "nobodys", later, analysed.interview, *there)
    assert mixed.exit_code == 1
    assert "interview_not_found" in mixed.output
    assert "no debrief yet, it is created" in mixed.output
    assert "1 saved, 1 not yet, 1 failed" in mixed.output

    (tmp_path / "file").write_text("x")
    for wrong in ([], ["x", "--all"], ["x", "--tag", "y"], ["x", "--to", str(tmp_path / "file")]):
        refused = await invoked(server, "export", *wrong)
        assert refused.exit_code == 2, refused.output
