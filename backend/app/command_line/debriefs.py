"""`debrief`: one debrief in the terminal, as JSON, or as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.command_line.connection import LOCAL_SERVER, Organization, Server, Token, connected
from app.command_line.debrief.page import print_debrief
from app.command_line.errors import CommandFailed
from app.services.export.render import ExportFormat

console = Console(highlight=False)

Export = Annotated[
    tuple[ExportFormat, Path] | None,
    typer.Option(
        "--export", metavar="FORMAT FILE", help="Save it as a file instead: pdf, docx, md or json, and where"
    ),
]


def debrief(
    interview_id: Annotated[str, typer.Argument(help="Id of the interview")],
    as_json: Annotated[bool, typer.Option("--json", help="The API's answer, for scripts")] = False,
    export: Export = None,
    server: Server = LOCAL_SERVER,
    token: Token = None,
    organization: Organization = None,
) -> None:
    """Show the debrief of one interview, every claim with the words it rests on; or save it as a file."""
    with connected(console, server, token, organization) as api:
        if export is not None:
            save(export[1], api.export(interview_id, export[0].value))
            console.print(f"Saved to {export[1]}", markup=False, soft_wrap=True)
            return
        analysis = api.analysis(interview_id)
        if as_json:
            # Plain print: Rich would wrap it.
            print(json.dumps(analysis, indent=2, ensure_ascii=False))  # noqa: T201 - Rich would wrap it
            return
        transcript = api.transcript(interview_id, analysis["transcript_revision"])
        print_debrief(console, api.interview(interview_id), transcript, analysis)


def save(path: Path, content: bytes) -> None:
    """Raises `CommandFailed`."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CommandFailed(f"{path} cannot be written: {error.strerror}.") from error
