"""Our own format: what is exported can be imported again without any loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.models.template import Criterion, Level, TemplateQuestion, TemplateVersion
from app.services.template_formats.base import ImportedTemplate, Source, TemplateUnreadable
from app.services.template_formats.collector import Collector, quoted
from app.services.template_formats.json_values import (
    Object,
    first_text,
    identifier,
    number,
    obj,
    objects,
    text,
)

FORMAT: Final = "debrief.template"
FORMAT_VERSION: Final = 1
_MEMBERS: Final = frozenset({"format", "format_version", "name", "description", "questions", "criteria"})


def write(edition: TemplateVersion) -> dict[str, object]:
    """The document of one edition, ready to be written as JSON."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "name": edition.name,
        "description": edition.description,
        "questions": [question.model_dump(mode="json") for question in edition.questions],
        "criteria": [criterion.model_dump(mode="json") for criterion in edition.criteria],
    }


def recognises(document: Object) -> bool:
    return document.get("format") == FORMAT


def read(document: Object) -> ImportedTemplate:
    """Raises `TemplateUnreadable` for a later version of the format and for a document without a name."""
    version = document.get("format_version")
    if version != FORMAT_VERSION or isinstance(version, bool):
        raise TemplateUnreadable(
            f"This template has another format version than {FORMAT_VERSION}, the one known here."
        )
    name = first_text(document, "name")
    if not name:
        raise TemplateUnreadable("The template has no name.")
    found = Collector(Source.DEBRIEF)
    _note_unknown(found, document, _MEMBERS, "the template")
    for question in objects(document.get("questions")):
        words = text(question.get("text"))
        if not words:
            found.leave_out("A question without a text.")
        _note_unknown(found, question, TemplateQuestion.model_fields, f"the question {quoted(words)}")
        found.question(
            words,
            id=identifier(question.get("id")),
            competency=text(question.get("competency")),
            required=question.get("required") is True,
        )
    for criterion in objects(document.get("criteria")):
        its_name = text(criterion.get("name"))
        if not its_name:
            found.leave_out("A criterion without a name.")
        _note_unknown(found, criterion, Criterion.model_fields, f"the criterion {quoted(its_name)}")
        found.criterion(
            its_name,
            id=identifier(criterion.get("id")),
            description=text(criterion.get("description")),
            weight=number(criterion.get("weight")),
            anchors=_anchors(found, obj(criterion.get("anchors")), its_name),
        )
    return found.finish(name, text(document.get("description")))


def _anchors(found: Collector, anchors: Object, name: str) -> Mapping[Level, str]:
    kept = {}
    for key, anchor in anchors.items():
        if key in set(Level) and isinstance(anchor, str):
            kept[Level(key)] = anchor.strip()
        else:
            found.leave_out(f"The anchor {quoted(key)} of {quoted(name)}: there is no such level.")
    return kept


def _note_unknown(
    found: Collector, source: Object, known: frozenset[str] | Mapping[str, object], where: str
) -> None:
    for member in source:
        if member not in known:
            found.leave_out(f"The member {quoted(member)} of {where}: it means nothing here.")
