"""A debrief for the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

Json = dict[str, Any]
_PHRASES_SHOWN = 8
_PASSAGES_SHOWN = 2


def print_debrief(console: Console, interview: Json, transcript: Json, analysis: Json) -> None:
    """Print one interview's debrief: every line of it with the time at which it was said."""
    names = {s["id"]: _who(s) for s in transcript["speakers"]}
    console.print()
    console.print(Panel(_header(interview, transcript, analysis), title="Debrief", border_style="cyan"))
    for reason in analysis["reasons"]:
        console.print(f"[yellow]Not assessed:[/] {reason}")
    for warning in (*transcript["warnings"], *analysis["warnings"]):
        console.print(f"[yellow]Note:[/] {warning}")
    for section in (
        _talk_time(analysis["talk_time"], names),
        _questions(analysis["question_answers"], names),
        _related(analysis["related"]),
        _phrases(analysis["key_phrases"]),
    ):
        if section is not None:
            console.print(section)


def _who(speaker: Json) -> str:
    name = speaker["name"] or speaker["label"]
    return f"{name} ({speaker['role']})" if speaker["role"] != "unknown" else str(name)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes:02d}:{rest:02d}"


def _header(interview: Json, transcript: Json, analysis: Json) -> Group:
    coverage = analysis["coverage"]
    lines = [
        Text(interview["title"], style="bold"),
        Text(
            f"{_clock(transcript['duration'])} · {len(transcript['utterances'])} utterances · "
            f"{coverage['claims']} claims, {coverage['verified']} verified, {coverage['rejected']} rejected"
        ),
        Text(f"Transcript: {transcript['engine']['label'] or transcript['engine']['name']}", style="dim"),
        Text(f"Analysis: {analysis['engine']['label'] or analysis['engine']['name']}", style="dim"),
    ]
    return Group(*lines)


def _table(title: str, *columns: str) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )
    for column in columns:
        table.add_column(column, header_style="dim", overflow="fold")
    return table


def _talk_time(rows: list[Json], names: dict[str, str]) -> Padding | None:
    if not rows:
        return None
    table = _table("Talk time", "who", "share", "time", "turns", "questions", "longest")
    for row in rows:
        table.add_row(
            names.get(row["speaker"], row["speaker"]),
            f"{row['share']:.0%}",
            _clock(row["seconds"]),
            str(row["turns"]),
            str(row["questions"]),
            f"{row['longest_monologue']:.0f} s",
        )
    return Padding(table, (1, 0, 0, 0))


def _questions(pairs: list[Json], names: dict[str, str]) -> Padding | None:
    if not pairs:
        return None
    table = _table(f"Questions and answers ({len(pairs)})", "time", "who", "words")
    for pair in pairs:
        question = pair["question"]
        table.add_row(
            _clock(question["start"]), names.get(pair["asker"], ""), Text(question["quote"], style="bold")
        )
        answer = " ".join(evidence["quote"] for evidence in pair["answer"])
        start = _clock(pair["answer"][0]["start"]) if pair["answer"] else ""
        table.add_row(start, names.get(pair["answerer"] or "", ""), Text(answer or "(no answer found)"))
        table.add_row("", "", "")
    return Padding(table, (1, 0, 0, 0))


def _related(rows: list[Json]) -> Padding | None:
    shown = [row for row in rows if row["passages"]]
    if not shown:
        return None
    table = _table(
        "Possibly related to the template, for you to confirm", "template question", "time", "passage"
    )
    for row in shown:
        for index, passage in enumerate(row["passages"][:_PASSAGES_SHOWN]):
            evidence = passage["evidence"]
            question = row["question"] if index == 0 else ""
            table.add_row(question, _clock(evidence["start"]), Text(evidence["quote"], style="italic"))
    return Padding(table, (1, 0, 0, 0))


def _phrases(rows: list[Json]) -> Padding | None:
    if not rows:
        return None
    words = ", ".join(f"{row['phrase']} ({row['count']})" for row in rows[:_PHRASES_SHOWN])
    return Padding(Group(Text("Key phrases", style="bold"), Text(words)), (1, 0, 0, 0))
