"""Which format a file has, and reading it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pydantic_core import from_json

from app.services.template_formats import ashby, debrief, greenhouse
from app.services.template_formats.base import ImportedTemplate, TemplateUnreadable
from app.services.template_formats.collector import quoted
from app.services.template_formats.json_values import Object, first_text, objects

_NAMED: Final = 20
_FORMATS: Final = (debrief, ashby, greenhouse)
"""Ours says what it is; Ashby's marks are the more special ones of the other two."""


def read_template(body: bytes) -> ImportedTemplate:
    """Read a JSON file, whoever wrote it. Raises `TemplateUnreadable`."""
    try:
        content = from_json(body, allow_inf_nan=False)
    except ValueError:
        raise TemplateUnreadable("This is not JSON.") from None
    documents = _documents(content)
    reader = next((r for r in _FORMATS if documents and r.recognises(documents[0])), None)
    if reader is not None:
        return _with_others(reader.read(documents[0]), documents[1:])
    raise TemplateUnreadable("This JSON is no template.")


def _documents(content: object) -> list[Object]:
    """The objects of the file: it may be one, a list, or an answer of an API around either."""
    if isinstance(content, dict) and "results" in content and not debrief.recognises(content):
        content = content["results"]
    return [content] if isinstance(content, dict) else list(objects(content))


def _with_others(read: ImportedTemplate, others: list[Object]) -> ImportedTemplate:
    names = (quoted(first_text(other, "title", "name", "interview") or "…") for other in others[:_NAMED])
    notes = [f"The further document {name}: import it by itself." for name in names]
    if len(others) > _NAMED:
        notes.append(f"And {len(others) - _NAMED} more documents.")
    return replace(read, left_out=(*read.left_out, *notes))
