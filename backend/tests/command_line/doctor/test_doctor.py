"""The check of an installation: what it finds, what it advises, what it never says."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.command_line.doctor.database import note_protection, note_rights
from app.command_line.doctor.finding import Examined, Notes, Subject
from app.command_line.doctor.server import check_clock
from app.core.config import Settings
from app.core.database.mongo_facts import hosts_of, is_loopback, uses_tls
from app.services.storage.providers.r2.rules import apply_rules
from tests.command_line.doctor.patient import STRONG, Patient, found
from tests.fixtures.deepgram import RunningDeepgram
from tests.fixtures.s3 import S3Bucket
from tests.fixtures.server import RunningServer, make_settings


class TestExitCode:
    async def test_a_fresh_installation_is_fit_although_some_things_are_missing(
        self, patient: Patient
    ) -> None:
        code, findings = await patient.examine()
        assert code == 0
        assert {f["subject"] for f in findings} == set(Subject) - {Subject.SETTINGS}
        assert found(findings, "embedded database") == "ok"

    async def test_warnings_fail_when_asked_to(self, patient: Patient) -> None:
        patient.environment["PUBLIC_URL"] = "http://127.0.0.1:1"
        assert (await patient.examine())[0] == 0
        assert (await patient.examine(strict=True))[0] == 1

    async def test_settings_that_cannot_be_used_are_all_named(self, patient: Patient) -> None:
        patient.environment |= {"STORAGE_BACKEND": "r2", "WORKER_MAX_ATTEMPTS": "none"}
        code, findings = await patient.examine()
        assert code == 2
        assert "WORKER_MAX_ATTEMPTS" in " ".join(f["what"] for f in findings)

    async def test_for_people_there_is_a_table_with_advice(self, patient: Patient) -> None:
        code, text = await patient.output(as_json=False)
        assert code == 0
        assert "→ Set DEEPGRAM_API_KEY." in text
        assert "skipped" in text.splitlines()[-1]


class TestDatabase:
    async def test_a_server_that_cannot_be_reached(self, patient: Patient) -> None:
        patient.environment["DATABASE_URL"] = (
            "mongodb://nobody:pass-4711@127.0.0.1:1/?serverSelectionTimeoutMS=200"
        )
        code, findings = await patient.examine(Subject.DATABASE)
        assert code == 1
        assert found(findings, "cannot be used") == "failed"

    async def test_a_server_on_this_machine_without_a_password(
        self, patient: Patient, mongodb_url: str, mongodb_name: str
    ) -> None:
        patient.environment |= {"DATABASE_URL": mongodb_url, "DATABASE_NAME": mongodb_name}
        code, findings = await patient.examine(Subject.DATABASE)
        assert code == 0, findings
        assert found(findings, "answers at") == "ok"
        assert found(findings, "schema is up to date") == "ok"

    async def test_a_data_directory_that_others_can_read(self, patient: Patient) -> None:
        (patient.folder / "data").mkdir()
        (patient.folder / "data").chmod(0o755)
        _, findings = await patient.examine(Subject.DATABASE)
        assert found(findings, "look into the data directory") == "warning"

    async def test_one_that_is_no_directory(self, patient: Patient) -> None:
        (patient.folder / "data").write_text("")
        code, findings = await patient.examine(Subject.DATABASE)
        assert code == 1
        assert found(findings, "cannot be used (") == "failed"

    async def test_production_on_the_embedded_database(self, patient: Patient) -> None:
        patient.environment |= {
            "ENVIRONMENT": "production",
            "PUBLIC_URL": "https://127.0.0.1",
            "ALLOWED_ORIGINS": "https://x.example",
        }
        _, findings = await patient.examine(Subject.DATABASE)
        assert found(findings, "Production runs on the embedded database") == "warning"

    @pytest.mark.parametrize(
        ("facts", "expected"),
        [
            ({"is_local": False, "has_tls": True, "user": "debrief"}, {"ok"}),
            ({"is_local": False, "has_tls": False, "user": "debrief"}, {"failed"}),
            ({"is_local": False, "has_tls": True, "user": None}, {"ok", "failed"}),
            ({"is_local": True, "has_tls": False, "user": None}, {"warning"}),
        ],
    )
    def test_encryption_and_password(self, facts: dict[str, Any], expected: set[str]) -> None:
        notes = Notes(Subject.DATABASE)
        note_protection(notes, told=True, **facts)
        assert {finding.status.value for finding in notes.findings} == expected

    @pytest.mark.parametrize(
        ("roles", "expected"),
        [
            ((("readWrite", "hr_interviews"),), "ok"),
            ((("readWrite", "hr_interviews"), ("readWrite", "payroll")), "warning"),
            ((("atlasAdmin", "admin"),), "warning"),
            ((("root", "admin"),), "warning"),
        ],
    )
    def test_rights(self, roles: tuple[tuple[str, str], ...], expected: str) -> None:
        notes = Notes(Subject.DATABASE)
        note_rights(notes, roles, "hr_interviews")
        [finding] = notes.findings
        assert finding.status == expected

    def test_what_an_address_says(self) -> None:
        assert uses_tls("mongodb+srv://u:p@cluster.mongodb.net/")
        assert not uses_tls("mongodb+srv://u:p@cluster.mongodb.net/?tls=false")
        assert not uses_tls("mongodb://u:p@a:27017,b:27017")
        assert uses_tls("mongodb://a/?ssl=true")
        assert hosts_of("mongodb://u:p@a:27017,b") == ["a", "b"]
        assert [is_loopback(h) for h in ("localhost", "127.0.0.1", "10.0.0.1", "db")] == [
            True,
            True,
            False,
            False,
        ]


class TestStorage:
    async def test_local_files(self, patient: Patient) -> None:
        code, findings = await patient.examine(Subject.STORAGE)
        assert code == 0
        assert found(findings, "can be written and read") == "ok"

    async def test_a_bucket_that_serves(self, patient: Patient, s3_bucket: S3Bucket) -> None:
        patient.environment |= s3_bucket.environment()
        await asyncio.to_thread(
            apply_rules, s3_bucket.settings(), ["http://localhost:3000", "http://localhost:8000"]
        )
        code, findings = await patient.examine(Subject.STORAGE)
        assert code == 0, findings
        assert {f["status"] for f in findings} == {"ok"}
        assert len(findings) == 4
        assert s3_bucket.objects() == [], "nothing stays behind"
        assert s3_bucket.uploads() == []

    async def test_a_bucket_without_rules(self, patient: Patient, s3_bucket: S3Bucket) -> None:
        patient.environment |= s3_bucket.environment()
        code, findings = await patient.examine(Subject.STORAGE)
        assert code == 1
        assert found(findings, "CORS: pages of http://localhost:3000") == "failed"

    async def test_a_bucket_that_is_not_there(self, patient: Patient, s3_bucket: S3Bucket) -> None:
        patient.environment |= s3_bucket.environment() | {"R2_BUCKET": "another-one"}
        code, findings = await patient.examine(Subject.STORAGE)
        assert code == 1
        assert "failed" in {f["status"] for f in findings}


class TestDeepgram:
    async def test_a_good_key(self, patient: Patient, deepgram: RunningDeepgram) -> None:
        patient.environment |= {"DEEPGRAM_API_KEY": deepgram.key, "DEEPGRAM_BASE_URL": deepgram.url}
        patient.environment["DEEPGRAM_DELIVERY"] = "wait"
        code, findings = await patient.examine(Subject.DEEPGRAM, Subject.CLOCK)
        assert code == 0
        assert found(findings, "accepts the key") == "ok"
        assert found(findings, "Workers wait") == "ok"
        assert found(findings, "clock is right") == "ok"

    async def test_a_wrong_key(self, patient: Patient, deepgram: RunningDeepgram) -> None:
        patient.environment |= {"DEEPGRAM_API_KEY": "wrong", "DEEPGRAM_BASE_URL": deepgram.url}
        code, findings = await patient.examine(Subject.DEEPGRAM)
        assert code == 1
        assert found(findings, "does not accept the key") == "failed"

    async def test_nobody_there(self, patient: Patient) -> None:
        patient.environment |= {"DEEPGRAM_API_KEY": "x", "DEEPGRAM_BASE_URL": "http://127.0.0.1:1"}
        code, findings = await patient.examine(Subject.DEEPGRAM)
        assert code == 1
        assert found(findings, "does not answer") == "failed"

    @pytest.mark.parametrize(
        ("environment", "sentence", "status"),
        [
            ({}, "DEEPGRAM_WEBHOOK_SECRET is not set", "warning"),
            ({"DEEPGRAM_WEBHOOK_SECRET": STRONG}, "only this network knows", "warning"),
            (
                {"DEEPGRAM_WEBHOOK_SECRET": STRONG, "PUBLIC_URL": "https://debrief.example.com"},
                "Deepgram will call PUBLIC_URL",
                "ok",
            ),
            (
                {"DEEPGRAM_WEBHOOK_SECRET": STRONG, "PUBLIC_URL": "https://debrief.example.com:8000"},
                "port 8000",
                "warning",
            ),
            (
                {"DEEPGRAM_WEBHOOK_SECRET": STRONG, "DEEPGRAM_DELIVERY": "callback"},
                "Callbacks are forced",
                "warning",
            ),
        ],
    )
    async def test_how_transcripts_will_come(
        self,
        patient: Patient,
        deepgram: RunningDeepgram,
        environment: dict[str, str],
        sentence: str,
        status: str,
    ) -> None:
        patient.environment |= {"DEEPGRAM_API_KEY": deepgram.key, "DEEPGRAM_BASE_URL": deepgram.url}
        patient.environment |= environment
        _, findings = await patient.examine(Subject.DEEPGRAM)
        assert found(findings, sentence) == status


class TestServer:
    async def test_an_address_that_answers(self, patient: Patient, server: RunningServer) -> None:
        patient.environment["PUBLIC_URL"] = server.url
        code, findings = await patient.examine(Subject.ADDRESS)
        assert code == 0
        assert found(findings, "The API answers") == "ok"

    @pytest.mark.parametrize(
        ("environment", "sentence", "status"),
        [
            ({"PUBLIC_URL": "ftp://x.example"}, "not an http", "failed"),
            ({"PUBLIC_URL": "http://debrief.invalid"}, "leads nowhere", "failed"),
            (
                {
                    "ENVIRONMENT": "production",
                    "PUBLIC_URL": "http://127.0.0.1:1",
                    "ALLOWED_ORIGINS": "http://x.example",
                },
                "PUBLIC_URL is not encrypted",
                "failed",
            ),
        ],
    )
    async def test_one_that_cannot_work(
        self, patient: Patient, environment: dict[str, str], sentence: str, status: str
    ) -> None:
        patient.environment |= environment
        code, findings = await patient.examine(Subject.ADDRESS)
        assert code == 1
        assert found(findings, sentence) == status

    async def test_secrets_that_can_be_guessed_or_serve_twice(self, patient: Patient) -> None:
        patient.environment |= {"AUTH_SECRET": "ab" * 20, "DEEPGRAM_WEBHOOK_SECRET": "ab" * 20}
        code, findings = await patient.examine(Subject.SECRETS)
        assert code == 1
        assert found(findings, "AUTH_SECRET (number 1) can be guessed") == "failed"
        assert found(findings, "is a sign-in secret, too") == "failed"

    async def test_a_secret_file_that_others_can_read(self, patient: Patient) -> None:
        del patient.environment["AUTH_SECRET"]
        await patient.examine(Subject.SECRETS)
        (patient.folder / "data" / "secrets.json").chmod(0o644)
        _, findings = await patient.examine(Subject.SECRETS)
        assert found(findings, "read secrets.json") == "warning"

    @pytest.mark.parametrize(("skew", "status"), [(0.5, "ok"), (-60, "warning"), (4000, "failed")])
    async def test_the_clock(self, tmp_path: Path, skew: float, status: str) -> None:
        settings: Settings = make_settings(tmp_path)
        [finding] = await check_clock(Examined(settings, {"api.example": skew}))
        assert finding.status == status


async def test_no_secret_is_ever_shown(
    patient: Patient, mongodb_url: str, s3_bucket: S3Bucket, deepgram: RunningDeepgram
) -> None:
    secrets = {
        "AUTH_SECRET": "auth-" + STRONG,
        "NEXTAUTH_SECRET": "next-" + STRONG,
        "DEEPGRAM_API_KEY": "dg-wrong-key-471147114711",
        "DEEPGRAM_WEBHOOK_SECRET": "hook-" + STRONG,
        "OPENAI_API_KEY": "sk-wrong-key-471147114711",
    }
    patient.environment |= s3_bucket.environment() | secrets
    patient.environment |= {
        "DATABASE_URL": "mongodb://someone:pass-word-4711@127.0.0.1:1/?serverSelectionTimeoutMS=100",
        "DEEPGRAM_BASE_URL": deepgram.url,
        "OPENAI_BASE_URL": "http://127.0.0.1:1/v1",
    }
    shown = ""
    for as_json in (True, False):
        code, text = await patient.output(as_json=as_json)
        assert code == 1
        shown += text
    planted = [*secrets.values(), "pass-word-4711", s3_bucket.environment()["R2_SECRET_ACCESS_KEY"]]
    assert [secret for secret in planted if secret in shown] == []
