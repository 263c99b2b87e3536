"""Whatever happens to a backup's files is found, before anything is written from them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.repositories.base import Kind
from app.repositories.schema import SCHEMA_VERSION
from app.services.backup.checking import check_backup
from app.services.backup.manifest import FORMAT, BackupDamaged, BackupTooNew
from tests.services.backup.conftest import RECORDING, OpenInstallation, unwatched


@pytest.fixture
async def backup(installation: OpenInstallation, folder: Path) -> Path:
    async with installation("sqlite") as full:
        await full.fill()
        await full.back_up(folder)
    return folder


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def twice(path: Path) -> None:
    path.write_bytes(path.read_bytes() * 2)


def remove(path: Path) -> None:
    path.unlink()


FILES = ["documents/interviews.jsonl", "documents/transcripts.jsonl", "objects.jsonl", f"objects/{RECORDING}"]


class TestDamage:
    @pytest.mark.parametrize("file", FILES)
    @pytest.mark.parametrize("damage", [flip, cut, twice, remove])
    def test_is_found_and_named(self, backup: Path, file: str, damage: Callable[[Path], None]) -> None:
        damage(backup / file)
        with pytest.raises(BackupDamaged) as caught:
            check_backup(backup, unwatched)
        assert any(file in problem for problem in caught.value.problems)

    def test_all_of_it_is_named(self, backup: Path) -> None:
        for file in (FILES[0], FILES[3]):
            flip(backup / file)
        with pytest.raises(BackupDamaged) as caught:
            check_backup(backup, unwatched)
        assert len(caught.value.problems) == 2

    def test_objects_do_not_matter_when_they_are_left_out(self, backup: Path) -> None:
        remove(backup / f"objects/{RECORDING}")
        check_backup(backup, unwatched, with_objects=False)

    def test_a_backup_that_was_not_finished_is_none(self, backup: Path) -> None:
        remove(backup / "manifest.json")
        with pytest.raises(BackupDamaged, match=r"no finished backup"):
            check_backup(backup, unwatched)

    @pytest.mark.parametrize("content", [b"", b"{}", b'{"format": 1, "schema_version": 1, "release": "0"}'])
    def test_a_manifest_that_cannot_be_read(self, backup: Path, content: bytes) -> None:
        (backup / "manifest.json").write_bytes(content)
        with pytest.raises(BackupDamaged, match="cannot be read"):
            check_backup(backup, unwatched)

    @pytest.mark.parametrize("key", ["../../outside", "/etc/passwd", "orgs/../../outside"])
    def test_a_key_never_leads_out_of_the_folder(self, backup: Path, key: str) -> None:
        index = backup / "objects.jsonl"
        index.write_text(index.read_text().replace(RECORDING, key))
        with pytest.raises(BackupDamaged):
            check_backup(backup, unwatched)


class TestReleases:
    @pytest.mark.parametrize("newer", [{"schema_version": 99}, {"format": 2}, {"format": 2, "documents": 7}])
    def test_a_newer_one_is_refused(self, backup: Path, newer: dict[str, int]) -> None:
        manifest = json.loads((backup / "manifest.json").read_bytes())
        (backup / "manifest.json").write_text(json.dumps(manifest | newer))
        with pytest.raises(BackupTooNew, match="newer release") as caught:
            check_backup(backup, unwatched)
        has = {"format": FORMAT, "schema_version": SCHEMA_VERSION} | newer
        assert f"it has format {has['format']} and schema {has['schema_version']}, " in caught.value.detail
        assert f"knows format {FORMAT} and schema {SCHEMA_VERSION}." in caught.value.detail

    def test_a_kind_that_came_since_has_no_documents(self, backup: Path) -> None:
        manifest = json.loads((backup / "manifest.json").read_bytes())
        del manifest["documents"]["deliveries"]
        (backup / "manifest.json").write_text(json.dumps(manifest | {"schema_version": 2}))
        assert check_backup(backup, unwatched).documents[Kind.DELIVERIES].count == 0
