"""Templates as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from app.api.v1.schemas.common import In, Key, LongText, Name, Out
from app.models.template import Criterion, Level, Template, TemplateQuestion
from app.services.template_formats.base import Source, TemplateDraft


class QuestionBody(In):
    id: Key = Field(description="Stable over versions, so that debriefs can be compared")
    text: LongText = Field(min_length=1)
    competency: Name | None = None
    required: bool = False


class CriterionBody(In):
    id: Key
    name: Name
    description: LongText = ""
    weight: float = Field(default=1.0, ge=0, le=100)
    anchors: dict[Level, LongText] = Field(default={}, description="The behaviour that earns each level")


class TemplateBody(In):
    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "name": "Backend engineer, first round",
                    "questions": [
                        {
                            "id": "outage",
                            "text": "Tell me about an outage you caused.",
                            "competency": "ownership",
                            "required": True,
                        }
                    ],
                    "criteria": [
                        {
                            "id": "ownership",
                            "name": "Ownership",
                            "weight": 2,
                            "anchors": {"yes": "Names their part and what they changed since."},
                        }
                    ],
                }
            ]
        }
    }

    name: Name
    description: LongText = ""
    questions: list[QuestionBody] = Field(default=[], max_length=100)
    criteria: list[CriterionBody] = Field(default=[], max_length=50)

    def to_draft(self) -> TemplateDraft:
        return TemplateDraft(
            name=self.name,
            description=self.description,
            questions=tuple(TemplateQuestion(**q.model_dump()) for q in self.questions),
            criteria=tuple(Criterion(**c.model_dump()) for c in self.criteria),
        )


class ArchiveBody(In):
    archived: bool


class DuplicateBody(In):
    name: Name | None = Field(default=None, description="`Copy of …` when left out")


class QuestionOut(Out):
    id: str
    text: str
    competency: str | None
    required: bool


class CriterionOut(Out):
    id: str
    name: str
    description: str
    weight: float
    anchors: dict[Level, str]


class TemplateVersionOut(Out):
    version: int
    name: str
    description: str
    questions: list[QuestionOut]
    criteria: list[CriterionOut]
    created_at: datetime
    created_by: str | None


class TemplateOut(Out):
    id: str
    builtin: bool
    archived: bool
    version: int
    current: TemplateVersionOut
    created_at: datetime
    updated_at: datetime


class TemplateDocument(Out):
    """A template as a file."""

    format: Literal["debrief.template"]
    format_version: Literal[1]
    name: str
    description: str
    questions: list[QuestionOut]
    criteria: list[CriterionOut]


class ImportedTemplateOut(Out):
    template: TemplateOut
    source: Source = Field(description="Whose format the file has")
    left_out: list[str] = Field(description="What the file has and the template has not, for people")


def etag_of_template(template: Template) -> str:
    return f'"{template.version}"'
