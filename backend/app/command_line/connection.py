"""How a command reaches the server: the options that all of them have, and how a refusal is said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated, Final

import typer
from rich.console import Console

from app.command_line.api import Api, CommandFailed
from app.core.config import Settings, SettingsError, load_settings
from app.core.security import mint_session

LOCAL_SERVER: Final = "http://127.0.0.1:8000"
_MINUTES: Final = 60
"""A token lives as long as the longest command may take."""

Server = Annotated[str, typer.Option("--server", envvar="DEBRIEF_SERVER", help="Address of the server")]
Token = Annotated[
    str | None,
    typer.Option(
        "--token", envvar="DEBRIEF_TOKEN", help="Bearer token; left out = made with this machine's secret"
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
def connected(console: Console, server: str, token: str | None) -> Iterator[Api]:
    """The API, as the person of the token or as the demo's. A refusal is one red sentence and exit code 1."""
    if token is None:
        lifetime = timedelta(minutes=_MINUTES)
        token = mint(settings_or_exit(console), "demo", "demo@example.com", "Demo", lifetime)
    try:
        with Api(server, token) as api:
            yield api
    except CommandFailed as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
