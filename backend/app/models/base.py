"""What every stored document shares: identifiers, the clock and the pydantic configuration."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from pydantic import BaseModel, ConfigDict
from ulid import ULID

FAR_FUTURE: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""The due time of what is not due: an always-present date keeps the index free of nulls on both databases."""


def new_id() -> str:
    """A new identifier: 26 lower-case characters that sort by creation time (ULID)."""
    return str(ULID()).lower()


def utc_now() -> datetime:
    """The current time in UTC, cut to milliseconds: the precision both databases keep."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class Stored(BaseModel):
    """A document or a part of one. Immutable: changes go through a repository's compare-and-set."""

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_timedelta="float")
