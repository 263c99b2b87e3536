"""What the check of an installation finds out about Redis."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.command_line.doctor.finding import Subject
from app.services.events.providers.redis_facts import RIGHTS
from tests.command_line.doctor.patient import Patient, found
from tests.fixtures.redis_server import RedisServer


async def test_none_is_needed(patient: Patient) -> None:
    code, findings = await patient.examine(Subject.REDIS)
    assert (code, found(findings, "No Redis is set")) == (0, "skipped")


async def test_one_that_answers(patient: Patient, redis_server: RedisServer) -> None:
    patient.environment["REDIS_URL"] = redis_server.url
    code, findings = await patient.examine(Subject.REDIS, strict=True)
    assert code == 0
    assert found(findings, "answers at redis://127.0.0.1") == "ok"


async def test_one_that_does_not(patient: Patient, tmp_path: Path) -> None:
    patient.environment["REDIS_URL"] = RedisServer(tmp_path).url.replace("//", "//ada:hunter2@")
    code, findings = await patient.examine(Subject.REDIS)
    assert (code, found(findings, "does not answer at redis://127.0.0.1")) == (1, "failed")
    assert "hunter2" not in str(findings)


async def test_a_password_that_is_wrong_or_missing(patient: Patient, redis_server: RedisServer) -> None:
    with redis_server.client() as client:
        client.config_set("requirepass", "right")
        for url in (redis_server.url, redis_server.url.replace("//", "//:wrong@")):
            patient.environment["REDIS_URL"] = url
            code, findings = await patient.examine(Subject.REDIS)
            assert (code, found(findings, "does not accept the password")) == (1, "failed")
        patient.environment["REDIS_URL"] = redis_server.url.replace("//", "//:right@")
        code, _ = await patient.examine(Subject.REDIS)
        assert code == 0


async def test_the_rights_that_it_advises_are_enough(patient: Patient, redis_server: RedisServer) -> None:
    with redis_server.client() as client:
        client.execute_command("ACL", "SETUSER", "debrief", "on", ">pw", *RIGHTS.split())
    patient.environment["REDIS_URL"] = redis_server.url.replace("//", "//debrief:pw@")
    code, findings = await patient.examine(Subject.REDIS, strict=True)
    assert (code, found(findings, "answers at redis://127.0.0.1")) == (0, "ok")


@pytest.mark.parametrize("missing", [right for right in RIGHTS.split() if right[0] in "+~&"])
async def test_a_user_with_too_few_rights(patient: Patient, redis_server: RedisServer, missing: str) -> None:
    rights = [right for right in RIGHTS.split() if right != missing]
    with redis_server.client() as client:
        client.execute_command("ACL", "SETUSER", "debrief", "on", ">pw", *rights)
    patient.environment["REDIS_URL"] = redis_server.url.replace("//", "//debrief:pw@")
    code, findings = await patient.examine(Subject.REDIS)
    assert (code, found(findings, "may not use what Debrief needs")) == (1, "failed")
