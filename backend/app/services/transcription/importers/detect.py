"""Which format a text is in, judged by its content: names of files lie."""

from __future__ import annotations

import re
from typing import Final

from app.services.transcription.importers.clock import STAMP
from app.services.transcription.importers.cues import Format
from app.services.transcription.importers.own_text import is_own_text

_WEBVTT: Final = re.compile(r"WEBVTT(?:[ \t\n]|$)")
# A bracket alone may be a time or a name in plain text: `[00:01] …`, `[Sarah] …`.
_JSON: Final = re.compile(r"\{|\[\s*+(?:[{\[\]]|\"|$)")
_TIMING: Final = re.compile(rf"^[ \t]*+{STAMP}[ \t]*+--+>", re.MULTILINE)


def detect(text: str) -> Format:
    """The format to read the text as. What is nothing else is plain text."""
    body = text.lstrip()
    if is_own_text(body):
        return Format.TEXT
    if _WEBVTT.match(body):
        return Format.WEBVTT
    if _JSON.match(body):
        return Format.JSON
    if _TIMING.search(body):
        return Format.SRT
    return Format.TEXT
