"""Lists as tables for people and as JSON for scripts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from app.command_line.debrief.layout import columns
from app.command_line.debrief.words import moment, said

console = Console(highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="For scripts")]
Row = dict[str, Any]


def show_list(rows: Sequence[Row], *, as_json: bool, empty: str) -> None:
    """A column for each field of the rows."""
    if as_json:
        print_json(rows)
        return
    if not rows:
        console.print(empty, style="dim")
        return
    table = columns(*(name.replace("_", " ") for name in rows[0]))
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    console.print(table)


def show_one(row: Row, *, as_json: bool) -> None:
    """A line for each field."""
    if as_json:
        print_json(row)
        return
    for name, value in row.items():
        label = f"{name.replace('_', ' ')}: "
        console.print(Text.assemble((label, "dim"), _cell(value)), soft_wrap=True)


def say(text: str) -> None:
    console.print(said(text), soft_wrap=True)


def print_json(content: Any) -> None:
    # Plain print: Rich would wrap it.
    print(json.dumps(content, indent=2, ensure_ascii=False, default=_as_text))  # noqa: T201 - Rich would wrap it


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _cell(value: object) -> Text:
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    if isinstance(value, datetime):
        return Text(moment(value.isoformat()))
    if isinstance(value, list):
        return said(", ".join(map(str, value)) or "–")
    return said("–" if value is None else str(value))
