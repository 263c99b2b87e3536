"""Greenhouse: interviews with their kit (as the Harvest API gives job stages) and scorecards.

A scorecard may have been filled in. Its ratings, notes and answers are about a candidate and are never read.
"""

from __future__ import annotations

from collections.abc import Iterator
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

_CARDS: Final = ("scorecard_template", "scorecard")
_GROUPS: Final = ("sections", "categories")
_KITS: Final = ("interview_kit", "kit")
_MARKS: Final = frozenset({"interviews", "attributes", "questions", *_CARDS, *_GROUPS, *_KITS})
_FILLED: Final = frozenset(
    {"overall_recommendation", "ratings", "candidate_id", "application_id", "submitted_at", "submitted_by"}
)


def recognises(document: Object) -> bool:
    return bool(_MARKS & document.keys())


def read(document: Object) -> ImportedTemplate:
    """Raises `TemplateUnreadable` when there is neither a question nor an attribute in it."""
    found = Collector(Source.GREENHOUSE)
    interview = _one_interview(found, document)
    kit = next((obj(interview[name]) for name in _KITS if obj(interview.get(name))), interview)
    card = next((obj(interview[name]) for name in _CARDS if obj(interview.get(name))), interview)
    is_filled = any(_FILLED & part.keys() for part in (interview, card))
    for part in _distinct(interview, kit, card):
        _questions(found, part)
    _attributes(found, card, is_filled=is_filled)
    if is_filled:
        found.leave_out("Ratings, notes and answers: they are about a candidate.")
    if found.is_empty:
        raise TemplateUnreadable("There is neither a question nor an attribute in this Greenhouse document.")
    return found.finish(_name(interview, card), _description(interview, kit, card))


def _one_interview(found: Collector, document: Object) -> Object:
    """A job stage has several interviews; a template is one of them."""
    interviews = objects(document.get("interviews"))
    if not interviews:
        return document
    for other in interviews[1:]:
        found.leave_out(f"The interview {quoted(first_text(other, 'name'))}: import it by itself.")
    return interviews[0]


def _distinct(*parts: Object) -> Iterator[Object]:
    seen: list[Object] = []
    for part in parts:
        if not any(part is other for other in seen):
            seen.append(part)
            yield part


def _questions(found: Collector, part: Object) -> None:
    for question in objects(part.get("questions")):
        words = plain_text(first_text(question, "question", "text", "name"))
        if is_for_notes(words):
            found.leave_out(f"The field {quoted(words)}: it is for notes.")
            continue
        if first_text(question, "description"):
            found.leave_out(f"The description of the question {quoted(words)}.")
        found.question(
            words,
            id=identifier(question.get("id")),
            competency=first_text(question, "competency", "section"),
            required=question.get("is_required") is True or question.get("required") is True,
        )


def _attributes(found: Collector, card: Object, *, is_filled: bool) -> None:
    for group, attribute in _grouped(card):
        name = first_text(attribute, "name", "title")
        if is_the_decision(name):
            found.leave_out(f"{quoted(name)}: every scorecard has an overall decision.")
            continue
        if group:
            found.leave_out(f"The category {quoted(group)}: criteria have none.")
        # In a card that was filled in, the note is what somebody wrote about the candidate.
        about_candidate = is_filled or "rating" in attribute
        names = ("description",) if about_candidate else ("description", "note")
        if about_candidate:
            found.leave_out("Ratings, notes and answers: they are about a candidate.")
        found.criterion(
            name,
            id=identifier(attribute.get("id")),
            description=plain_text(first_text(attribute, *names)),
            weight=number(attribute.get("weight")),
        )


def _grouped(card: Object) -> Iterator[tuple[str, Object]]:
    for attribute in objects(card.get("attributes")):
        yield first_text(attribute, "type", "category"), attribute
    for members in _GROUPS:
        for group in objects(card.get(members)):
            for attribute in objects(group.get("attributes")):
                yield first_text(group, "name", "title"), attribute


def _name(interview: Object, card: Object) -> str:
    step = obj(interview.get("interview_step"))
    return (
        first_text(interview, "name", "title", "interview")
        or first_text(card, "name", "title")
        or first_text(step, "name")
        or "Imported from Greenhouse"
    )


def _description(*parts: Object) -> str:
    descriptions = (plain_text(text(part.get(name))) for part in parts for name in ("description", "content"))
    return next((description for description in descriptions if description), "")
