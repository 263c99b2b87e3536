"""Parts that several schemas share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from app.models.transcript import EngineKind

T = TypeVar("T")


class In(BaseModel):
    """A request body: unknown fields are refused, so that a typing error is not silently ignored."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Out(BaseModel):
    """A response body, filled from a model."""

    model_config = ConfigDict(from_attributes=True)


class Page(Out, Generic[T]):
    items: list[T]
    next_cursor: str | None = Field(description="Send as `cursor` for the next page; null on the last one.")


class EngineOut(Out):
    """Which engine made a result. Show `label` wherever the result is shown."""

    name: str
    version: str
    kind: EngineKind
    model: str | None
    label: str


def _to_utc_milliseconds(moment: datetime) -> datetime:
    """The precision and the zone that are stored, so that what comes back is what the answer said."""
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


Moment = Annotated[AwareDatetime, AfterValidator(_to_utc_milliseconds)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]
LongText = Annotated[str, StringConstraints(max_length=5000)]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=50)]
Language = Annotated[
    str, StringConstraints(pattern=r"^(multi|[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)$", max_length=35)
]
"""A BCP 47 tag, or `multi` where several languages are spoken."""
Key = Annotated[str, StringConstraints(min_length=1, max_length=200)]
