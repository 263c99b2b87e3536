"""Command line: `python -m app.cli --help`."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console

from app.command_line.administration.invitations import invitations
from app.command_line.administration.members import members
from app.command_line.administration.organisations import organisations
from app.command_line.administration.users import users
from app.command_line.backup import backup, restore
from app.command_line.connection import mint, settings_or_exit
from app.command_line.debriefs import debrief
from app.command_line.demo import run_demo
from app.command_line.doctor.finding import Subject
from app.command_line.doctor.run import run_doctor
from app.command_line.exporting.command import export
from app.command_line.importing.command import import_files
from app.command_line.retry import retry
from app.command_line.search import search
from app.command_line.stability import stability
from app.command_line.storage import storage
from app.command_line.templates import templates
from app.command_line.watching.command import watch
from app.core.logging import configure_logging

cli = typer.Typer(no_args_is_help=True, add_completion=False, help="Debrief: interviews to evidence.")
cli.add_typer(storage, name="storage")
cli.add_typer(templates, name="templates")
cli.add_typer(users, name="users")
cli.add_typer(organisations, name="organisations")
cli.add_typer(members, name="members")
cli.add_typer(invitations, name="invitations")
cli.add_typer(search, name="search")
console = Console(highlight=False)


@cli.command()
def demo(
    host: Annotated[str, typer.Option(help="Address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on")] = 8000,
    exit_when_done: Annotated[
        bool, typer.Option("--exit", help="Stop the server after the debrief is shown")
    ] = False,
) -> None:
    """Start the server, load the sample interviews through the real pipeline, show a debrief, keep serving."""
    settings = settings_or_exit(console)
    token = mint(settings, "demo", "demo@example.com", "Demo", timedelta(hours=12))
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
    print(mint(settings_or_exit(console), subject, email, name, timedelta(hours=hours)))  # noqa: T201 - to be piped


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


cli.command("import")(import_files)
cli.command()(watch)
cli.command()(backup)
cli.command()(restore)
cli.command()(debrief)
cli.command()(export)
cli.command()(retry)
cli.command()(stability)


if __name__ == "__main__":
    sys.exit(cli())
