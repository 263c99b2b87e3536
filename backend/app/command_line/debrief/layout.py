"""The few shapes that a debrief is built of. All of them wrap, so that eighty columns are enough."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from app.command_line.debrief.words import quoted, said
from app.services.export.wording import clock

Json = dict[str, Any]


def section(title: str, *parts: RenderableType) -> Group:
    # An empty line instead of Rich's padding, which would fill every line with blanks to the edge.
    return Group(Text(), Text(title, style="bold underline"), *parts)


def marked(mark: Text, *parts: RenderableType) -> Table:
    """Parts with a mark before the first line, and everything else indented as far."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(mark, Group(*parts))
    return grid


def bullet(*parts: RenderableType) -> Table:
    return marked(Text("•", style="dim"), *parts)


def place(evidence: Json) -> Text:
    return Text(clock(evidence["start"]), style="dim cyan")


def quotes(evidence: Iterable[Json], said_by: Mapping[str, str] | None = None) -> Table:
    """One line for each quote: its time, who said it where `said_by` is given, and the words."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for one in evidence:
        words = quoted(one["quote"])
        if said_by is not None and one["utterance_id"] in said_by:
            words = Text.assemble(said(f"{said_by[one['utterance_id']]}: "), words)
        grid.add_row(place(one), words)
    return grid


def columns(*names: str, expand: bool = False) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), expand=expand)
    for name in names:
        table.add_column(name, header_style="dim", overflow="fold")
    return table
