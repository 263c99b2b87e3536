"""`backup` and `restore`: the whole installation as files, straight from its database and its object store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import anyio
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.command_line.connection import settings_or_exit
from app.core.config import Settings, SettingsError
from app.core.errors import AppError
from app.core.logging import configure_logging

if TYPE_CHECKING:
    from app.core.container import Container
    from app.services.backup.manifest import Manifest, Watcher

console = Console(highlight=False)

_PRIVATE: Final = (
    "It holds what candidates said and the secrets of webhooks and channels. Files are 0600, folders 0700: keep them "
    "so, and encrypt what leaves this machine. The settings (.env), and secrets.json in DATA_DIR, are not part of it."
)

NoObjects = Annotated[
    bool, typer.Option("--no-objects", help="Documents only: no recordings, waveforms and vendors' answers")
]


def backup(
    target: Annotated[Path, typer.Argument(help="Folder to write to: new, or empty")],
    no_objects: NoObjects = False,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify",
            help="Write nothing: read the backup in TARGET again and check it, objects too unless --no-objects",
        ),
    ] = False,
) -> None:
    """Write everything that is stored to a folder: documents as JSON Lines, recordings as files, with hashes.

    The server may go on working meanwhile. What was written is read again and checked at the end.

    Exit code 0: the backup is there and was checked; 1: it is not, or is damaged; 2: wrong usage.
    """
    from app.services.backup.checking import check_backup  # noqa: PLC0415 - other commands start without it

    with _failures(), _shown() as watch:
        if not verify:
            anyio.run(_run, settings_or_exit(console), lambda c: _write(c, target, watch, no_objects))
        checked = check_backup(target, watch, with_objects=not no_objects)
    _summary(checked.manifest, "Checked" if verify else "Written and checked")
    if verify and no_objects and checked.manifest.objects is not None:
        console.print("Objects were left out of the check.", soft_wrap=True)
    if checked.manifest.missing_objects:
        _missing(checked.manifest)
    console.print(_PRIVATE, soft_wrap=True)


def restore(
    source: Annotated[Path, typer.Argument(help="Folder that `backup` wrote", exists=True, file_okay=False)],
    no_objects: NoObjects = False,
) -> None:
    """Restore a backup into this installation, which must be empty; stop its server and workers first.

    The database may be of the other kind than the one the backup was made of. The backup is checked before anything
    is written, and what was written is read again; then the transcripts are indexed for the search. When it is
    interrupted, run it again.

    Exit code 0: everything is there and was checked; 1: it is not, or was refused; 2: wrong usage.
    """
    settings = settings_or_exit(console)
    with _failures(), _shown() as watch:
        manifest = anyio.run(_run, settings, lambda c: _restore(c, source, watch, no_objects), True)
    _summary(manifest, "Restored and checked")
    if manifest.objects is None or no_objects:
        console.print("Objects were left out: without them recordings cannot be played.", soft_wrap=True)
    elif manifest.missing_objects:
        _missing(manifest)


async def _run(
    settings: Settings, work: Callable[[Container], Awaitable[Manifest]], restores: bool = False
) -> Manifest:
    from app.core.container import open_container  # noqa: PLC0415 - other commands start without it

    configure_logging(level="WARNING", json_lines=False)
    async with open_container(settings, restores=restores) as container:
        return await work(container)


async def _write(container: Container, target: Path, watch: Watcher, no_objects: bool) -> Manifest:
    from app.services.backup.writing import write_backup  # noqa: PLC0415 - as above

    store = None if no_objects else container.store
    return await write_backup(target, container.repositories, store, watch)


async def _restore(container: Container, source: Path, watch: Watcher, no_objects: bool) -> Manifest:
    from app.services.backup.restoring import restore_backup  # noqa: PLC0415 - as above

    store = None if no_objects else container.store
    manifest = await restore_backup(source, container.repositories, store, watch)
    done = 0
    async for _ in container.search.rebuild_all():
        done += 1
        watch("search index", done, None)
    return manifest


@contextmanager
def _failures() -> Iterator[None]:
    """One red sentence, the faults below it, and exit code 1."""
    try:
        yield
    except (AppError, SettingsError) as error:
        lines = [str(error), *getattr(error, "problems", ())] if isinstance(error, AppError) else [str(error)]
    except OSError as error:
        lines = [f"{error.filename or 'A file'}: {error.strerror or error}."]
    else:
        return
    for line in lines:
        console.print(line, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1)


@contextmanager
def _shown() -> Iterator[Watcher]:
    """A line for each part that is under way or done."""
    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:,}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def watch(part: str, done: int, total: int | None) -> None:
            if part not in tasks:
                tasks[part] = progress.add_task(part.replace("_", " "), total=total)
            progress.update(tasks[part], completed=done, total=total)

        yield watch


def _summary(manifest: Manifest, done: str) -> None:
    table = Table("Kind", "Number", "Bytes")
    for column in table.columns[1:]:
        column.justify = "right"
    for kind, part in manifest.documents.items():
        if part.count:
            table.add_row(kind.replace("_", " "), f"{part.count:,}", f"{part.bytes:,}")
    if manifest.objects is not None:
        table.add_row("objects", f"{manifest.objects.count:,}", f"{manifest.object_bytes:,}")
    console.print(table)
    console.print(
        f"{done}: backup {manifest.id} of {manifest.begun_at:%Y-%m-%d %H:%M} UTC, made by Debrief "
        f"{manifest.release} of {manifest.database}, schema {manifest.schema_version}.",
        soft_wrap=True,
    )


def _missing(manifest: Manifest) -> None:
    console.print(
        f"{manifest.missing_objects:,} objects that documents refer to were not in the store:", style="yellow"
    )
    for key in manifest.missing_keys[:10]:
        console.print(f"  {key}", style="yellow", markup=False, soft_wrap=True)
