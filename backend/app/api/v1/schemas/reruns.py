"""Making many debriefs anew, as the API takes and shows it."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from app.api.v1.schemas.common import In, Key, Out


class RerunBody(In):
    """Either the interviews, or all that are outdated."""

    model_config = {
        "json_schema_extra": {"examples": [{"outdated": True, "template_id": "builtin-software-engineer"}]}
    }

    interview_ids: list[Key] | None = Field(default=None, min_length=1, max_length=100)
    outdated: Literal[True] | None = None
    template_id: Key | None = Field(
        default=None, description="With `outdated`: only interviews with this template"
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.interview_ids is None) == (self.outdated is None):
            raise ValueError("send either interview_ids or outdated: true")
        if self.template_id is not None and self.outdated is None:
            raise ValueError("template_id goes with outdated: true")
        return self


class SkippedOut(Out):
    id: str = Field(validation_alias="interview_id")
    code: str
    detail: str


class RerunsOut(Out):
    accepted: list[str] = Field(description="Interviews whose debrief is being made anew")
    skipped: list[SkippedOut]
    next_cursor: str | None = Field(
        description="With `outdated`: send as `cursor` to go on; null when every interview was looked at"
    )
