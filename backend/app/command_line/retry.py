"""`retry`: failed interviews run again from the step that failed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Annotated, Final

import typer
from rich.console import Console, Group
from rich.text import Text

from app.command_line.api import Api, Json
from app.command_line.choosing import matching, side_by_side
from app.command_line.connection import LOCAL_SERVER, Organization, Server, Token, connected
from app.command_line.debrief.layout import columns
from app.command_line.debrief.words import said
from app.command_line.errors import ApiFailed
from app.command_line.following import follow, reason
from app.command_line.importing.command import PatienceSeconds
from app.command_line.patience import DEFAULT_SECONDS, Patience

console = Console(highlight=False)

_JOBS: Final = 4


class Ending(StrEnum):
    STARTED = "started"
    DONE = "done"
    NOT_FAILED = "not failed"
    """There was nothing to retry."""
    FAILED = "failed"


_STYLES: Final = {Ending.DONE: "green", Ending.STARTED: "cyan", Ending.FAILED: "red"}


@dataclass(frozen=True, slots=True)
class Retried:
    interview_id: str
    title: str
    ending: Ending
    detail: str = ""


def retry(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[IDS]...", help="Ids of interviews", show_default=False)
    ] = None,
    failed: Annotated[bool, typer.Option("--failed", help="All interviews that have failed")] = False,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait until they are done or have failed again")
    ] = False,
    patience: PatienceSeconds = DEFAULT_SECONDS,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line, for scripts")] = False,
    server: Server = LOCAL_SERVER,
    token: Token = None,
    organization: Organization = None,
) -> None:
    """Run failed interviews again; what earlier steps finished is kept.

    Exit code 0: all were started (with --wait: are done); 1: something failed; 2: wrong usage.
    """
    if bool(ids) == failed:
        raise typer.BadParameter("name interviews, or take all that have --failed.")
    persistent = Patience(patience)
    with connected(console, server, token, organization) as api:
        # The list is read to its end first: what is retried leaves it.
        rows_of_failed = matching(api, {"status": "failed"}, persistent) if failed else ()
        chosen = [*(ids or ()), *(row["id"] for row in rows_of_failed)]
        work = partial(_retried, api, persistent)
        rows = list(side_by_side(work, dict.fromkeys(chosen), jobs=_JOBS, stop=persistent.stop))
        if wait:
            rows = _waited(api, persistent, rows)
    if as_json:
        for row in rows:
            print(json.dumps(asdict(row)))  # noqa: T201 - Rich would wrap it
    else:
        _print(rows)
    if any(row.ending is Ending.FAILED for row in rows):
        raise typer.Exit(1)


def _retried(api: Api, patience: Patience, interview_id: str) -> Retried:
    def start() -> Json:
        return api.retry(interview_id)

    def again() -> Json:
        # The answer was lost, perhaps not the request.
        current = api.interview(interview_id)
        return start() if current["status"] == "failed" else current

    try:
        interview = patience.persist(start, again=again)
    except ApiFailed as failure:
        nothing = failure.code == "nothing_to_retry"
        return Retried(interview_id, "", Ending.NOT_FAILED if nothing else Ending.FAILED, str(failure))
    return Retried(interview_id, interview["title"], Ending.STARTED)


def _waited(api: Api, patience: Patience, rows: list[Retried]) -> list[Retried]:
    started = [row.interview_id for row in rows if row.ending is Ending.STARTED]
    interviews = [patience.persist(partial(api.interview, one)) for one in started]
    last = follow(api, interviews, lambda _: None, patience=patience)
    return [_ended(row, last[row.interview_id]) if row.interview_id in last else row for row in rows]


def _ended(row: Retried, interview: Json) -> Retried:
    if interview["status"] in ("done", "measuring"):
        return replace(row, ending=Ending.DONE)
    return replace(row, ending=Ending.FAILED, detail=reason(interview, interview["status"]))


def _print(rows: list[Retried]) -> None:
    if not rows:
        console.print("No interview has failed.")
        return
    table = columns("interview", "title", "outcome", "")
    for row in rows:
        style = _STYLES.get(row.ending, "")
        table.add_row(row.interview_id, said(row.title), Text(row.ending, style=style), said(row.detail))
    console.print(Group(table, Text()))
