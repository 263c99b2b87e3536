"""Settings of what Debrief tells and of how it is run: mail, outgoing calls, Redis, metrics."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from app.core.settings_group import Names, SettingsGroup, names_of, server_address

_BACKOFF = (5.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)


class MailSettings(SettingsGroup):
    smtp_url: SecretStr | None = Field(
        default=None, description="smtp://user:password@host:587 (STARTTLS when offered) or smtps://…:465"
    )
    mail_from: str | None = Field(default=None, description="`Debrief <debrief@example.com>`")

    @field_validator("smtp_url")
    @classmethod
    def _known_scheme(cls, value: SecretStr | None) -> SecretStr | None:
        return server_address(value, "smtp", "smtps")

    @field_validator("mail_from")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        if not value:
            return None
        local, _, domain = parseaddr(value)[1].rpartition("@")
        if not (local and domain) or not value.isprintable():
            raise ValueError("must be an address such as `Debrief <debrief@example.com>`")
        return value


class OutgoingSettings(SettingsGroup):
    outgoing_private_hosts: Names = Field(
        default=(),
        description="Hosts with private addresses that people may name in webhooks, channels and recordings",
    )
    delivery_backoff_seconds: Annotated[tuple[float, ...], NoDecode] = Field(
        default=_BACKOFF, description="Waits between the attempts at one delivery; then it is dead"
    )
    delivery_kept_days: int = Field(default=30, ge=1, description="How long finished deliveries can be seen")
    delivery_concurrency: int = Field(default=8, ge=1)
    endpoint_disable_hours: float = Field(
        default=120.0, gt=0, description="Without one success after which a webhook endpoint is disabled"
    )

    @field_validator("outgoing_private_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return names_of(value)

    @field_validator("delivery_backoff_seconds", mode="before")
    @classmethod
    def _seconds(cls, value: object) -> object:
        return names_of(value)


class RedisSettings(SettingsGroup):
    redis_url: SecretStr | None = Field(
        default=None, description="redis:// or rediss://; unset = processes find each other's work by polling"
    )

    @field_validator("redis_url")
    @classmethod
    def _known_scheme(cls, value: SecretStr | None) -> SecretStr | None:
        if value and value.get_secret_value().startswith("unix://"):
            return value  # a path: there is neither host nor port
        return server_address(value, "redis", "rediss", "unix")


class TelemetrySettings(SettingsGroup):
    metrics_token: SecretStr | None = Field(
        default=None, description="Bearer token of /metrics; unset = open, and switched off in production"
    )
    worker_metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65_535,
        description="Where a worker of its own serves /metrics; unset = nowhere",
    )
