"""How addresses are shown, and which ones browsers use."""

from __future__ import annotations

import pytest

from app.command_line.doctor.addresses import is_callable, is_origin, shown
from app.command_line.doctor.finding import Subject
from tests.command_line.doctor.patient import Patient, found


class TestShown:
    @pytest.mark.parametrize(
        ("url", "public"),
        [
            ("https://debrief.example.com/base", "https://debrief.example.com/base"),
            ("https://bob:pw-4711@x.example:8443", "https://x.example:8443"),
            ("https://x.example/?token=pw-4711", "https://x.example/"),
            ("mongodb://bob:pw?/#@-4711@db:27017/?tls=true", "mongodb://db:27017/"),
            ("pw-4711", "(not an address)"),
        ],
    )
    def test_without_what_may_be_a_secret(self, url: str, public: str) -> None:
        assert shown(url) == public


class TestForm:
    @pytest.mark.parametrize(
        "url",
        [
            "ftp://x",
            "https://",
            "https://x:99999",
            "https://x:0",
            "https://a:b@x",
            "https://x/?a",
            "https://[x",
        ],
    )
    def test_what_browsers_cannot_call(self, url: str) -> None:
        assert not is_callable(url)

    @pytest.mark.parametrize(
        "origin", ["https://hr.example.com", "http://localhost:3000", "https://[::1]:3000"]
    )
    def test_what_browsers_send_as_origin(self, origin: str) -> None:
        assert is_origin(origin)

    @pytest.mark.parametrize(
        "text",
        ["*", "https://*.example.com", "https://x.example/", "https://x.example/app", "https://X.example"],
    )
    def test_what_they_never_send(self, text: str) -> None:
        assert not is_origin(text)


class TestReport:
    async def test_no_password_of_an_address_is_shown(self, patient: Patient) -> None:
        patient.environment |= {
            "PUBLIC_URL": "http://bob:pw-4711@127.0.0.1:1",
            "ALLOWED_ORIGINS": "https://bob:pw-4712@x.example",
            "DEEPGRAM_API_KEY": "x",
            "DEEPGRAM_BASE_URL": "http://bob:pw-4713@127.0.0.1:1",
            "OPENAI_API_KEY": "x",
            "OPENAI_BASE_URL": "http://bob:pw-4714@127.0.0.1:1/v1",
            "STORAGE_BACKEND": "r2",
            "R2_ENDPOINT": "http://bob:pw-4715@127.0.0.1:1",
            "R2_ACCESS_KEY_ID": "a",
            "R2_SECRET_ACCESS_KEY": "pw-4716",
            "R2_BUCKET": "bucket",
        }
        for as_json in (True, False):
            _, text = await patient.output(as_json=as_json)
            assert "127.0.0.1:1 does not answer" in text
            assert "pw-47" not in text

    async def test_an_origin_that_no_browser_sends_fails(self, patient: Patient) -> None:
        patient.environment |= {
            "PUBLIC_URL": "http://127.0.0.1:1",
            "ALLOWED_ORIGINS": "https://x.example/app",
        }
        code, findings = await patient.examine(Subject.ADDRESS)
        assert code == 1
        assert found(findings, "no browser sends") == "failed"

    async def test_a_port_that_does_not_exist_fails(self, patient: Patient) -> None:
        patient.environment["PUBLIC_URL"] = "http://x.example:99999"
        code, findings = await patient.examine(Subject.ADDRESS)
        assert code == 1
        assert found(findings, "that browsers can call") == "failed"
