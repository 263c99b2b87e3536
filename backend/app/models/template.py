"""Interview templates: the questions to ask and the criteria to judge by, in numbered versions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from app.models.base import Stored


class Level(StrEnum):
    """The rating scale of every criterion and of the overall decision."""

    STRONG_NO = "strong_no"
    NO = "no"
    YES = "yes"
    STRONG_YES = "strong_yes"


class TemplateQuestion(Stored):
    id: str
    text: str
    competency: str | None = None
    required: bool = False


class Criterion(Stored):
    """One line of the scorecard. `anchors` describe the behaviour that earns each level."""

    id: str
    name: str
    description: str = ""
    weight: float = 1.0
    anchors: dict[Level, str] = {}


class TemplateVersion(Stored):
    """One immutable edition; interviews pin one so that a later edit never changes a past debrief."""

    version: int
    name: str
    description: str = ""
    questions: tuple[TemplateQuestion, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    created_at: datetime
    created_by: str | None = None


class Template(Stored):
    """A template with its whole history in one document, so that a new version is one atomic update."""

    id: str
    organisation_id: str
    builtin: bool = False
    archived: bool = False
    version: int
    versions: tuple[TemplateVersion, ...]
    created_at: datetime
    updated_at: datetime

    @property
    def current(self) -> TemplateVersion:
        return self.versions[-1]

    def edition(self, version: int) -> TemplateVersion | None:
        """The given version, or None when there is no such version."""
        return next((v for v in self.versions if v.version == version), None)
