"""What a message may say, gathered before it is known how it will look."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.models.notification import Topic

_LONGEST: Final = 200
_JOINERS: Final = frozenset("\u200c\u200d")
"""Parts of words and of emoji; every other invisible character can be done without."""


class Form(StrEnum):
    """What kind of message it is; the name of the template where that is not the topic's."""

    TOPIC = "topic"
    DIGEST = "digest"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a digest."""

    topic: Topic
    link: str
    at: datetime
    """In the person's time zone."""
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What an organisation lets leave: what must stay is None here, so that no template can tell it."""

    topic: Topic
    organisation: str
    link: str
    settings_link: str
    """Where the reader changes what they hear of."""
    personal: bool = True
    """False: for a room, whose readers cannot change what is written there."""
    title: str | None = None
    candidate: str | None = None
    position: str | None = None
    code: str | None = None
    """Of a failure, or why an endpoint was switched off; says nothing of anybody."""
    reason: str | None = None
    """The same in a sentence."""
    due_at: datetime | None = None
    """In the person's time zone."""
    yours: bool = True
    """False: somebody else's scorecard, somebody else's mention."""
    by: str | None = None
    """The colleague who mentioned or asked."""
    whose: str | None = None
    """The colleague who was mentioned or asked."""
    entries: tuple[Entry, ...] = ()
    more: int = 0
    """Entries that a digest has no room for."""
    form: Form = Form.TOPIC


@dataclass(frozen=True, slots=True)
class Message:
    """`subject` is one line."""

    subject: str
    text: str
    html: str


def one_line(text: str) -> str:
    """A name or title as it may stand in a subject: one line, no control characters, nothing that turns the reading
    direction, not endless."""
    kept = "".join(
        " " if character.isspace() else character for character in text if not _is_hidden(character)
    )
    line = " ".join(kept.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def _is_hidden(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "C" and not character.isspace() and character not in _JOINERS
