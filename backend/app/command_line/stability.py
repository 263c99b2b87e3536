"""`stability`: the same transcript analysed several times, and which levels stay the same."""

from __future__ import annotations

import time
from typing import Annotated, Final

import typer
from rich.console import Console, Group
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from app.command_line.api import Api, Json
from app.command_line.connection import LOCAL_SERVER, Organization, Server, Token, connected
from app.command_line.debrief.layout import columns
from app.command_line.debrief.words import level, moment, said
from app.command_line.errors import CommandFailed

console = Console(highlight=False)

FEWEST_RUNS: Final = 2
MOST_RUNS: Final = 10
"""Those of the service, which takes a while to import."""
_MEASURING: Final = "measuring"
_POLL_SECONDS: Final = 0.5


def stability(
    interview_id: Annotated[str, typer.Argument(help="Id of the interview")],
    runs: Annotated[
        int, typer.Option(min=FEWEST_RUNS, max=MOST_RUNS, help="Each costs as much as a debrief")
    ] = 3,
    last: Annotated[bool, typer.Option("--last", help="Show the newest report, measure nothing")] = False,
    server: Server = LOCAL_SERVER,
    token: Token = None,
    organization: Organization = None,
) -> None:
    """Analyse one interview several times and show which criteria flip. The debrief stays as it is.

    Ctrl-C stops waiting, not the measurement; `--last` shows its report later.
    """
    with connected(console, server, token, organization) as api:
        if not last:
            _wait(api, api.measure_stability(interview_id, runs))
        print_stability(console, api.stability(interview_id))


def _wait(api: Api, interview: Json) -> None:
    """Until the measurement has ended. Raises `CommandFailed` with the reason when it failed."""
    with Progress(
        SpinnerColumn(),
        TextColumn("Measuring"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        console=console,
    ) as progress:
        task = progress.add_task("", total=1.0)
        while interview["status"] == _MEASURING:
            progress.update(task, completed=interview["progress"] or 0.0)
            time.sleep(_POLL_SECONDS)
            interview = api.interview(interview["id"])
        progress.update(task, completed=1.0)
    failure = interview["failure"] if interview["status"] == "failed" else interview["stability_failure"]
    if failure:
        raise CommandFailed(f"{failure['code']}: {failure['message']}")


def print_stability(console: Console, report: Json) -> None:
    table = columns("criterion", *(f"run {n}" for n in range(1, report["runs"] + 1)), "agreement")
    for row in report["criteria"]:
        table.add_row(said(row["name"]), *(level(one) for one in row["levels"]), _agreement(row))
    suggestions = report["suggestions"]
    table.add_row(Text("Suggestion", style="bold"), *(level(one, none="none") for one in suggestions), "")
    verdict = _verdict(report["criteria"])
    console.print(Group(Text(), table, Text(), verdict, *_facts(report)))


def _verdict(criteria: list[Json]) -> Text:
    flips = sum(row["flips"] for row in criteria)
    if not criteria:
        return Text("There are no criteria to compare: the interview has no template.", style="yellow")
    if not flips:
        return Text("Every criterion got the same level in every run.", style="green")
    return Text(
        f"{flips} of {len(criteria)} criteria flip: the debrief shows no level for them.", style="yellow"
    )


def _agreement(row: Json) -> Text:
    share = f"{row['agreement']:.0%}"
    return Text(f"{share}, flips", style="yellow") if row["flips"] else Text(share)


def _facts(report: Json) -> list[Text]:
    cost = "price unknown" if report["cost_usd"] is None else f"${report['cost_usd']:.4f}"
    engine = report["engine"]
    made_by = engine["name"] + (f" ({engine['model']})" if engine["model"] else "")
    return [
        Text(f"{report['claims_kept']:.0%} of the claims were made by the other runs as well, on average."),
        said(
            f"Report {report['revision']}, {moment(report['created_at'])}, by {made_by} · "
            f"{report['input_tokens']:,} tokens in, {report['output_tokens']:,} out · {cost} · "
            f"transcript {report['transcript_revision']}",
            "dim",
        ),
    ]
