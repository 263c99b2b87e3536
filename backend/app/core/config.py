"""Settings: read once from the environment and `.env`, checked at start, never looked up at the moment of use.

Each group is one class, so a service is given only what it needs; those of stores, engines and vendors are in
`provider_settings`. The names in the environment are flat (`DATABASE_URL`, `AUTH_SECRET`); `.env.example` lists them
all and a test compares it with these classes.
"""

from __future__ import annotations

import json
import os
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from pydantic import AliasChoices, BaseModel, Field, SecretStr, ValidationError, field_validator

from app.core.operation_settings import MailSettings, OutgoingSettings, RedisSettings, TelemetrySettings
from app.core.provider_settings import (
    OPENAI_ADDRESS,
    AnalysisEngine,
    AnalysisSettings,
    DeepgramDelivery,
    DeepgramSettings,
    EngineSettings,
    IntelligenceFeature,
    OpenAISettings,
    ReasoningEffort,
    StorageBackend,
    StorageSettings,
    TranscriptionEngine,
)
from app.core.settings_group import CHECKOUT, ENV_FILES, Names, SettingsError, SettingsGroup, names_of

__all__ = [
    "ENV_FILES",
    "OPENAI_ADDRESS",
    "AnalysisEngine",
    "AnalysisSettings",
    "AuthSettings",
    "DatabaseSettings",
    "DeepgramDelivery",
    "DeepgramSettings",
    "EngineSettings",
    "Environment",
    "IntelligenceFeature",
    "LimitSettings",
    "MailSettings",
    "Names",
    "OpenAISettings",
    "OutgoingSettings",
    "ReasoningEffort",
    "RedisSettings",
    "ServerSettings",
    "Settings",
    "SettingsError",
    "StorageBackend",
    "StorageSettings",
    "TelemetrySettings",
    "TranscriptionEngine",
    "WorkerSettings",
    "is_weak",
    "load_settings",
]

MIN_SECRET_LENGTH: Final = 32
_PLACEHOLDERS: Final = ("change-me", "changeme", "secret", "replace", "your-")


class Environment(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class ServerSettings(SettingsGroup):
    environment: Environment = Environment.DEVELOPMENT
    log_level: str = "INFO"
    data_dir: Path = Field(
        default=CHECKOUT / "data", description="Embedded database, files, generated secrets"
    )
    public_url: str = Field(
        default="http://localhost:8000", description="Address under which browsers and vendors reach the API"
    )
    allowed_origins: Names = ("http://localhost:3000", "http://localhost:8000")
    app_url: str | None = Field(
        default=None, description="Of the web app, for links in messages; unset = the first allowed origin"
    )
    docs_enabled: bool = True

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return names_of(value)

    @field_validator("public_url", "app_url")
    @classmethod
    def _no_slash(cls, value: str | None) -> str | None:
        return value.rstrip("/") if value else value

    @property
    def frontend_url(self) -> str:
        """Where links in messages lead."""
        origins = [origin for origin in self.allowed_origins if origin != "*"]
        return self.app_url or (origins[0] if origins else self.public_url)


class DatabaseSettings(SettingsGroup):
    database_url: SecretStr | None = Field(
        default=None, description="mongodb:// or mongodb+srv://; unset = embedded"
    )
    database_name: str = "hr_interviews"

    @field_validator("database_url")
    @classmethod
    def _known_scheme(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("mongodb://", "mongodb+srv://")):
            raise ValueError(
                "must begin with mongodb:// or mongodb+srv://, or be unset for the embedded database"
            )
        return value


class AuthSettings(SettingsGroup):
    auth_secret: SecretStr | None = Field(
        default=None,
        description="The frontend's NEXTAUTH_SECRET",
        validation_alias=AliasChoices("AUTH_SECRET"),
    )
    auth_secret_1: SecretStr | None = None
    auth_secret_2: SecretStr | None = None
    auth_secret_3: SecretStr | None = None
    nextauth_secret: SecretStr | None = None
    auth_cookie_name: str | None = Field(
        default=None, description="A custom session cookie name of the frontend"
    )
    auth_user_id_claim: str = "sub"
    auth_api_salt: str = "backend-api"
    oidc_issuer: str | None = None
    oidc_audience: str | None = None
    oidc_jwks_url: str | None = None
    oidc_algorithms: Names = ("EdDSA", "ES256", "RS256")

    @field_validator("oidc_algorithms", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return names_of(value)

    @property
    def secrets(self) -> tuple[str, ...]:
        """All accepted secrets, newest first; the first one signs."""
        given = (
            self.auth_secret_3,
            self.auth_secret_2,
            self.auth_secret_1,
            self.auth_secret,
            self.nextauth_secret,
        )
        return tuple(dict.fromkeys(s.get_secret_value() for s in given if s))


class LimitSettings(SettingsGroup):
    max_upload_bytes: int = Field(default=2 * 10**9, ge=1)
    max_recording_seconds: float = Field(default=6 * 3600.0, gt=0)
    max_transcript_bytes: int = Field(default=10 * 2**20, ge=1)
    max_body_bytes: int = Field(default=2**20, ge=1024, description="Of a JSON request body")


class WorkerSettings(SettingsGroup):
    worker_in_process: bool = Field(default=True, description="Run the pipeline inside the API process")
    worker_lease_seconds: float = Field(default=60.0, gt=0)
    worker_poll_seconds: float = Field(default=1.0, gt=0)
    worker_max_attempts: int = Field(default=5, ge=1)
    worker_backoff_seconds: float = Field(
        default=2.0, gt=0, description="First wait; doubles up to ten minutes"
    )
    worker_grace_seconds: float = Field(default=10.0, ge=0, description="For running steps at shutdown")
    worker_cpu_concurrency: int = Field(default=max(1, (os.cpu_count() or 2) // 2), ge=1)
    worker_io_concurrency: int = Field(default=8, ge=1)


class Settings(BaseModel):
    model_config = {"frozen": True}

    server: ServerSettings
    database: DatabaseSettings
    auth: AuthSettings
    storage: StorageSettings
    limits: LimitSettings
    engines: EngineSettings
    analysis: AnalysisSettings
    deepgram: DeepgramSettings
    openai: OpenAISettings
    worker: WorkerSettings
    mail: MailSettings
    outgoing: OutgoingSettings
    redis: RedisSettings
    telemetry: TelemetrySettings


def load_settings(*, env_file: Path | None = None) -> Settings:
    """Read, complete and check all settings.

    Outside production a missing secret is generated and kept in the data directory. Raises `SettingsError` with every
    problem at once.
    """
    problems: list[str] = []
    groups: dict[str, Any] = {}
    for name, field in Settings.model_fields.items():
        group = field.annotation
        assert isinstance(group, type) and issubclass(group, SettingsGroup)  # noqa: S101 - narrows a class attribute
        try:
            groups[name] = group(_env_file=env_file) if env_file else group()
        except ValidationError as error:
            problems += [f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
    if not problems:
        settings = Settings(**groups)
        problems = _incomplete_providers(settings)
        problems += _unfit_for_production(settings) if _is_production(settings) else _weak_secrets(settings)
    if problems:
        raise SettingsError(problems)
    return settings if settings.auth.secrets else _with_generated_secret(settings)


def _is_production(settings: Settings) -> bool:
    return settings.server.environment is Environment.PRODUCTION


def _weak_secrets(settings: Settings) -> list[str]:
    problems = []
    ours = dict(settings.auth) | {"deepgram_webhook_secret": settings.deepgram.deepgram_webhook_secret}
    for name, value in ours.items():
        if isinstance(value, SecretStr) and is_weak(value.get_secret_value()):
            command = "openssl rand -hex 32" if name.startswith("deepgram") else "openssl rand -base64 32"
            problems.append(
                f"{name.upper()}: is a placeholder or shorter than {MIN_SECRET_LENGTH} characters; "
                f"make one with `{command}`"
            )
    return problems


def is_weak(secret: str) -> bool:
    return len(secret) < MIN_SECRET_LENGTH or secret.lower().startswith(_PLACEHOLDERS)


def _incomplete_providers(settings: Settings) -> list[str]:
    """What a chosen provider lacks: half a configuration is a mistake, never a wish for the embedded default."""
    missing: list[str] = []
    storage, deepgram = settings.storage, settings.deepgram
    if storage.backend is StorageBackend.R2:
        missing += [
            n for n in ("r2_access_key_id", "r2_secret_access_key", "r2_bucket") if not getattr(storage, n)
        ]
        missing += [] if storage.endpoint else ["r2_account_id"]
    if (
        settings.engines.transcription_engine is TranscriptionEngine.DEEPGRAM
        and not deepgram.deepgram_api_key
    ):
        missing.append("deepgram_api_key")
    wanted = settings.analysis.analysis_engine
    if wanted is AnalysisEngine.OPENAI and not settings.openai.is_configured:
        missing.append("openai_api_key")
    if wanted is AnalysisEngine.DEEPGRAM and not deepgram.deepgram_api_key:
        missing.append("deepgram_api_key")
    if deepgram.deepgram_delivery is DeepgramDelivery.CALLBACK and not deepgram.deepgram_webhook_secret:
        missing.append("deepgram_webhook_secret")
    mail = settings.mail
    if bool(mail.smtp_url) != bool(mail.mail_from):
        missing.append("mail_from" if mail.smtp_url else "smtp_url")
    return [f"{name.upper()}: is not set" for name in dict.fromkeys(missing)]


def _unfit_for_production(settings: Settings) -> list[str]:
    problems = _weak_secrets(settings)
    if not settings.auth.secrets:
        problems.append("AUTH_SECRET: is not set; it must equal the frontend's NEXTAUTH_SECRET")
    for group, name in ((settings.server, "public_url"), (settings.server, "allowed_origins")):
        if name not in group.model_fields_set:
            problems.append(f"{name.upper()}: is not set")
    deepgram = settings.deepgram
    wants_callbacks = deepgram.deepgram_api_key and deepgram.deepgram_delivery is DeepgramDelivery.AUTO
    if wants_callbacks and not deepgram.deepgram_webhook_secret:
        problems.append(
            "DEEPGRAM_WEBHOOK_SECRET: is not set; make one with `openssl rand -hex 32`, or set "
            "DEEPGRAM_DELIVERY=wait to do without callbacks"
        )
    if "*" in settings.server.allowed_origins:
        problems.append("ALLOWED_ORIGINS: must list exact origins, not *")
    return problems


def _with_generated_secret(settings: Settings) -> Settings:
    auth = settings.auth.model_copy(
        update={"auth_secret": SecretStr(_generated_secret(settings.server.data_dir))}
    )
    return settings.model_copy(update={"auth": auth})


def _generated_secret(data_dir: Path) -> str:
    """The secret of this installation: made once, kept in a file that only the owner can read."""
    path = data_dir / "secrets.json"
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        draft = data_dir / f".secrets-{os.getpid()}-{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"auth_secret": secrets.token_urlsafe(48)}, file)
        try:
            # A hard link fails when the file exists: of two processes that start together one wins, whole.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    secret = json.loads(path.read_text())["auth_secret"]
    if not isinstance(secret, str) or len(secret) < MIN_SECRET_LENGTH:
        raise SettingsError([f"{path.name}: holds no usable auth_secret; delete the file to make a new one"])
    return secret
