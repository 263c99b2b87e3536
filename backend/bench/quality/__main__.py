"""`python -m bench.quality`: score an analyzer on the labelled interviews."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from app.core.config import load_settings
from bench.quality.floors import load_floors, missed
from bench.quality.interview import load, names
from bench.quality.report import as_json, put_into, table
from bench.quality.running import Measured, NotConfigured, Result, analyzer_for, measure

app = typer.Typer(add_completion=False)


@app.command()
def main(
    engine: Annotated[Measured, typer.Option(help="Which analyzer.")] = Measured.CONFIGURED,
    runs: Annotated[int, typer.Option(min=1, help="Analyses of each interview.")] = 3,
    interviews: Annotated[str, typer.Option(help="Names separated by commas; all when left out.")] = "",
    json: Annotated[Path | None, typer.Option(help="Write every figure to this file.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Put the table between this file's markers.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Fail below the floors of the engine.")] = False,
) -> None:
    """Score an analyzer on the labelled interviews. A model behind a network costs money: see docs/quality.md."""
    console = Console()
    result = _measured(engine, runs, _chosen(interviews), console)
    console.print(table(result))
    for interview in result.interviews:
        for fall in interview.score.falls:
            console.print(
                f"{interview.name}: fell into {fall.trap} ({fall.note})\n    {fall.claim}", markup=False
            )
    for failure in result.failed:
        console.print(f"{failure.interview}: {failure.code}: {failure.detail}", markup=False)
    if json is not None:
        json.write_text(as_json(result), encoding="utf-8")
    if markdown is not None:
        markdown.write_text(put_into(markdown.read_text(encoding="utf-8"), result), encoding="utf-8")
    if check and not _passes(result, console):
        raise typer.Exit(1)


def _chosen(given: str) -> list[str]:
    known = names()
    chosen = [name.strip() for name in given.split(",") if name.strip()] or known
    if unknown := sorted(set(chosen) - set(known)):
        raise typer.BadParameter(f"There is no {', '.join(unknown)}. There are: {', '.join(known)}.")
    return chosen


def _measured(engine: Measured, runs: int, chosen: list[str], console: Console) -> Result:
    labelled = [load(name) for name in chosen]
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Analysing", total=runs * len(labelled))

        async def run() -> Result:
            async with analyzer_for(engine, load_settings()) as analyzer:
                return await measure(analyzer, labelled, runs=runs, done=lambda: progress.advance(task))

        try:
            return asyncio.run(run())
        except NotConfigured as error:
            raise typer.BadParameter(str(error)) from None


def _passes(result: Result, console: Console) -> bool:
    floors = load_floors().get(result.engine)
    if floors is None:
        console.print(f"There are no floors for {result.engine} in floors.toml.")
        return False
    problems = [*missed(floors, result.total.values())]
    problems += [f"{f.interview}: a run failed ({f.code})" for f in result.failed]
    for problem in problems:
        console.print(problem, markup=False)
    return not problems


if __name__ == "__main__":
    app()
