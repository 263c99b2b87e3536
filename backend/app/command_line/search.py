"""`search`: care for the index that interviews are found by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from app.command_line.connection import settings_or_exit
from app.core.config import Settings, SettingsError
from app.core.errors import AppError
from app.core.logging import configure_logging

if TYPE_CHECKING:
    from collections.abc import Callable

search = typer.Typer(no_args_is_help=True, help="The index that interviews are found by.")
console = Console(highlight=False, soft_wrap=True)


@search.command()
def rebuild() -> None:
    """Index the transcripts of all organisations again, directly in the database of this installation.

    Needed once for interviews from before there was a search, and after a change of how words are indexed. It works
    beside a running server, and may be interrupted and run again.

    Exit code 0: everything is indexed; 1: it is not.
    """
    settings = settings_or_exit(console)
    configure_logging(level="CRITICAL", json_lines=False)  # what the command says is all that is said
    columns = (SpinnerColumn(finished_text="✓"), TextColumn("{task.description}"), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("Indexing")
            done = anyio.run(
                _rebuild, settings, lambda n: progress.update(task, description=f"Indexed {n:,} interviews")
            )
    except (AppError, SettingsError) as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
    console.print(f"Interviews indexed: {done:,}")


async def _rebuild(settings: Settings, tell: Callable[[int], None]) -> int:
    # Imported here: what it wires takes longer to load than all the other commands need to end.
    from app.core.container import open_container  # noqa: PLC0415

    done = 0
    async with open_container(settings) as container:
        async for _ in container.search.rebuild_all():
            done += 1
            tell(done)
    return done
