"""Names of the files: what people wrote as a title decides how a file is called, never where it lies."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from app.services.export.plain_text import printable

_UNWANTED: Final = re.compile(r'[/\\:*?"<>|%\ufffd]+')
_LONGEST: Final = 150
"""Bytes of the title, so that the whole name fits into the 255 that file systems take."""
_SHORT_ID: Final = 8


def file_name(title: str, interview_id: str, suffix: str) -> str:
    """`Backend engineer, first round (7f3k9qx2).pdf`. The id's end keeps equal titles apart."""
    visible = "".join(c if c.isprintable() else " " for c in printable(unicodedata.normalize("NFC", title)))
    clean = " ".join(_UNWANTED.sub(" ", visible).split())
    cut = clean.encode()[:_LONGEST].decode(errors="ignore").strip(" .")
    short = "".join(c for c in interview_id if c.isascii() and c.isalnum())[-_SHORT_ID:]
    return f"{cut or 'Interview'} ({short}){suffix}"
