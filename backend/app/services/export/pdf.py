"""PDF through Typst. The document goes to the template as data; no text of anybody is ever markup.

Fonts: the serif inside the compiler, which has Latin, Greek and Cyrillic and looks the same everywhere; for other
scripts what the server has installed. What no font has is named in a notice on the first page.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC
from functools import cache
from importlib.resources import files
from typing import Any, Final

import typst

from app.services.export.document import Document
from app.services.export.glyphs import missing_characters, scripts
from app.services.export.plain_text import printable
from app.services.export.wording import day

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?=-|$)")
_LONG: Final = re.compile(r"[!-~\u00a1-\u024f]{32,}")
_FEW: Final = 12


def write_pdf(document: Document) -> bytes:
    made = _compiler().compile(
        _template(),
        format="pdf",
        sys_inputs={"document": json.dumps(_data(document))},
        timestamp=document.created_at.astimezone(UTC).replace(microsecond=0),
    )
    if not isinstance(made, bytes):
        raise RuntimeError("The compiler gave no bytes although no file was asked for.")  # noqa: TRY004 - no caller's mistake
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=_fonts())


@cache
def _template() -> bytes:
    return files("app.services.export").joinpath("document.typ").read_bytes()


def _data(document: Document) -> dict[str, Any]:
    """The tree as JSON: every block with its `type`."""
    blocks = [{"type": type(block).__name__.lower(), **asdict(block)} for block in document.blocks]
    language = _LANGUAGE.match(document.quote_language or "")
    data: dict[str, Any] = _cleaned(
        {
            "kind": document.kind,
            "title": document.title,
            "subtitle": document.subtitle,
            "organisation": document.organisation,
            "date": day(document.created_at),
            "quote_language": language[0].lower() if language else "en",
            "blocks": blocks,
        }
    )
    missing = missing_characters(_texts(data), _fonts())
    data["missing"] = _missing_notice(missing) if missing else None
    return data


def _missing_notice(missing: tuple[str, ...]) -> dict[str, str]:
    numbers = ", ".join(f"U+{ord(character):04X}" for character in missing[:_FEW])
    more = f" and {len(missing) - _FEW} more" if len(missing) > _FEW else ""
    names = ", ".join(scripts(missing))
    return {
        "type": "notice",
        "tone": "caution",
        "title": "Some characters cannot be shown in this PDF",
        "text": f"This server has no font for {names} ({numbers}{more}); empty boxes stand for them. "
        "The exports as Word document, Markdown and JSON have the full text.",
    }


def _cleaned(value: Any) -> Any:
    match value:
        case str():
            return _LONG.sub(_breakable, printable(value))
        case dict():
            return {name: _cleaned(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_cleaned(inner) for inner in value]
        case _:
            return value


def _breakable(found: re.Match[str]) -> str:
    """An address or the like that is longer than a line may be broken, or its end would be off the page."""
    return "\u200b".join(found[0][begin : begin + 16] for begin in range(0, len(found[0]), 16))


def _texts(value: Any) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [text for inner in value.values() for text in _texts(inner)]
        case list():
            return [text for inner in value for text in _texts(inner)]
        case _:
            return []
