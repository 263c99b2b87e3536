"""Texts for property tests, and what is left of a text in a format that keeps words, not white space."""

from __future__ import annotations

from hypothesis import strategies as st

from app.services.export.document import (
    Bullets,
    Cell,
    Column,
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
from app.services.export.markdown import write_markdown
from app.services.export.plain_text import printable
from tests.fixtures.documents import NOON

HOSTILE = (
    "# not a heading",
    "[click](https://evil.example) ![x](https://evil.example/x.png)",
    "<script>alert(1)</script> <img src=x onerror=alert(1)> &lt;b&gt;",
    "| a | b |\n| --- | --- |\n| c | d |",
    "1. one\n- two\n+ three\n> four\n***\n===\n---",
    "```\ncode\n``` and `code` and ~~~",
    "https://evil.example www.evil.example <https://evil.example> mail@evil.example",
    '#read("/etc/passwd") #import "@preview/x:1.0.0": * $ x $ @ref <label> \\ ]',
    "[ref]: https://evil.example 'title'",
    "\x00\x07\x1b[31m \u202egnp.exe \ufffe \ud800 \u2028 \u2029 \x85",
    "*bold* _em_ **x** __y__ \\* a\\",
    "    indented",
    "Ω Привет é ß ﬁ 日本語 עברית عربي 🙂👩‍👩‍👧",
)
ANY_TEXT = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.text("#*_[]()<>|`\\&!~-+=.:/1 \n\t$@w", max_size=40),
)


def words(text: str) -> str:
    return " ".join(printable(text).split())


def document_of(text: str) -> Document:
    """The text in every place of every block."""
    said = Quote(text, text, "12:34", "https://debrief.example.com/recording#t=754")
    cell = Cell(text, text, Tone.GOOD)
    return Document(
        kind="Interview debrief",
        title=text,
        subtitle=text,
        organisation=text,
        created_at=NOON,
        quote_language=text,
        blocks=(
            Heading(text),
            Heading(text, 2),
            Paragraph(text),
            Paragraph(text, Tone.MUTED),
            Notice(text, text, Tone.CAUTION),
            said,
            Statement(text, text, Tone.BAD, text, (said, said)),
            Properties(((text, text),)),
            Bullets((text, text)),
            Table((Column(text, 2), Column(text)), ((cell, cell), (cell, cell))),
        ),
    )


def read(document: Document) -> str:
    """The document as its Markdown reads, without escapes: for looking up sentences."""
    return write_markdown(document).decode().replace("\\", "")


def headings(document: Document, level: int = 1) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Heading) and b.level == level]
