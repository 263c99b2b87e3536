"""The result as a table for the screen, for the docs, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from rich.table import Table

from bench.quality.figures import Figure, Share
from bench.quality.running import Result

_BEGIN = "<!-- quality: {engine} -->"
_END = "<!-- /quality -->"


class NoPlace(Exception):
    """The document has no markers for this engine."""


def table(result: Result) -> Table:
    """Interviews are numbered, so that the table fits a terminal; the caption names them."""
    numbered = list(enumerate((_name(i.name) for i in result.interviews), start=1))
    shown = Table("figure", title=_title(result), caption=", ".join(f"{n}: {name}" for n, name in numbered))
    for head in (*(str(n) for n, _ in numbered), "all"):
        shown.add_column(head, justify="right", no_wrap=True)
    for row in _rows(result):
        shown.add_row(*row)
    return shown


def markdown(result: Result) -> str:
    head = ["figure", *(_name(i.name) for i in result.interviews), "all"]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    lines += [f"| {' | '.join(row)} |" for row in _rows(result)]
    return "\n".join([f"{_title(result)}.", "", *lines])


def put_into(document: str, result: Result) -> str:
    """The document with this engine's table between its markers. Raises `NoPlace`."""
    begin = _BEGIN.format(engine=result.engine)
    before, found, rest = document.partition(begin)
    _, closed, after = rest.partition(_END)
    if not (found and closed):
        raise NoPlace(f"Put `{begin}` and `{_END}`, each on a line of its own, where the table is to stand.")
    return f"{before}{begin}\n{markdown(result)}\n{_END}{after}"


def as_json(result: Result) -> str:
    whole = {
        "engine": result.engine,
        "model": result.model,
        "runs": result.runs,
        "all": result.total.values(),
        "interviews": {i.name: i.score.values() for i in result.interviews},
        "falls": [{"interview": i.name, **asdict(f)} for i in result.interviews for f in i.score.falls],
        "failed": [asdict(f) for f in result.failed],
        "tokens": sum(d.provenance.input_tokens + d.provenance.output_tokens for d in result.drafts),
        "cost_usd": sum(d.provenance.cost_usd or 0.0 for d in result.drafts),
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _name(name: str) -> str:
    return name.replace("_", " ")


def _title(result: Result) -> str:
    version = result.drafts[0].engine.version if result.drafts else ""
    model = f", {result.model}" if result.model else ""
    runs = "one run" if result.runs == 1 else f"{result.runs} runs"
    return f"Engine {result.engine} {version}{model}; {len(result.interviews)} interviews, {runs} of each"


def _rows(result: Result) -> Iterator[list[str]]:
    columns = [*(i.score for i in result.interviews), result.total]
    for figure in Figure:
        shares = [c.shares.get(figure, Share()) for c in columns]
        if any(s.of for s in shares):
            yield [figure.shown, *(s.shown for s in shares)]
    for kind in sorted({k for c in columns for k in c.claimed}):
        yield [f"{kind.replace('_', ' ')} claimed", *(str(c.claimed.get(kind, 0)) for c in columns)]
