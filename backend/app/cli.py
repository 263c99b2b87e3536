"""Command line: `python -m app.cli --help`."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console

from app.command_line.api import Api, ApiFailed
from app.command_line.debrief import print_debrief
from app.command_line.demo import run_demo
from app.command_line.doctor.finding import Subject
from app.command_line.doctor.run import run_doctor
from app.command_line.storage import storage
from app.core.config import Settings, SettingsError, load_settings
from app.core.logging import configure_logging
from app.core.security import mint_session

cli = typer.Typer(no_args_is_help=True, add_completion=False, help="Debrief: interviews to evidence.")
cli.add_typer(storage, name="storage")
console = Console(highlight=False)

Server = Annotated[str, typer.Option("--server", envvar="DEBRIEF_SERVER", help="Address of the server")]
Token = Annotated[
    str | None,
    typer.Option(
        "--token", envvar="DEBRIEF_TOKEN", help="Bearer token; left out = made with this machine's secret"
    ),
]


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        console.print(str(error), style="red")
        raise typer.Exit(1) from None


def _mint(settings: Settings, subject: str, email: str, name: str, lifetime: timedelta) -> str:
    claims = {"sub": subject, "email": email, "name": name}
    return mint_session(claims, settings.auth.secrets[0], salt=settings.auth.auth_api_salt, max_age=lifetime)


@cli.command()
def demo(
    host: Annotated[str, typer.Option(help="Address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on")] = 8000,
    exit_when_done: Annotated[
        bool, typer.Option("--exit", help="Stop the server after the debrief is shown")
    ] = False,
) -> None:
    """Start the server, load the sample interviews through the real pipeline, show a debrief, keep serving."""
    settings = _settings()
    token = _mint(settings, "demo", "demo@example.com", "Demo", timedelta(hours=12))
    raise typer.Exit(run_demo(console, token, host=host, port=port, exit_when_done=exit_when_done))


@cli.command()
def token(
    email: Annotated[str, typer.Option(help="E-mail address of the person")] = "demo@example.com",
    name: Annotated[str, typer.Option(help="Name of the person")] = "Demo",
    subject: Annotated[str, typer.Option(help="Stable user id, as the frontend gives it")] = "demo",
    hours: Annotated[float, typer.Option(min=0.01, max=720, help="Lifetime")] = 12.0,
) -> None:
    """Make a Bearer token with this installation's secret and print it."""
    # Plain print: Rich would wrap the token over several lines.
    print(_mint(_settings(), subject, email, name, timedelta(hours=hours)))  # noqa: T201


@cli.command()
def doctor(
    only: Annotated[
        list[Subject] | None, typer.Option("--only", help="Check this alone; can be repeated")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail, too")] = False,
) -> None:
    """Check this installation and say how to mend what is wrong.

    Exit code 0: fit; 1: something failed; 2: the settings cannot be used.
    """
    configure_logging(level="CRITICAL", json_lines=False)  # the findings are all that is said
    raise typer.Exit(run_doctor(console, as_json=as_json, only=only or (), strict=strict))


@cli.command()
def debrief(
    interview_id: Annotated[str, typer.Argument(help="Id of the interview")],
    server: Server = "http://127.0.0.1:8000",
    token: Token = None,
) -> None:
    """Show the debrief of one interview."""
    bearer = token or _mint(_settings(), "demo", "demo@example.com", "Demo", timedelta(minutes=5))
    try:
        with Api(server, bearer) as api:
            print_debrief(
                console, api.interview(interview_id), api.transcript(interview_id), api.analysis(interview_id)
            )
    except ApiFailed as error:
        console.print(str(error), style="red")
        raise typer.Exit(1) from None


if __name__ == "__main__":
    sys.exit(cli())
