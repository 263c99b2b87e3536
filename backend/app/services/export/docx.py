"""Word documents (Office Open XML) through python-docx."""

from __future__ import annotations

from datetime import UTC
from io import BytesIO
from typing import Final

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Length, RGBColor
from docx.table import _Cell as WordCell
from docx.table import _Row as WordRow
from docx.text.paragraph import Paragraph as WordParagraph

from app.services.export import docx_styles as looks
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
    Tone,
)
from app.services.export.docx_direction import is_right_to_left, read_from_the_right, runs_of
from app.services.export.plain_text import printable

_INKS: Final = {
    Tone.GOOD: RGBColor(0x2F, 0x6B, 0x4F),
    Tone.CAUTION: RGBColor(0x8A, 0x5A, 0x12),
    Tone.BAD: RGBColor(0x9B, 0x2F, 0x2F),
    Tone.MUTED: looks.MUTED,
}
_SHADES: Final = {Tone.GOOD: "EEF5F1", Tone.CAUTION: "FBF4E6", Tone.BAD: "FAEEEE"}
_HEAD_SHADE: Final = "EEF2F6"


def write_docx(document: Document) -> bytes:
    word = docx.Document()
    looks.prepare(word)
    _describe(word, document)
    _foot(word, document)
    _text(word.add_paragraph(style=looks.KIND), document.kind.upper())
    _text(word.add_paragraph(style=looks.TITLE), document.title)
    if document.subtitle:
        _text(word.add_paragraph(style=looks.SUBTITLE), document.subtitle)
    for block in document.blocks:
        _add(word, block)
    written = BytesIO()
    word.save(written)
    return written.getvalue()


def _describe(word: WordDocument, document: Document) -> None:
    about = word.core_properties
    at = document.created_at.astimezone(UTC).replace(tzinfo=None)  # python-docx wants UTC without saying so
    # Word's properties hold 255 characters.
    about.title, about.author = printable(document.title)[:255], printable(document.organisation)[:255]
    about.subject, about.comments, about.language = document.kind, "", "en"
    about.created = about.modified = at
    about.last_modified_by = about.author


def _foot(word: WordDocument, document: Document) -> None:
    foot = word.sections[0].footer.paragraphs[0]
    foot.style = word.styles[looks.SMALL]
    stops = foot.paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(looks.TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    _text(foot, f"{_shortened(document.title)} · {document.kind}")
    foot.add_run("\tPage ")
    looks.field(foot, "PAGE")
    foot.add_run(" of ")
    looks.field(foot, "NUMPAGES")


def _shortened(title: str) -> str:
    title = " ".join(title.split())
    return title if len(title) <= 60 else f"{title[:59]}…"


def _add(word: WordDocument, block: Block) -> None:
    match block:
        case Heading():
            _text(word.add_paragraph(style=f"Heading {block.level}"), block.text)
        case Paragraph():
            style = looks.SMALL if block.tone is Tone.MUTED else None
            _text(word.add_paragraph(style=style), block.text)
        case Notice():
            _notice(word, block)
        case Quote():
            _quote(word, block)
        case Statement():
            _statement(word, block)
        case Properties():
            _properties(word, block)
        case Bullets():
            for item in block.items:
                _text(word.add_paragraph(style="List Bullet"), item)
        case Table():
            _table(word, block)


def _text(paragraph: WordParagraph, text: str, *, bold: bool | None = None, tone: Tone = Tone.PLAIN) -> None:
    """Line feeds become line breaks. What begins a paragraph says from which side it is read."""
    shown = printable(text)
    if not paragraph.runs:
        read_from_the_right(paragraph, wanted=is_right_to_left(shown))
    for piece, from_right in runs_of(shown):
        run = paragraph.add_run(piece)
        run.bold = bold
        if from_right:
            run.font.rtl = True
            run.font.cs_bold = bold
        if tone in _INKS:
            run.font.color.rgb = _INKS[tone]


def _statement(word: WordDocument, block: Statement) -> None:
    paragraph = word.add_paragraph()
    if block.label:
        _text(paragraph, block.label, bold=True, tone=block.tone)
        if block.text:
            paragraph.add_run("   ")
    _text(paragraph, block.text)
    read_from_the_right(paragraph, wanted=is_right_to_left(printable(block.text or block.label)))
    paragraph.paragraph_format.keep_with_next = bool(block.quotes or block.note)
    for quote in block.quotes:
        _quote(word, quote)
    if block.note:
        _text(word.add_paragraph(style=looks.SMALL), block.note)


def _quote(word: WordDocument, quote: Quote) -> None:
    _text(word.add_paragraph(style=looks.QUOTE), quote.text)
    source = word.add_paragraph(style=looks.SOURCE)
    _text(source, f"{quote.speaker}, ")
    if quote.link:
        looks.hyperlink(source, quote.time, quote.link)
    else:
        _text(source, quote.time)


def _notice(word: WordDocument, block: Notice) -> None:
    table = word.add_table(rows=1, cols=1)
    looks.table_looks(table, (looks.TEXT_WIDTH,), ruled=False)
    cell = table.cell(0, 0)
    looks.shade(cell, _SHADES.get(block.tone, _HEAD_SHADE))
    first = _cell_text(cell, block.title, bold=True, tone=block.tone)
    if block.text:
        first.paragraph_format.keep_with_next = True
        _text(cell.add_paragraph(style=looks.CELL), block.text)
    _gap(word)


def _properties(word: WordDocument, block: Properties) -> None:
    table = word.add_table(rows=len(block.rows), cols=2)
    for row, (name, value) in zip(table.rows, block.rows, strict=True):
        _cell_text(row.cells[0], name, tone=Tone.MUTED)
        _cell_text(row.cells[1], value)
    looks.table_looks(table, _widths((1.0, 3.4)), ruled=True)
    _gap(word)


def _table(word: WordDocument, block: Table) -> None:
    table = word.add_table(rows=1 + len(block.rows), cols=len(block.columns))
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        _cell_text(cell, column.title, bold=True).paragraph_format.keep_with_next = True
        looks.shade(cell, _HEAD_SHADE)
    for row, contents in zip(table.rows[1:], block.rows, strict=True):
        _row(row, contents)
    looks.table_looks(table, _widths(tuple(column.share for column in block.columns)), ruled=True)
    looks.repeat_first_row(table)
    _gap(word)


def _row(row: WordRow, contents: tuple[Cell, ...]) -> None:
    for cell, content in zip(row.cells, contents, strict=True):
        coloured = content.tone not in (Tone.PLAIN, Tone.MUTED)
        _cell_text(cell, content.text, bold=coloured or None, tone=content.tone)
        if content.note:
            _text(cell.add_paragraph(style=looks.CELL_NOTE), content.note)


def _cell_text(
    cell: WordCell, text: str, *, bold: bool | None = None, tone: Tone = Tone.PLAIN
) -> WordParagraph:
    paragraph: WordParagraph = cell.paragraphs[0]
    paragraph.style = looks.CELL
    _text(paragraph, text, bold=bold, tone=tone)
    return paragraph


def _widths(shares: tuple[float, ...]) -> tuple[Length, ...]:
    whole = sum(shares)
    return tuple(Length(int(looks.TEXT_WIDTH * share / whole)) for share in shares)


def _gap(word: WordDocument) -> None:
    """Tables have no distance of their own."""
    space = word.add_paragraph(style=looks.CELL_NOTE).paragraph_format
    space.space_before = space.space_after = Length(0)
