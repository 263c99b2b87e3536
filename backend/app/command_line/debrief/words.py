"""How the terminal says things, and in which style. A value that this release does not know is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeVar

from rich.text import Text

from app.services.export import wording
from app.services.export.plain_text import printable

Kind = TypeVar("Kind", bound=StrEnum)


def _by_value(texts: Mapping[Kind, str]) -> dict[str, str]:
    return {kind.value: text for kind, text in texts.items()}


LEVELS: Final = _by_value(wording.LEVELS)
FLAGS: Final = _by_value(wording.FLAGS)
FACTS: Final = _by_value(wording.FACTS)
NOTES: Final = _by_value(wording.NOTES)
ASKED: Final = _by_value(wording.ASKED)
SOURCES: Final = {"machine": "the draft's", "person": "a person's", "nobody": ""}

LEVEL_STYLES: Final = {"strong_no": "bold red", "no": "red", "yes": "green", "strong_yes": "bold green"}
SEVERITY_STYLES: Final = {"low": "blue", "medium": "yellow", "high": "red", "critical": "bold white on red"}
ASKED_STYLES: Final = {"asked": "green", "not_asked": "red", "unknown": "dim"}
POLARITY_STYLES: Final = {"positive": "green", "negative": "red", "neutral": "dim"}


def named(texts: Mapping[str, str], value: str) -> str:
    return texts.get(value, value)


def said(text: str, style: str = "") -> Text:
    """Text of people or models: no markup, and no control characters that would reach the terminal."""
    return Text(printable(text), style=style)


def quoted(text: str) -> Text:
    return said(f"“{text.strip()}”", "italic")


def level(value: str | None, *, none: str = "Not assessed") -> Text:
    if value is None:
        return Text(none, style="dim")
    return said(named(LEVELS, value), LEVEL_STYLES.get(value, ""))


def moment(value: str) -> str:
    """A time of the API, `14 March 2026, 15:30 UTC`."""
    return wording.moment(datetime.fromisoformat(value))
