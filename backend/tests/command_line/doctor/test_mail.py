"""What the check of an installation finds out about its mail server; it sends nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.command_line.doctor.finding import Subject
from tests.command_line.doctor.patient import Patient, found
from tests.fixtures.mail import MailSink, running_sink


async def test_no_mail_server(patient: Patient) -> None:
    code, findings = await patient.examine(Subject.MAIL)
    assert code == 0
    assert found(findings, "nobody gets e-mail") == "skipped"


async def test_one_on_this_machine(patient: Patient, mail_sink: MailSink) -> None:
    patient.environment |= mail_sink.environment()
    code, findings = await patient.examine(Subject.MAIL)
    assert code == 0
    assert found(findings, f"127.0.0.1:{mail_sink.port} answers") == "ok"
    assert mail_sink.attempts == 0


async def test_one_with_encryption_and_a_password(patient: Patient, certificate: Path) -> None:
    async with running_sink(starttls=True, login=True, certificate=certificate) as sink:
        patient.environment |= sink.environment()
        code, findings = await patient.examine(Subject.MAIL)
    assert code == 0
    assert found(findings, "accepts the user name and password") == "ok"
    assert found(findings, "encrypted") == "ok"


async def test_a_wrong_password(patient: Patient, certificate: Path) -> None:
    async with running_sink(starttls=True, login=True, certificate=certificate) as sink:
        patient.environment |= {**sink.environment(), "SMTP_URL": sink.url.replace("word", "wrong")}
        code, findings = await patient.examine(Subject.MAIL)
    assert code == 1
    assert found(findings, "does not accept the user name and password") == "failed"
    assert "wrong" not in str(findings)


async def test_a_certificate_that_nobody_signed(
    patient: Patient, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    async with running_sink(tls=True, certificate=certificate) as sink:
        patient.environment |= sink.environment()
        code, findings = await patient.examine(Subject.MAIL)
    assert code == 1
    assert found(findings, "certificate cannot be verified") == "failed"


async def test_nobody_there(patient: Patient) -> None:
    patient.environment |= {"SMTP_URL": "smtp://127.0.0.1:1", "MAIL_FROM": "debrief@example.com"}
    code, findings = await patient.examine(Subject.MAIL)
    assert code == 1
    assert found(findings, "Nobody takes mail") == "failed"


async def test_half_a_configuration(patient: Patient) -> None:
    patient.environment |= {"SMTP_URL": "smtp://127.0.0.1:1"}
    code, findings = await patient.examine(Subject.MAIL)
    assert code == 2
    assert found(findings, "MAIL_FROM is not set") == "failed"
