"""`watch`: a folder whose recordings and transcripts become interviews as they appear."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.command_line.api import Api, Json
from app.command_line.connection import LOCAL_SERVER, Organization, Server, Token, connected
from app.command_line.errors import ApiFailed
from app.command_line.importing.command import (
    Candidate,
    Jobs,
    Language,
    PatienceSeconds,
    Position,
    Speakers,
    Tags,
    Template,
)
from app.command_line.importing.details import Details, Person
from app.command_line.importing.display import Display, JsonLines, Lines
from app.command_line.importing.results import Outcome, counted
from app.command_line.importing.shipping import Plan, Shipping
from app.command_line.patience import DEFAULT_SECONDS, Patience
from app.command_line.watching.memory import Memory
from app.command_line.watching.watcher import Watcher

console = Console(highlight=False)


def watch(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="Where recordings and transcripts appear")
    ],
    candidate: Candidate = None,
    position: Position = None,
    template: Template = None,
    language: Language = None,
    tag: Tags = None,
    speakers: Speakers = None,
    settle: Annotated[
        float, typer.Option("--settle", min=0, help="Seconds without a change after which a file is complete")
    ] = 5.0,
    poll: Annotated[
        float | None,
        typer.Option(
            "--poll", min=0.1, help="Look every so many seconds, for network drives; left out = be told"
        ),
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Import what is there and end, for cron; do not wait for debriefs")
    ] = False,
    jobs: Jobs = 4,
    patience: PatienceSeconds = DEFAULT_SECONDS,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line, for scripts")] = False,
    server: Server = LOCAL_SERVER,
    token: Token = None,
    organization: Organization = None,
) -> None:
    """Import what is in a folder and what appears in it, once it is complete. Ctrl-C ends it.

    What fails does not end it: a server that does not answer is waited for, a file that is refused is tried again once
    it has changed. With `--once`, exit code 1 says that something failed.
    """
    details = Details(
        candidate=Person.read(candidate) if candidate else None,
        position=position,
        template=template,
        language=language,
        tags=tuple(tag or ()),
        speakers=speakers,
    )
    display = JsonLines() if as_json else Lines(console)
    persistent = Patience(patience)
    with connected(console, server, token, organization) as api:
        organisation = _organisation(api, persistent, display, once=once)
        memory = Memory.of(folder, server=server, organisation=organisation["id"])
        plan = Plan(lambda _: details, jobs=jobs, wait=not once, for_ever=not once)
        with Shipping(api, persistent, plan, display) as shipping:
            watcher = Watcher(folder, shipping, memory, display, settle=settle)
            if once:
                results = watcher.once()
                if not as_json:
                    console.print(counted(results))
                raise typer.Exit(1 if any(one.outcome is Outcome.FAILED for one in results) else 0)
            display.note(f"Watching {folder} for {organisation['name']}. Ctrl-C ends it.")
            with suppress(KeyboardInterrupt):
                watcher.watch(poll=poll)
            display.note("Stopped.")


def _organisation(api: Api, patience: Patience, display: Display, *, once: bool) -> Json:
    """Whose folder it is. Started with the machine, the command may be there before the server is."""
    try:
        return patience.persist(api.organisation)
    except ApiFailed as failure:
        if once or not failure.passing:
            raise
        display.note(f"{failure} Waiting for it.")
    return replace(patience, seconds=math.inf).persist(api.organisation)
