"""Inboxes as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from app.api.v1.schemas.common import In, Out
from app.models.notification import Topic


class InboxItemOut(Out):
    id: str
    topic: Topic
    interview_id: str | None
    subject: str = Field(description="Title of the interview")
    payload: dict[str, Any] = Field(description="Ids and codes that belong to the topic")
    created_at: datetime
    read_at: datetime | None


class Unread(Out):
    unread: int


class ReadBody(In):
    """Either `ids`, or `"all": true`."""

    ids: list[Annotated[str, Field(max_length=300)]] | None = Field(
        default=None, min_length=1, max_length=200
    )
    all: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.ids is None) != self.all:
            raise ValueError("send either `ids` or `all`: true")
        return self
