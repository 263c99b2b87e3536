"""How a command reaches the server: the options that all of them have, and how a refusal is said."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock
from typing import Annotated, Final

import typer
from rich.console import Console

from app.command_line.api import Api
from app.command_line.errors import CommandFailed
from app.core.config import Settings, SettingsError, load_settings
from app.core.security import mint_session

LOCAL_SERVER: Final = "http://127.0.0.1:8000"
_LIFETIME: Final = timedelta(minutes=60)
_RENEWED_AFTER: Final = 30 * 60.0
"""Seconds. Commands such as `watch` go on for longer than any token lives."""

Server = Annotated[str, typer.Option("--server", envvar="DEBRIEF_SERVER", help="Address of the server")]
Token = Annotated[
    str | None,
    typer.Option(
        "--token", envvar="DEBRIEF_TOKEN", help="Bearer token; left out = made with this machine's secret"
    ),
]
Organization = Annotated[
    str | None,
    typer.Option(
        "--organization",
        envvar="DEBRIEF_ORGANIZATION",
        help="Id of the organisation to act for; needed by members of several",
    ),
]


def settings_or_exit(console: Console) -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None


def mint(settings: Settings, subject: str, email: str, name: str, lifetime: timedelta) -> str:
    claims = {"sub": subject, "email": email, "name": name}
    return mint_session(claims, settings.auth.secrets[0], salt=settings.auth.auth_api_salt, max_age=lifetime)


@contextmanager
def connected(
    console: Console, server: str, token: str | None, organization: str | None = None
) -> Iterator[Api]:
    """The API, as the person of the token or as the demo's. A refusal is one red sentence and exit code 1."""
    bearer = _own_tokens(settings_or_exit(console)) if token is None else token
    try:
        with Api(server, bearer, organization=organization) as api:
            yield api
    except CommandFailed as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None


def _own_tokens(settings: Settings) -> Callable[[], str]:
    """Tokens made with this machine's secret, each used for half of its life."""
    lock = Lock()
    made: tuple[float, str] | None = None

    def current() -> str:
        nonlocal made
        with lock:
            if made is None or time.monotonic() - made[0] > _RENEWED_AFTER:
                fresh = mint(settings, "demo", "demo@example.com", "Demo", _LIFETIME)
                made = (time.monotonic(), fresh)
            return made[1]

    return current
