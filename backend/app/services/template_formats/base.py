"""What every format is read into, and why one cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.core.errors import InvalidInput
from app.models.template import Criterion, TemplateQuestion

UNDERSTOOD: Final = (
    "Understood are: a template exported from Debrief; a Greenhouse interview, interview kit or scorecard; "
    "an Ashby feedback form definition."
)


class TemplateUnreadable(InvalidInput):
    code = "template_unreadable"
    title = "The template cannot be read"

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(f"{detail} {UNDERSTOOD}", **extra)


class Source(StrEnum):
    DEBRIEF = "debrief"
    GREENHOUSE = "greenhouse"
    ASHBY = "ashby"


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    name: str
    description: str
    questions: tuple[TemplateQuestion, ...]
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class ImportedTemplate:
    draft: TemplateDraft
    source: Source
    left_out: tuple[str, ...]
    """What the file has and the draft has not, in sentences for people."""
