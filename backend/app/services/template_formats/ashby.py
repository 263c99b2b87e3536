"""Ashby: feedback form definitions, by themselves, as the API answers with them, or in submitted feedback.

Submitted values are about a candidate and are never read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.services.template_formats.base import ImportedTemplate, Source, TemplateUnreadable
from app.services.template_formats.collector import Collector, quoted
from app.services.template_formats.form_fields import is_for_notes, is_the_decision
from app.services.template_formats.json_values import (
    Object,
    first_text,
    identifier,
    number,
    obj,
    objects,
    plain_text,
    text,
)
from app.services.template_formats.scales import anchors_of

_DEFINITIONS: Final = ("formDefinition", "feedbackFormDefinition")
_SCORES: Final = frozenset({"Score"})
_SELECTIONS: Final = frozenset({"ValueSelect", "ValueSingleSelect"})
_TEXTS: Final = frozenset({"RichText", "LongText", "String"})


def recognises(document: Object) -> bool:
    if any(obj(document.get(name)) for name in _DEFINITIONS):
        return True
    return any("fields" in section for section in objects(document.get("sections")))


def read(document: Object) -> ImportedTemplate:
    """Raises `TemplateUnreadable` when no field is a score or a question."""
    found = Collector(Source.ASHBY)
    titled, definition = document, document
    # The API nests one in the other, and both have been seen alone.
    for name in (*reversed(_DEFINITIONS), _DEFINITIONS[0]):
        if obj(definition.get(name)):
            titled = definition if first_text(definition, "title", "name") else titled
            definition = obj(definition[name])
    for section in objects(definition.get("sections")):
        for entry in objects(section.get("fields")):
            _field(found, entry, section=first_text(section, "title"))
    if "submittedValues" in document:
        found.leave_out("The submitted values: they are about a candidate.")
    if found.is_empty:
        raise TemplateUnreadable("No field of this Ashby form is a score or a question.")
    name = first_text(definition, "title", "name") or first_text(titled, "title", "name")
    return found.finish(name or "Imported from Ashby", _description(definition) or _description(titled))


def _field(found: Collector, entry: Object, *, section: str) -> None:
    field = obj(entry.get("field")) or entry
    title = first_text(field, "title", "humanReadablePath")
    path, kind = text(field.get("path")), text(field.get("type"))
    if not title:
        found.leave_out("A field without a title.")
        return
    if is_the_decision(title, path):
        found.leave_out(f"{quoted(title)}: every scorecard has an overall decision.")
    elif kind in _SCORES | _SELECTIONS:
        _rating(found, entry, field, title)
    elif kind in _TEXTS and not is_for_notes(title):
        found.question(title, id=_id(field), competency=section, required=entry.get("isRequired") is True)
        if _description(entry):
            found.leave_out(f"The description of the question {quoted(title)}.")
    elif kind in _TEXTS:
        found.leave_out(f"The field {quoted(title)}: it is for notes.")
    else:
        found.leave_out(f"The field {quoted(title)}: it is neither a score nor a text ({kind or 'no type'}).")


def _rating(found: Collector, entry: Object, field: Object, title: str) -> None:
    options = _options(field)
    anchors = anchors_of(options)
    if anchors is None and text(field.get("type")) in _SELECTIONS:
        found.leave_out(f"The selection {quoted(title)}: its values are no rating with our four levels.")
        return
    if anchors is None and options:
        found.leave_out(f"The scale of {quoted(title)}: it has other steps than ours.")
    found.criterion(
        title,
        id=_id(field),
        description=_description(entry),
        weight=number(entry.get("weight")) if "weight" in entry else number(field.get("weight")),
        anchors=anchors,
    )


def _options(field: Object) -> Sequence[tuple[str, str]]:
    options = objects(field.get("selectableValues"))
    shown = (option for option in options if option.get("isArchived") is not True)
    return [(first_text(option, "label"), identifier(option.get("value"))) for option in shown]


def _id(field: Object) -> str:
    return text(field.get("path")) or identifier(field.get("id"))


def _description(part: Object) -> str:
    plain = first_text(part, "descriptionPlain", "description")
    return plain or plain_text(text(part.get("descriptionHtml")))
