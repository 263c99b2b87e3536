"""Settings with mistakes in them: named, and no reason to look away from the rest."""

from __future__ import annotations

from app.command_line.doctor.finding import Subject
from tests.command_line.doctor.patient import Patient, found


class TestWrongSettings:
    async def test_what_can_be_examined_is_examined(self, patient: Patient) -> None:
        patient.environment |= {"WORKER_MAX_ATTEMPTS": "none", "DATABASE_URL": "mysql://db"}
        code, findings = await patient.examine(Subject.STORAGE, Subject.DATABASE)
        assert code == 2
        assert found(findings, "WORKER_MAX_ATTEMPTS") == "failed"
        assert found(findings, "can be written and read") == "ok"
        [database] = [f for f in findings if f["subject"] == Subject.DATABASE]
        assert database["status"] == "skipped"

    async def test_a_weak_secret_keeps_nothing_else_from_being_examined(self, patient: Patient) -> None:
        patient.environment["AUTH_SECRET"] = "short"
        code, findings = await patient.examine()
        assert code == 2
        assert {f["subject"] for f in findings} == set(Subject)

    async def test_a_secret_that_can_be_neither_read_nor_made(self, patient: Patient) -> None:
        (patient.folder / "data").write_text("")
        del patient.environment["AUTH_SECRET"]
        code, findings = await patient.examine(Subject.DATABASE, Subject.STORAGE)
        assert code == 2
        assert found(findings, "neither read nor made") == "failed"
