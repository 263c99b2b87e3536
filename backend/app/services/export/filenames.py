"""Names of exported files, and the header that carries them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import quote

from app.services.export.plain_text import printable
from app.services.export.render import ExportFormat, ExportKind

_KINDS: Final = {ExportKind.DEBRIEF: "Debrief", ExportKind.EXPLANATION: "Explanation"}
_UNWANTED: Final = re.compile(r'[/\\:*?"<>|%\ufffd]+')
_LONGEST: Final = 120


def file_name(kind: ExportKind, format: ExportFormat, *parts: str | None) -> str:
    """`Debrief - Backend engineer - Zoë.pdf`."""
    return named(_KINDS[kind], format, *parts)


def named(what: str, suffix: str, *parts: str | None) -> str:
    """No character that a file system or a header would mind."""
    clean = (_clean(part) for part in (what, *(part or "" for part in parts)))
    stem = " - ".join(part for part in clean if part)
    return f"{stem[:_LONGEST].rstrip(' .-')}.{suffix}"


def _clean(part: str) -> str:
    visible = "".join(c if c.isprintable() else " " for c in printable(part))
    return " ".join(_UNWANTED.sub(" ", visible).split()).strip(" .")


def content_disposition(name: str) -> str:
    """`attachment` with the name in ASCII for old clients, and whole in UTF-8 (RFC 6266, RFC 8187)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem, dot, suffix = re.sub(r'["\\%]', "", plain).rpartition(".")
    fallback = f"{stem.strip(' -') or 'Debrief'}{dot}{suffix}"
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"
