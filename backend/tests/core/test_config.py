"""Settings: what they accept, what they refuse, and that `.env.example` tells the truth."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from app.core.config import Settings, SettingsError, load_settings
from app.services.notification.mail_server import mail_server

ROOT = Path(__file__).resolve().parents[3]
GOOD = "a-secret-that-is-long-enough-0123456789"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in known_names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))


def known_names() -> set[str]:
    names = set()
    for field in Settings.model_fields.values():
        group = field.annotation
        assert isinstance(group, type)
        assert issubclass(group, BaseSettings)
        names |= {name.upper() for name in group.model_fields}
    return names


def load(tmp_path: Path, text: str = "") -> Settings:
    file = tmp_path / ".env"
    file.write_text(text)
    return load_settings(env_file=file)


class TestExampleFile:
    def test_it_names_every_setting_and_nothing_else(self) -> None:
        lines = (ROOT / ".env.example").read_text().splitlines()
        named = {m[1] for line in lines if (m := re.match(r"([A-Z][A-Z0-9_]*)=", line))}
        assert named == known_names()

    def test_as_it_is_it_gives_the_defaults(self, tmp_path: Path) -> None:
        example = load(tmp_path, (ROOT / ".env.example").read_text())
        plain = load(tmp_path)
        for group in Settings.model_fields:
            ours, theirs = getattr(example, group).model_dump(), getattr(plain, group).model_dump()
            if group == "worker":
                ours.pop("worker_cpu_concurrency")
                theirs.pop("worker_cpu_concurrency")
            assert ours == theirs, group


class TestGeneratedSecret:
    def test_it_is_made_once_and_only_the_owner_can_read_it(self, tmp_path: Path) -> None:
        first, second = load(tmp_path), load(tmp_path)
        assert first.auth.secrets == second.auth.secrets
        assert len(first.auth.secrets[0]) >= 32
        file = first.server.data_dir / "secrets.json"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_two_installations_differ(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        first = load(tmp_path)
        monkeypatch.setenv("DATA_DIR", str(tmp_path / "other"))
        assert load(tmp_path).auth.secrets != first.auth.secrets


class TestProduction:
    def test_everything_that_is_missing_is_named_at_once(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError) as caught:
            load(tmp_path, "ENVIRONMENT=production")
        named = {problem.split(":")[0] for problem in caught.value.problems}
        assert named == {"AUTH_SECRET", "PUBLIC_URL", "ALLOWED_ORIGINS"}

    @pytest.mark.parametrize("secret", ["tiny-4711", "change-me-change-me-change-me-change-me"])
    def test_weak_and_placeholder_secrets_are_refused(self, tmp_path: Path, secret: str) -> None:
        with pytest.raises(SettingsError, match="AUTH_SECRET") as caught:
            load(
                tmp_path,
                f"ENVIRONMENT=production\nAUTH_SECRET={secret}\nPUBLIC_URL=https://x\nALLOWED_ORIGINS=*",
            )
        assert secret not in str(caught.value)
        assert "ALLOWED_ORIGINS" in str(caught.value)

    def test_a_complete_one_starts(self, tmp_path: Path) -> None:
        settings = load(
            tmp_path,
            f"ENVIRONMENT=production\nNEXTAUTH_SECRET={GOOD}\nPUBLIC_URL=https://api.example.com/\n"
            "ALLOWED_ORIGINS=https://app.example.com",
        )
        assert settings.auth.secrets == (GOOD,)
        assert settings.server.public_url == "https://api.example.com"


class TestRotation:
    def test_the_newest_secret_signs_and_all_are_accepted(self, tmp_path: Path) -> None:
        settings = load(tmp_path, f"AUTH_SECRET={GOOD}\nAUTH_SECRET_1={GOOD}1\nAUTH_SECRET_2={GOOD}2")
        assert settings.auth.secrets == (f"{GOOD}2", f"{GOOD}1", GOOD)


class TestWrongValues:
    def test_all_of_them_are_named_without_their_values(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError) as caught:
            load(
                tmp_path,
                "DATABASE_URL=postgres://user:hunter2@x\nWORKER_LEASE_SECONDS=-1\nMAX_UPLOAD_BYTES=lots",
            )
        text = str(caught.value)
        for name in ("DATABASE_URL", "WORKER_LEASE_SECONDS", "MAX_UPLOAD_BYTES"):
            assert name in text
        assert "hunter2" not in text


class TestMail:
    @pytest.mark.parametrize(
        ("given", "missing"),
        [("SMTP_URL=smtp://mail.example.com", "MAIL_FROM"), ("MAIL_FROM=debrief@example.com", "SMTP_URL")],
    )
    def test_half_of_it_is_a_mistake(self, tmp_path: Path, given: str, missing: str) -> None:
        with pytest.raises(SettingsError) as refused:
            load(tmp_path, given)
        assert refused.value.problems == [f"{missing}: is not set"]

    @pytest.mark.parametrize(
        "url",
        [
            "mail.example.com",
            "http://mail.example.com",
            "smtp://",
            "smtp://h:0",
            "smtp://h:99999",
            "smtp://u:a/b@h",
        ],
    )
    def test_an_address_that_leads_nowhere_is_refused_without_repeating_it(
        self, tmp_path: Path, url: str
    ) -> None:
        with pytest.raises(SettingsError, match="SMTP_URL") as refused:
            load(tmp_path, f"SMTP_URL={url}\nMAIL_FROM=debrief@example.com")
        assert "u:a/b" not in str(refused.value)

    @pytest.mark.parametrize("sender", ["Debrief", "debrief@", "@example.com", "<>"])
    def test_a_sender_without_an_address_is_refused(self, tmp_path: Path, sender: str) -> None:
        with pytest.raises(SettingsError, match="MAIL_FROM"):
            load(tmp_path, f"SMTP_URL=smtp://mail.example.com\nMAIL_FROM={sender}")

    def test_a_whole_one_is_read(self, tmp_path: Path) -> None:
        text = "SMTP_URL=smtps://me%40hr:p%40ss%2Fw@mail.example.com\nMAIL_FROM=Acme Hiring <hr@example.com>"
        server = mail_server(load(tmp_path, text).mail)
        assert server is not None
        assert (server.host, server.port, server.tls) == ("mail.example.com", 465, True)
        assert (server.user, server.password) == ("me@hr", "p@ss/w")
        assert (server.sender_name, server.sender, server.domain) == (
            "Acme Hiring",
            "hr@example.com",
            "example.com",
        )


class TestRedis:
    @pytest.mark.parametrize(
        "url",
        [
            "redis.example.com",
            "http://h",
            "redis://",
            "redis://:6379/0",
            "redis://h:0",
            "redis://h:99999",
            "rediss://u:a/b@h",
        ],
    )
    def test_an_address_that_leads_nowhere_is_refused_without_repeating_it(
        self, tmp_path: Path, url: str
    ) -> None:
        with pytest.raises(SettingsError, match="REDIS_URL") as refused:
            load(tmp_path, f"REDIS_URL={url}")
        assert "u:a/b" not in str(refused.value)

    @pytest.mark.parametrize(
        "url",
        [
            "redis://h",
            "rediss://me:p%40ss%2Fw@h:6380/1",
            "redis://[::1]:6379",
            "unix:///run/redis.sock?db=1",
            "unix://me@/run/redis.sock",
        ],
    )
    def test_a_whole_one_is_read(self, tmp_path: Path, url: str) -> None:
        read = load(tmp_path, f"REDIS_URL={url}").redis.redis_url
        assert read is not None
        assert read.get_secret_value() == url
