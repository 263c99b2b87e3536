"""What the check of an installation finds out about OpenAI, or a server with the same interface."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.command_line.doctor.finding import Notes, Subject
from app.command_line.doctor.vendors import note_retirement
from app.core.config import OpenAISettings
from tests.command_line.doctor.patient import Patient, found
from tests.fixtures.openai import RunningOpenAI, running_openai
from tests.fixtures.server import serving


def in_days(days: int) -> str:
    return str((datetime.now(UTC) + timedelta(days=days)).date())


def asks(patient: Patient, openai: RunningOpenAI, model: str, key: str | None = None) -> None:
    patient.environment |= {
        "OPENAI_API_KEY": openai.key if key is None else key,
        "OPENAI_BASE_URL": openai.url,
        "OPENAI_MODEL": model,
    }


class TestKeyAndModel:
    async def test_a_good_key_and_a_model_that_is_there(
        self, patient: Patient, openai: RunningOpenAI
    ) -> None:
        asks(patient, openai, "gpt-6-luna")
        code, findings = await patient.examine(Subject.OPENAI)
        assert code == 0
        assert found(findings, "accepts the key and has the model gpt-6-luna") == "ok"
        assert [(r.method, r.path) for r in openai.requests] == [("GET", "/v1/models")]

    async def test_a_wrong_key(self, patient: Patient, openai: RunningOpenAI) -> None:
        asks(patient, openai, "gpt-6-luna", key="sk-wrong")
        code, findings = await patient.examine(Subject.OPENAI)
        assert code == 1
        assert found(findings, "does not accept the key") == "failed"

    async def test_a_model_that_is_not_offered(self, patient: Patient, openai: RunningOpenAI) -> None:
        asks(patient, openai, "gpt-0")
        code, findings = await patient.examine(Subject.OPENAI)
        assert code == 1
        assert found(findings, "The model gpt-0 is not among the 3 that are offered") == "failed"

    async def test_nobody_there(self, patient: Patient) -> None:
        patient.environment |= {"OPENAI_API_KEY": "sk-x", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}
        code, findings = await patient.examine(Subject.OPENAI)
        assert code == 1
        assert found(findings, "does not answer") == "failed"

    async def test_nothing_is_set(self, patient: Patient) -> None:
        code, findings = await patient.examine(Subject.OPENAI)
        assert code == 0
        assert found(findings, "OpenAI's engine is not used") == "skipped"


class TestRetirement:
    @pytest.mark.parametrize(
        ("days", "sentence", "status"),
        [(30, "will be retired", "warning"), (-1, "was retired", "failed"), (0, "was retired", "failed")],
    )
    async def test_the_day_that_the_service_tells(
        self, patient: Patient, days: int, sentence: str, status: str
    ) -> None:
        async with running_openai(models={"mortal": in_days(days)}) as openai:
            asks(patient, openai, "mortal")
            _, findings = await patient.examine(Subject.OPENAI)
        assert found(findings, sentence) == status
        assert found(findings, "has the model mortal") == "ok"

    async def test_a_day_that_is_far_off(self, patient: Patient) -> None:
        async with running_openai(models={"young": in_days(300)}) as openai:
            asks(patient, openai, "young")
            _, findings = await patient.examine(Subject.OPENAI)
        assert [f["status"] for f in findings] == ["ok"]

    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            (date(2026, 10, 1), []),
            (date(2026, 11, 23), [("warning", "The model gpt-4o-mini will be retired on 2027-01-14.")]),
            (date(2027, 1, 14), [("failed", "The model gpt-4o-mini was retired on 2027-01-14.")]),
        ],
    )
    def test_an_announced_end_that_the_service_does_not_tell(
        self, day: date, expected: list[tuple[str, str]]
    ) -> None:
        notes = Notes(Subject.OPENAI)
        note_retirement(notes, OpenAISettings(_env_file=None, openai_model="gpt-4o-mini"), {}, today=day)
        assert [(finding.status, finding.what) for finding in notes.findings] == expected
        assert all(finding.fix == "Set OPENAI_MODEL=gpt-6-luna." for finding in notes.findings)

    def test_other_servers_models_of_that_name_do_not_end(self) -> None:
        notes = Notes(Subject.OPENAI)
        local = OpenAISettings(
            _env_file=None, openai_model="gpt-4o-mini", openai_base_url="http://localhost:11434/v1"
        )
        note_retirement(notes, local, {"shutdown_date": None}, today=date(2027, 1, 14))
        assert notes.findings == []


class TestServersOfOnesOwn:
    async def test_one_that_asks_for_no_key(self, patient: Patient) -> None:
        async with running_openai(key="", models={"llama3.1:latest": None}) as local:
            asks(patient, local, "llama3.1")
            code, findings = await patient.examine(Subject.OPENAI)
            assert "authorization" not in local.requests[0].headers
        assert code == 0
        assert found(findings, "asks for no key and has the model llama3.1") == "ok"

    async def test_one_that_asks_for_a_key_after_all(self, patient: Patient, openai: RunningOpenAI) -> None:
        asks(patient, openai, "gpt-6-luna", key="")
        code, findings = await patient.examine(Subject.OPENAI)
        assert code == 1
        assert found(findings, "asks for a key") == "failed"

    @pytest.mark.parametrize(
        ("answer", "sentence", "status"),
        [
            (PlainTextResponse("It works!"), "does not speak the interface", "failed"),
            (JSONResponse({"models": []}), "does not speak the interface", "failed"),
            (JSONResponse([1]), "does not speak the interface", "failed"),
            (JSONResponse({"data": ["llama"]}), "does not speak the interface", "failed"),
            (JSONResponse({"error": "no such page"}, 404), "does not speak the interface", "failed"),
            (JSONResponse({"error": {}}, 403), "does not let this key list models", "warning"),
            (JSONResponse({"error": {}}, 503), "answered 503", "warning"),
        ],
    )
    async def test_other_answers(
        self, patient: Patient, answer: Response, sentence: str, status: str
    ) -> None:
        async def models(_: Request) -> Response:
            return answer

        async with serving(Starlette(routes=[Route("/v1/models", models)])) as url:
            patient.environment |= {"OPENAI_BASE_URL": f"{url}/v1", "OPENAI_API_KEY": "sk-4711"}
            _, findings = await patient.examine(Subject.OPENAI)
        assert found(findings, sentence) == status
        assert "4711" not in str(findings)
