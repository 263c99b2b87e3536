"""`import`: files and folders become interviews."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from app.command_line.connection import LOCAL_SERVER, Organization, Server, Token, connected
from app.command_line.errors import CommandFailed
from app.command_line.importing.details import Details, Person
from app.command_line.importing.display import Display, display_for
from app.command_line.importing.finding import Found, Item, find
from app.command_line.importing.manifest import read_manifest
from app.command_line.importing.results import Outcome, Result, summary
from app.command_line.importing.shipping import Plan, Shipping
from app.command_line.patience import DEFAULT_SECONDS, Patience

console = Console(highlight=False)
errors = Console(highlight=False, stderr=True)

INTERRUPTED: Final = 130
_STEP_SECONDS: Final = 0.2

Candidate = Annotated[
    str | None, typer.Option("--candidate", help="Name of the candidate, or 'Name <address>'")
]
Position = Annotated[str | None, typer.Option("--position", help="What the candidate applies for")]
Template = Annotated[str | None, typer.Option("--template", help="Id of the interview template")]
Language = Annotated[
    str | None, typer.Option("--language", help="BCP 47 tag such as de, multi for several; left out = detect")
]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="Label of the interviews; can be repeated")]
Speakers = Annotated[
    int | None, typer.Option("--speakers", min=1, max=6, help="How many people speak; left out = 2")
]
Jobs = Annotated[int, typer.Option("--jobs", min=1, max=32, help="How many uploads at once")]
PatienceSeconds = Annotated[
    float,
    typer.Option("--patience", min=0, help="Seconds to go on trying while the server does not answer"),
]


def import_files(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            exists=True, help="Recordings, transcripts, and folders with them", show_default=False
        ),
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", help="For a single interview; left out = the file's name")
    ] = None,
    candidate: Candidate = None,
    position: Position = None,
    template: Template = None,
    language: Language = None,
    tag: Tags = None,
    speakers: Speakers = None,
    manifest: Annotated[
        Path | None,
        typer.Option(
            "--manifest",
            exists=True,
            dir_okay=False,
            help="CSV with file, title, candidate, candidate_email, position, template, language, tags",
        ),
    ] = None,
    jobs: Jobs = 4,
    patience: PatienceSeconds = DEFAULT_SECONDS,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Do not wait for the debriefs")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent, send nothing")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line, for scripts")] = False,
    server: Server = LOCAL_SERVER,
    token: Token = None,
    organization: Organization = None,
) -> None:
    """Import recordings and transcripts, each content once.

    A recording and a transcript of the same name in the same folder become one interview. Interrupted and run again,
    it goes on where it was.

    Exit code 0: all are done; 1: something failed; 2: wrong usage.
    """
    given = Details(
        title,
        Person.read(candidate) if candidate else None,
        position,
        template,
        language,
        tuple(tag or ()),
        speakers,
    )
    listed = _listed(manifest, given)
    found = find([*(files or ()), *listed])
    if not files and manifest is None:
        raise typer.BadParameter("name files or folders, or a --manifest.")
    if title is not None and len(found.items) > 1:
        raise typer.BadParameter(f"--title is for one interview; these are {len(found.items)}.")
    plan = Plan(_details_of(listed, given), jobs=jobs, wait=not no_wait, dry_run=dry_run)
    display = display_for(console, as_json=as_json)
    with (
        connected(console, server, token, organization) as api,
        Shipping(api, Patience(patience), plan, display) as shipping,
    ):
        results, interrupted = _run(found, shipping, display)
    _conclude(results, as_json=as_json, interrupted=interrupted)


def _listed(manifest: Path | None, given: Details) -> Mapping[Path, Details]:
    try:
        return {} if manifest is None else read_manifest(manifest, given)
    except CommandFailed as error:
        raise typer.BadParameter(str(error)) from error


def _details_of(listed: Mapping[Path, Details], given: Details) -> Callable[[Item], Details]:
    def details(item: Item) -> Details:
        return next((listed[file] for file in item.files if file in listed), given)

    return details


def _run(found: Found, shipping: Shipping, display: Display) -> tuple[list[Result], bool]:
    """What became of the items, and whether somebody did not want to wait for all of it."""
    results: list[Result] = []
    with display:
        for skipped in found.skipped:
            results.append(Result((skipped.path,), Outcome.SKIPPED, detail=skipped.reason))
            display.ended(results[-1])
        for item in found.items:
            shipping.submit(item)
        try:
            while shipping.is_busy:
                results += shipping.step(_STEP_SECONDS)
        except KeyboardInterrupt:
            return results, True
    return results, False


def _conclude(results: list[Result], *, as_json: bool, interrupted: bool) -> None:
    if not as_json:
        console.print(summary(results))
    if interrupted:
        errors.print("Interrupted. Run the same command again to go on.", style="yellow")
        raise typer.Exit(INTERRUPTED)
    if all(result.outcome is Outcome.SKIPPED for result in results):
        errors.print("There is nothing to import.", style="red")
        raise typer.Exit(1)
    if any(result.outcome is Outcome.FAILED for result in results):
        raise typer.Exit(1)
