"""Markdown: headings, quotes and tables of ours; everything that was said or typed is escaped text.

The escapes hold for CommonMark and for GitHub's dialect: no text becomes a heading, a link, an image, HTML, a table
or a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote as percent_encoded

from app.services.export.document import (
    Block,
    Bullets,
    Cell,
    Document,
    Heading,
    Notice,
    Paragraph,
    Properties,
    Quote,
    Statement,
    Table,
)
from app.services.export.plain_text import printable
from app.services.export.wording import moment

# Punctuation that means something inside a line; full stops, commas, brackets and the like stay readable.
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>&~|$^{}@#=])")
_AUTOLINK: Final = re.compile(r"(?i)\b(www)\.|:(?=//)")
_LINE_START: Final = re.compile(r"^([-+])")
_NUMBERED: Final = re.compile(r"^(\d+)([.)])")


def write_markdown(document: Document) -> bytes:
    """UTF-8."""
    head = [f"# {inline(document.title)}"]
    if document.subtitle:
        head.append(f"**{inline(document.subtitle)}**")
    blocks = [text for block in document.blocks for text in _block(block)]
    foot = inline(f"{document.kind} · {document.organisation} · {moment(document.created_at)}")
    return ("\n\n".join([*head, *blocks, "---", foot]) + "\n").encode()


def inline(text: str) -> str:
    """Text for one line: in a heading, a table cell, a label."""
    return _escaped(" ".join(printable(text).split()))


def lines(text: str) -> str:
    """Text that may have several lines; its line breaks stay."""
    parts = (" ".join(line.split()) for line in printable(text).split("\n"))
    return "\\\n".join(_escaped(part) for part in parts if part)


def _escaped(line: str) -> str:
    line = _SPECIAL.sub(r"\\\1", line)
    line = _AUTOLINK.sub(lambda found: rf"{found[1]}\." if found[1] else r"\:", line)
    return _NUMBERED.sub(r"\1\\\2", _LINE_START.sub(r"\\\1", line))


def _block(block: Block) -> Iterable[str]:
    match block:
        case Heading():
            yield f"{'#' * (block.level + 1)} {inline(block.text)}"
        case Paragraph():
            yield lines(block.text)
        case Notice():
            yield _quoted(f"**{inline(block.title)}**" + (f"\n\n{lines(block.text)}" if block.text else ""))
        case Quote():
            yield _quote(block)
        case Statement():
            yield from _statement(block)
        case Properties():
            yield _table(("", ""), ((f"**{inline(name)}**", inline(value)) for name, value in block.rows))
        case Bullets():
            yield "\n".join(f"- {inline(item)}" for item in block.items)
        case Table():
            titles = tuple(inline(column.title) for column in block.columns)
            yield _table(titles, (tuple(_cell(cell) for cell in row) for row in block.rows))


def _statement(block: Statement) -> Iterable[str]:
    label = f"**{inline(block.label)}**" if block.label else ""
    yield " · ".join(part for part in (label, lines(block.text)) if part)
    yield from (_quote(quote) for quote in block.quotes)
    if block.note:
        yield lines(block.note)


def _quote(quote: Quote) -> str:
    time = inline(quote.time)
    if quote.link:
        time = f"[{time}]({percent_encoded(quote.link, safe=':/?#=&%@,;+~-._')})"
    return _quoted(f"{lines(quote.text)}\n\n— {inline(quote.speaker)}, {time}")


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _cell(cell: Cell) -> str:
    note = inline(cell.note)
    return f"{inline(cell.text)} ({note})" if note else inline(cell.text)


def _table(titles: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    ruler = "|".join(" --- " for _ in titles)
    body = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"| {' | '.join(titles)} |\n|{ruler}|\n{body}"
