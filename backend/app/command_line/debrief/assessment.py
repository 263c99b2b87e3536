"""What speaks for and against, and what to ask next."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from app.command_line.debrief.layout import Json, bullet, columns, quotes, section
from app.command_line.debrief.material import Material
from app.command_line.debrief.words import FLAGS, SEVERITY_STYLES, SOURCES, level, named, said
from app.services.export.wording import capitalised, sentence


def criteria(of: Material) -> Group | None:
    """Level and whose it is on the left, why and on which words on the right. Of a dismissed draft, people's only."""
    rows = [row for row in of.analysis["criteria"] if row["source"] == "person" or not of.is_dismissed]
    if not rows:
        return None
    table = columns("criterion", "why", expand=True)
    table.columns[0].ratio, table.columns[1].ratio = 1, 3
    for number, row in enumerate(rows):
        if number:
            table.add_row("", "")
        table.add_row(_whose(row), _why(row))
    return section("Criteria", table)


def _whose(row: Json) -> Group:
    lines = [said(row["name"], "bold"), level(row["level"])]
    override = row["override"]
    if override:
        lines.append(said(f"by {override['by_name']}", "dim"))
    elif source := named(SOURCES, row["source"]):
        lines.append(said(source, "dim"))
    return Group(*lines)


def _why(row: Json) -> Group:
    override, rationale = row["override"], sentence(row["rationale"])
    parts: list[RenderableType] = []
    if override:
        parts.append(said(sentence(override["reason"])))
    if row["unstable"]:
        parts.append(Text("Asked again, the software gave another level, so none is shown.", style="yellow"))
    elif override:
        was = level(row["original"], none="not assessed")
        parts.append(Text.assemble("The draft said ", was, said(f": {rationale}" if rationale else ".")))
    elif rationale:
        parts.append(said(rationale))
    elif row["reason"]:
        parts.append(said(row["reason"], "dim"))
    if row["evidence"]:
        parts.append(quotes(row["evidence"]))
    return Group(*parts)


def strengths(of: Material) -> Group | None:
    return claims("Strengths", of.analysis["strengths"], of)


def red_flags(of: Material) -> Group | None:
    rows = of.analysis["red_flags"]
    if not rows:
        return None
    return section(f"Red flags ({len(rows)})", *(_claim(row, of, _flag(row)) for row in rows))


def _flag(row: Json) -> Text:
    severity, kind = row["severity"], row["type"]
    return Text.assemble(
        said(capitalised(severity), SEVERITY_STYLES.get(severity, "")),
        said(f", {named(FLAGS, kind).lower()}: "),
    )


def claims(
    title: str,
    rows: Iterable[Json],
    of: Material,
    *,
    kinds: dict[str, str] | None = None,
    names: bool = False,
) -> Group | None:
    """Statements with their quotes. `kinds` names the kind of each; `names` shows who said the quotes."""
    shown = [
        _claim(row, of, said(f"{named(kinds, row['kind'])}: ", "bold") if kinds else Text(), names)
        for row in rows
    ]
    return section(f"{title} ({len(shown)})", *shown) if shown else None


def _claim(row: Json, of: Material, before: Text, names: bool = False) -> Table:
    dismissal = of.dismissed.get(row["id"])
    text = Text.assemble(before, said(sentence(row["text"]), "strike dim" if dismissal else ""))
    parts: list[RenderableType] = [text]
    if dismissal:
        parts.append(said(f"Dismissed by {dismissal['by_name']}: {sentence(dismissal['reason'])}", "red"))
    else:
        parts.append(quotes(row["evidence"], of.said_by if names else None))
    return bullet(*parts)


def follow_ups(of: Material) -> Group | None:
    rows = of.analysis["follow_ups"]
    if not rows:
        return None
    lines = [bullet(Text.assemble(said(row["text"]), (f"  {_gap(row)}", "dim"))) for row in rows]
    return section(f"To ask next ({len(rows)})", *lines)


def _gap(row: Json) -> str:
    return "(was not asked)" if row["question_id"] else "(nothing was said about it)"
