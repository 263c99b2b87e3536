"""What every group of settings is made of: where values come from, and the forms that several of them share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

CHECKOUT: Final = Path(__file__).resolve().parents[3]
ENV_FILES: Final = (CHECKOUT / ".env", Path(".env"))


class SettingsError(Exception):
    """The settings cannot be used. `problems` has one line for each name, so that all are mended in one go."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("The settings are not complete:\n" + "\n".join(f"  - {p}" for p in problems))
        self.problems = problems


class SettingsGroup(BaseSettings):
    model_config = SettingsConfigDict(env_file=ENV_FILES, env_ignore_empty=True, extra="ignore", frozen=True)


Names = Annotated[tuple[str, ...], NoDecode]


def names_of(value: object) -> object:
    """Comma-separated text to a tuple, so that nobody has to write JSON into an environment variable."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def server_address(value: SecretStr | None, *schemes: str) -> SecretStr | None:
    """An address with a scheme out of `schemes` and a host, so that a slip is told at the start and not at the first
    use; None for an empty one. No error quotes it: it may hold a password."""
    if value is None or not value.get_secret_value():
        return None
    beginnings = tuple(f"{scheme}://" for scheme in schemes)
    if not value.get_secret_value().startswith(beginnings):
        raise ValueError(f"must begin with {' or '.join(beginnings)}")
    try:
        parts = urlsplit(value.get_secret_value())
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named:
        raise ValueError(
            "names no host, or no port that exists; write @, / and : in a password as %40, %2F, %3A"
        )
    return value


def http_address(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("must begin with https:// (or http:// for a server on this machine)")
    return value.rstrip("/")
