"""A MongoDB that was written by a newer release, or does not confirm what it is given."""

from __future__ import annotations

import pytest
from pymongo import MongoClient

from app.command_line.doctor.database import note_writing
from app.command_line.doctor.finding import Notes, Subject
from app.core.database.mongo_facts import Writing, has_unchecked_certificate
from app.repositories.schema import SCHEMA_VERSION
from tests.command_line.doctor.patient import Patient, found


class TestStored:
    @pytest.mark.parametrize(
        ("version", "sentence", "status"),
        [(SCHEMA_VERSION, "up to date", "ok"), (SCHEMA_VERSION + 1, "newer release", "failed")],
    )
    async def test_its_schema(
        self,
        patient: Patient,
        mongodb_url: str,
        mongodb_name: str,
        version: int,
        sentence: str,
        status: str,
    ) -> None:
        with MongoClient[dict[str, object]](mongodb_url) as client:
            client[mongodb_name]["schema"].insert_one({"_id": "schema", "version": version})
            patient.environment |= {"DATABASE_URL": mongodb_url, "DATABASE_NAME": mongodb_name}
            _, findings = await patient.examine(Subject.DATABASE)
            assert found(findings, sentence) == status
            assert client[mongodb_name]["schema"].find_one() == {"_id": "schema", "version": version}

    async def test_nothing_is_stored_by_looking(
        self, patient: Patient, mongodb_url: str, mongodb_name: str
    ) -> None:
        patient.environment |= {"DATABASE_URL": mongodb_url, "DATABASE_NAME": mongodb_name}
        code, findings = await patient.examine(Subject.DATABASE)
        assert code == 0
        assert found(findings, "a majority of the servers confirms") == "ok"
        with MongoClient[dict[str, object]](mongodb_url) as client:
            database = client[mongodb_name]
            assert [d for name in database.list_collection_names() for d in database[name].find()] == []


class TestWriting:
    @pytest.mark.parametrize(
        ("writing", "status"),
        [(Writing.CONFIRMED, "ok"), (Writing.FORBIDDEN, "failed"), (Writing.UNCONFIRMED, "failed")],
    )
    def test_what_became_of_it(self, writing: Writing, status: str) -> None:
        notes = Notes(Subject.DATABASE)
        note_writing(notes, writing, "hr_interviews")
        [finding] = notes.findings
        assert finding.status == status


class TestCertificate:
    def test_options_that_switch_its_check_off(self) -> None:
        assert has_unchecked_certificate("mongodb+srv://u:p@x.example/?tlsAllowInvalidCertificates=true")
        assert has_unchecked_certificate("mongodb://x.example/?tls=true&tlsInsecure=true")
        assert not has_unchecked_certificate("mongodb://x.example/?tls=true&tlsInsecure=false")
