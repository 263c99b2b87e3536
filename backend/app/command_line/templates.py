"""`templates`: templates leave as files and come back, through the API."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.command_line.connection import LOCAL_SERVER, Organization, Server, Token, connected
from app.command_line.debriefs import save
from app.command_line.errors import CommandFailed

templates = typer.Typer(no_args_is_help=True, help="Interview templates as files.")
console = Console(highlight=False, soft_wrap=True)


@templates.command("export")
def export_template(
    template_id: Annotated[str, typer.Argument(help="Id of the template, also of a built-in one")],
    file: Annotated[Path, typer.Argument(help="Where to save it")],
    server: Server = LOCAL_SERVER,
    token: Token = None,
    organization: Organization = None,
) -> None:
    """Save the current version of a template as a JSON file."""
    with connected(console, server, token, organization) as api:
        save(file, api.export_template(template_id))
        console.print(f"Saved to {file}", markup=False)


@templates.command("import")
def import_template(
    file: Annotated[Path, typer.Argument(help="JSON of Debrief, Greenhouse or Ashby")],
    server: Server = LOCAL_SERVER,
    token: Token = None,
    organization: Organization = None,
) -> None:
    """Make a new template from a file, and say what of the file it could not take."""
    with connected(console, server, token, organization) as api:
        made = api.import_template(_content(file))
        template = made["template"]
        current = template["current"]
        console.print(
            f"{current['name']}: {len(current['questions'])} questions, {len(current['criteria'])} criteria, "
            f"from a file of {made['source'].title()}.\nIts id: {template['id']}",
            markup=False,
        )
        for sentence in made["left_out"]:
            console.print(f"Left out: {sentence}", style="yellow", markup=False)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandFailed(f"{path} cannot be read: {error.strerror}.") from error
