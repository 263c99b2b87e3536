"""The file of the embedded database, as it is found."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from app.command_line.doctor.finding import Subject
from app.repositories.factory import EMBEDDED_FILE, open_repositories
from app.repositories.schema import SCHEMA_VERSION
from tests.command_line.doctor.patient import Patient, found


async def filled(patient: Patient) -> Path:
    """A database with its tables and some pages more."""
    async with open_repositories(None, "unused", patient.folder / "data"):
        pass
    path = patient.folder / "data" / EMBEDDED_FILE
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE more (text)")
    connection.executemany("INSERT INTO more VALUES (?)", [("x" * 500,)] * 1000)
    connection.commit()
    connection.close()
    return path


class TestFile:
    async def test_a_whole_one(self, patient: Patient) -> None:
        await filled(patient)
        code, findings = await patient.examine(Subject.DATABASE)
        assert code == 0
        assert found(findings, "opens and is whole") == "ok"
        assert found(findings, "schema is up to date") == "ok"

    async def test_none_is_made_by_looking(self, patient: Patient) -> None:
        code, findings = await patient.examine(Subject.DATABASE)
        assert code == 0
        assert found(findings, "no embedded database yet") == "ok"
        assert not (patient.folder / "data" / EMBEDDED_FILE).exists()

    async def test_a_damaged_one(self, patient: Patient) -> None:
        path = await filled(patient)
        content = bytearray(path.read_bytes())
        content[-20 * 4096 : -10 * 4096] = b"\xff" * (10 * 4096)
        path.write_bytes(content)
        code, findings = await patient.examine(Subject.DATABASE)
        assert code == 1
        assert found(findings, "is damaged") == "failed"

    async def test_one_that_is_something_else(self, patient: Patient) -> None:
        (patient.folder / "data").mkdir(mode=0o700)
        (patient.folder / "data" / EMBEDDED_FILE).write_text("not a database, however long this text is" * 20)
        code, findings = await patient.examine(Subject.DATABASE)
        assert code == 1
        assert found(findings, "cannot be opened") == "failed"

    async def test_one_of_a_newer_release_is_left_as_it_is(self, patient: Patient) -> None:
        path = await filled(patient)
        connection = sqlite3.connect(path)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        code, findings = await patient.examine(Subject.DATABASE)
        assert code == 1
        assert found(findings, "newer release") == "failed"
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION + 1,)
        connection.close()
