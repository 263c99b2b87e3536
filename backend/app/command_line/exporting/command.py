"""`export`: debriefs as files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.text import Text

from app.command_line.choosing import filters, matching, side_by_side
from app.command_line.connection import LOCAL_SERVER, Organization, Server, Token, connected
from app.command_line.debrief.words import said
from app.command_line.exporting.saving import Ending, Exported, Exporter, Format
from app.command_line.importing.command import PatienceSeconds
from app.command_line.patience import DEFAULT_SECONDS, Patience

console = Console(highlight=False, soft_wrap=True)

_STYLES: Final = {Ending.SAVED: "green", Ending.FAILED: "red"}


def export(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[IDS]...", help="Ids of interviews", show_default=False)
    ] = None,
    to: Annotated[Path, typer.Option("--to", file_okay=False, help="Folder for the files")] = Path(),
    format: Annotated[
        list[Format] | None, typer.Option("--format", help="Can be repeated; left out = pdf")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All interviews that match the filters")] = False,
    tag: Annotated[str | None, typer.Option("--tag", help="With --all: those with this label")] = None,
    status: Annotated[str | None, typer.Option("--status", help="With --all: such as done")] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", help="With --all: created on this day or later")
    ] = None,
    candidate: Annotated[
        str | None, typer.Option("--candidate", help="With --all: beginning of the name")
    ] = None,
    position: Annotated[
        str | None, typer.Option("--position", help="With --all: beginning of the position")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there")] = False,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=32, help="How many at once")] = 4,
    patience: PatienceSeconds = DEFAULT_SECONDS,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line, for scripts")] = False,
    server: Server = LOCAL_SERVER,
    token: Token = None,
    organization: Organization = None,
) -> None:
    """Save debriefs and transcripts as files named after the interviews. Files that are there already are kept.

    Exit code 0: all that there is was saved; 1: something failed; 2: wrong usage.
    """
    where = filters(status=status, tag=tag, since=since, candidate=candidate, position=position)
    if bool(ids) == everything:
        raise typer.BadParameter("name interviews, or take --all of them.")
    if where and not everything:
        raise typer.BadParameter("filters go with --all.")
    formats = list(dict.fromkeys(format or [Format.PDF]))
    persistent = Patience(patience)
    counts: Counter[Ending] = Counter()
    with connected(console, server, token, organization) as api:
        _make_folder(to)
        exporter = Exporter(api, persistent, to, formats, force)
        named = iter(dict.fromkeys(ids or ()))
        chosen: Iterator[Any] = matching(api, where, persistent) if everything else named
        saved = side_by_side(exporter.export, chosen, jobs=jobs, stop=persistent.stop)
        for exported in chain.from_iterable(saved):
            counts[exported.ending] += 1
            _tell(exported, as_json=as_json)
    if not as_json:
        totals = ", ".join(f"{counts[ending]} {ending}" for ending in Ending if counts[ending])
        console.print(Text(totals or "No interview matches.", style="bold"))
    # An interview that is named and has nothing to save is a failure; among all of them it is not.
    if counts[Ending.FAILED] or (counts[Ending.NOT_YET] and not everything):
        raise typer.Exit(1)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise typer.BadParameter(f"{folder} cannot be made: {error.strerror}.") from error


def _tell(exported: Exported, *, as_json: bool) -> None:
    if as_json:
        row = {
            "interview_id": exported.interview_id,
            "title": exported.title,
            "ending": exported.ending.value,
            "file": str(exported.file) if exported.file else None,
            "detail": exported.detail or None,
        }
        print(json.dumps(row), flush=True)  # noqa: T201 - Rich would wrap it
        return
    what = exported.file.name if exported.file else exported.title or exported.interview_id
    line = "  ".join(part for part in (what, exported.detail) if part).replace("\n", " ")
    console.print(Text.assemble((f"{exported.ending:<8}", _STYLES.get(exported.ending, "")), said(line)))
