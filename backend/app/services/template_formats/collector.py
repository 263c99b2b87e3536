"""Puts a template together from a file, inside the limits of ours, and remembers what did not go in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.models.template import Criterion, Level, TemplateQuestion
from app.repositories.folding import fold
from app.services.template_formats.base import ImportedTemplate, Source, TemplateDraft

MAX_QUESTIONS: Final = 100
MAX_CRITERIA: Final = 50
_LONGEST_NAME: Final = 200
_LONGEST_TEXT: Final = 5000
_LONGEST_ID: Final = 200
_LONGEST_SLUG: Final = 60
_HEAVIEST: Final = 100
_NOTED: Final = 100


class Collector:
    """The limits are those of the API, so that what was imported can be edited and saved again."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._questions: dict[str, TemplateQuestion] = {}
        self._criteria: dict[str, Criterion] = {}
        self._left_out: dict[str, None] = {}

    @property
    def is_empty(self) -> bool:
        return not self._questions and not self._criteria

    def question(self, text: str, *, id: str = "", competency: str = "", required: bool = False) -> None:
        if not text:
            return
        if len(self._questions) == MAX_QUESTIONS:
            self.leave_out(f"The question {quoted(text)}: a template has at most {MAX_QUESTIONS}.")
            return
        key = _free_key(id, text, "question", self._questions)
        self._questions[key] = TemplateQuestion(
            id=key,
            text=self._cut(text, _LONGEST_TEXT),
            competency=self._cut(competency, _LONGEST_NAME) or None,
            required=required,
        )

    def criterion(
        self,
        name: str,
        *,
        id: str = "",
        description: str = "",
        weight: float | None = None,
        anchors: Mapping[Level, str] | None = None,
    ) -> None:
        if not name:
            return
        if len(self._criteria) == MAX_CRITERIA:
            self.leave_out(f"The criterion {quoted(name)}: a template has at most {MAX_CRITERIA}.")
            return
        if weight is not None and not 0 <= weight <= _HEAVIEST:
            self.leave_out(f"The weight of {quoted(name)}: it is not between 0 and {_HEAVIEST}.")
            weight = None
        key = _free_key(id, name, "criterion", self._criteria)
        self._criteria[key] = Criterion(
            id=key,
            name=self._cut(name, _LONGEST_NAME),
            description=self._cut(description, _LONGEST_TEXT),
            weight=1.0 if weight is None else weight,
            anchors={level: self._cut(anchor, _LONGEST_TEXT) for level, anchor in (anchors or {}).items()},
        )

    def leave_out(self, sentence: str) -> None:
        self._left_out[sentence] = None

    def finish(self, name: str, description: str) -> ImportedTemplate:
        draft = TemplateDraft(
            name=self._cut(name, _LONGEST_NAME),
            description=self._cut(description, _LONGEST_TEXT),
            questions=tuple(self._questions.values()),
            criteria=tuple(self._criteria.values()),
        )
        shown, more = list(self._left_out)[:_NOTED], len(self._left_out) - _NOTED
        if more > 0:
            shown.append(f"And {more} more.")
        return ImportedTemplate(draft=draft, source=self._source, left_out=tuple(shown))

    def _cut(self, text: str, longest: int) -> str:
        if len(text) <= longest:
            return text
        self.leave_out(f"The end of {quoted(text)}: it has more than {longest} characters.")
        return text[:longest].rstrip()


def quoted(text: str) -> str:
    """The beginning of a text, to say which one is meant."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= 80 else line[:79].rstrip() + '…'}”"


def slug(text: str) -> str:
    """Letters and digits of any script with hyphens between; empty when there are none."""
    kept = "".join(c if c.isalnum() else "-" for c in fold(text))
    return "-".join(part for part in kept.split("-") if part)[:_LONGEST_SLUG].strip("-")


def _free_key(given: str, text: str, kind: str, taken: Mapping[str, object]) -> str:
    """The file's own id, else one made of the text: the same file gives the same ids every time."""
    wanted = given if 0 < len(given) <= _LONGEST_ID else slug(text) or kind
    key, count = wanted, 1
    while key in taken:
        count += 1
        key = f"{wanted[: _LONGEST_ID - 5]}-{count}"
    return key
