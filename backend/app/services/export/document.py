"""A small document tree that knows no format: what an export says, in order. One writer per format renders it.

All texts are plain text, whatever characters they contain; writers make them safe for their format.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Tone(StrEnum):
    """How a text is to be read; a hint for colour, never the only carrier of the meaning."""

    PLAIN = "plain"
    MUTED = "muted"
    GOOD = "good"
    CAUTION = "caution"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 opens a section, 2 a part of it. The title of the document is none of these."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reader has to know before the rest."""

    title: str
    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's own words. `time` is the place in the recording (`4:07`); `link` leads there."""

    text: str
    speaker: str
    time: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One finding with the words that support it. `label` classifies it in a few words, `note` comes below."""

    text: str
    label: str = ""
    tone: Tone = Tone.PLAIN
    note: str = ""
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Properties:
    """Names and their values, in two columns."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """`share` is the part of the width, relative to the other columns."""

    title: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Cell:
    """`note` stands below the text, smaller."""

    text: str
    note: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


Block = Heading | Paragraph | Notice | Quote | Statement | Properties | Bullets | Table


@dataclass(frozen=True, slots=True)
class Document:
    kind: str
    """What sort of document it is, in a few words for people."""
    title: str
    subtitle: str
    organisation: str
    created_at: datetime
    blocks: tuple[Block, ...]
    quote_language: str | None = None
    """BCP 47 tag of the quotes; the rest is English."""
