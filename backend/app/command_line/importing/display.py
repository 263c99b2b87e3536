"""What an import shows while it is at work: bars in a terminal, lines in a pipe, JSON for scripts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from app.command_line.api import Json
from app.command_line.debrief.words import said
from app.command_line.following import ENDED, stage
from app.command_line.importing.results import Outcome, Result

Moved = Callable[[int], None]
_STAGES_SHOWN: Final = 8


class Display:
    """Shows nothing. May be told things by several threads."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What was shown for the moment only goes."""

    def expect(self, items: int) -> None:
        """So many more items are to come to their end."""

    @contextmanager
    def sending(self, name: str, size: int) -> Iterator[Moved]:  # noqa: ARG002 - for those that show it
        """While the item is sent: what is yielded is told how many bytes are there."""
        yield lambda _: None

    def sent(self, result: Result) -> None:
        """An item is with the server, and the wait for its debrief begins."""

    def under_way(self, name: str, interview: Json) -> None:
        """Where the interview stands in the pipeline."""

    def note(self, text: str) -> None:
        """Something worth knowing that is no item's end."""

    def ended(self, result: Result) -> None:
        """An item has come to its end."""


class Lines(Display):
    """A line for each item that is sent or has come to its end; nothing that a log file could not hold."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def sent(self, result: Result) -> None:
        self._console.print(result.line(), soft_wrap=True)

    def note(self, text: str) -> None:
        self._console.print(said(text, "dim"), soft_wrap=True)

    def ended(self, result: Result) -> None:
        self._console.print(result.line(), soft_wrap=True)


class JsonLines(Display):
    """A JSON object for each end, and not a word beside."""

    def ended(self, result: Result) -> None:
        # Plain print: Rich would wrap it.
        print(json.dumps(result.as_json()), flush=True)  # noqa: T201 - Rich would wrap it


class Bars(Lines):
    """How many are sent and done, a bar for each upload, and what the pipeline is at."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._overall = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.completed:.0f}/{task.total:.0f}"),
            TimeElapsedColumn(),
            console=console,
        )
        self._uploads = Progress(
            TextColumn("  {task.description}", markup=False),
            BarColumn(bar_width=24),
            DownloadColumn(),
            TransferSpeedColumn(),
            console=console,
        )
        self._total: TaskID = self._overall.add_task("Interviews", total=0)
        self._stages: dict[str, Json] = {}
        self._live = Live(get_renderable=self._picture, console=console, refresh_per_second=5, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def expect(self, items: int) -> None:
        [task] = self._overall.tasks
        self._overall.update(self._total, total=(task.total or 0) + items)

    @contextmanager
    def sending(self, name: str, size: int) -> Iterator[Moved]:
        task = self._uploads.add_task(said(_short(name)).plain, total=size)
        try:
            yield lambda there: self._uploads.update(task, completed=there)
        finally:
            self._uploads.remove_task(task)

    def sent(self, result: Result) -> None:
        """The bars say it."""

    def under_way(self, name: str, interview: Json) -> None:
        if interview["status"] in ENDED:
            self._stages.pop(name, None)
        else:
            self._stages[name] = interview

    def ended(self, result: Result) -> None:
        self._stages.pop(result.name, None)
        if result.outcome is not Outcome.SKIPPED:
            self._overall.advance(self._total)
        super().ended(result)

    def _picture(self) -> RenderableType:
        stages = dict(self._stages)
        shown = [
            Text.assemble("  ", said(_short(name)), "  ", (stage(interview)[1], "cyan"))
            for name, interview in list(stages.items())[:_STAGES_SHOWN]
        ]
        counts = Counter(interview["status"] for interview in stages.values())
        pipeline = ", ".join(f"{number} {status}" for status, number in counts.most_common())
        return Group(self._overall, self._uploads, Text(f"Pipeline: {pipeline}" if pipeline else ""), *shown)


def display_for(console: Console, *, as_json: bool) -> Display:
    if as_json:
        return JsonLines()
    return Bars(console) if console.is_terminal else Lines(console)


def _short(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= 40 else f"{name[:39]}…"
