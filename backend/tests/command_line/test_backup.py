"""`backup` and `restore` as an administrator runs them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.cli import cli
from app.repositories.factory import open_repositories
from app.services.backup.manifest import read_manifest
from tests.command_line.test_cli import run
from tests.fixtures.everything import fill


def fill_installation(data_dir: Path) -> None:
    async def work() -> None:
        async with open_repositories(None, "unused", data_dir) as repositories:
            await fill(repositories.archive)

    asyncio.run(work())


async def users_of(data_dir: Path) -> set[str]:
    async with open_repositories(None, "unused", data_dir) as repositories:
        found = [await repositories.people.get_user(name) for name in ("ann", "bo")]
    return {user.id for user in found if user}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A backup of an installation with a document of every kind."""
    folder = tmp_path / "backup"
    fill_installation(tmp_path / "old")
    ended = run(tmp_path / "old", "backup", str(folder))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Written and checked" in ended.stdout
    assert "transcripts" in ended.stdout
    assert "secrets" in ended.stdout
    return folder


def verify(folder: Path, *options: str) -> Result:
    """In this process: it opens nothing but the backup."""
    return CliRunner().invoke(cli, ["backup", "--verify", *options, str(folder)], env={"NO_COLOR": "1"})


def test_there_and_back(written: Path, tmp_path: Path) -> None:
    verified = verify(written)
    assert verified.exit_code == 0
    assert "Checked: backup" in verified.output
    restored = run(tmp_path / "new", "restore", str(written))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "Restored and checked" in restored.stdout
    assert asyncio.run(users_of(tmp_path / "new")) == {"ann", "bo"}


def test_nothing_else_is_done_until_an_interrupted_restore_has_ended(written: Path, tmp_path: Path) -> None:
    new, written_id = tmp_path / "new", read_manifest(written).id

    async def interrupted() -> None:
        async with open_repositories(None, "unused", new) as repositories:
            await repositories.archive.begin_restore(written_id)

    asyncio.run(interrupted())
    refused = run(new, "users", "list")
    assert refused.returncode == 1
    assert "half restored" in refused.stdout
    assert "Traceback" not in refused.stdout + refused.stderr
    restored = run(new, "restore", str(written))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert asyncio.run(users_of(new)) == {"ann", "bo"}


def test_damage_and_refusals_are_said_in_words(written: Path, tmp_path: Path) -> None:
    refused = run(tmp_path / "old", "restore", str(written))
    assert refused.returncode == 1
    assert "Restore into an empty installation" in refused.stdout
    assert "Traceback" not in refused.stdout + refused.stderr
    with (written / "documents/interviews.jsonl").open("ab") as file:
        file.write(b"more\n")
    damaged = verify(written)
    assert damaged.exit_code == 1
    assert "documents/interviews.jsonl" in damaged.output


def test_objects_may_be_left_out_of_the_check(written: Path) -> None:
    assert "left out" not in verify(written).output
    (written / "objects.jsonl").unlink()
    assert verify(written).exit_code == 1
    verified = verify(written, "--no-objects")
    assert verified.exit_code == 0, verified.output
    assert "Objects were left out of the check." in verified.output


def test_a_folder_that_is_none_of_ours_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "holidays"
    folder.mkdir()
    (folder / "beach.jpg").write_bytes(b"x")
    assert verify(folder).exit_code == 1
    ended = run(tmp_path / "data", "backup", str(folder))
    assert ended.returncode == 1
    assert "is in use" in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr
    assert [path.name for path in folder.iterdir()] == ["beach.jpg"]
