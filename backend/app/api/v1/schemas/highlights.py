"""Highlights as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from app.api.v1.schemas.common import In, Key, LongText, Out, Tag
from app.models.highlight import Highlight
from app.services.highlights import Lines, Marked, Stretch, Words
from app.services.transcript_spans import Place

Tags = Annotated[list[Tag], Field(max_length=30)]
Second = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class PlaceIn(In):
    utterance_id: Key
    offset: int = Field(ge=0, le=10**7, description="Characters (code points) of the utterance ahead of it")

    def to_place(self) -> Place:
        return Place(self.utterance_id, self.offset)


class HighlightBody(In):
    """A moment is marked in one of three ways: by time, by whole utterances, or by words from one place to another."""

    model_config = {
        "json_schema_extra": {
            "examples": [
                {"start": 61.5, "end": 74.0, "comment": "Owns the mistake.", "tags": ["ownership"]},
                {"utterance_ids": ["u7", "u8"]},
                {
                    "from": {"utterance_id": "u7", "offset": 4},
                    "to": {"utterance_id": "u7", "offset": 21},
                },
            ]
        }
    }

    start: Second | None = Field(default=None, description="Seconds from the beginning")
    end: Second | None = None
    utterance_ids: list[Key] = Field(default=[], max_length=500)
    begin: PlaceIn | None = Field(default=None, alias="from")
    to: PlaceIn | None = None
    comment: LongText = ""
    tags: Tags = []

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        halves = (self.start is None) is not (self.end is None) or (self.begin is None) is not (
            self.to is None
        )
        ways = (self.start is not None, bool(self.utterance_ids), self.begin is not None)
        if halves or sum(ways) != 1:
            raise ValueError("give either `start` and `end`, or `utterance_ids`, or `from` and `to`")
        return self

    def marked(self) -> Marked:
        if self.start is not None and self.end is not None:
            return Stretch(self.start, self.end)
        if self.begin is not None and self.to is not None:
            return Words(self.begin.to_place(), self.to.to_place())
        return Lines(tuple(self.utterance_ids))


class HighlightPatch(In):
    """What is left out stays as it is."""

    comment: LongText = ""
    tags: Tags = []

    def changes(self) -> dict[str, Any]:
        given: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if "tags" in given:
            given["tags"] = tuple(dict.fromkeys(self.tags))
        return given


class HighlightOut(Out):
    id: str
    start: float = Field(description="Seconds from the beginning")
    end: float
    utterance_ids: list[str] = Field(description="What was said then, at the time of marking")
    quote: str = Field(description="The words as they stood then, one line for each utterance")
    comment: str
    tags: list[str]
    version: int
    created_by: str
    created_by_name: str
    created_at: datetime
    updated_at: datetime
    link: str = Field(description="To this moment, in the web application")

    @classmethod
    def of(cls, highlight: Highlight, link: str) -> Self:
        shown = highlight.model_dump(exclude={"organisation_id", "interview_id"})
        return cls.model_validate({**shown, "link": link})


def etag_of_highlight(highlight: Highlight) -> str:
    return f'"{highlight.version}"'
