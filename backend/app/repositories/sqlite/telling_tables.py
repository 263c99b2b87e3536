"""The tables of what is told to people and machines."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, Table

from app.repositories.sqlite.columns import key, metadata, moment, text


def _owned(name: str) -> Table:
    """Documents of one organisation that can be switched off."""
    return Table(
        name,
        metadata,
        key(),
        text("organisation_id"),
        Column("enabled", Integer, nullable=False),
        moment("created_at"),
        Column("version", Integer, nullable=False),
        text("doc"),
        Index(f"{name}_newest", "organisation_id", "created_at", "id"),
        Index(f"{name}_enabled", "organisation_id", "enabled", "created_at", "id"),
    )


channels: Final = _owned("channels")

endpoints: Final = _owned("endpoints")

connections: Final = _owned("connections")

preferences: Final = Table(
    "preferences",
    metadata,
    key(),
    text("organisation_id"),
    Column("version", Integer, nullable=False),
    text("doc"),
)

notices: Final = Table(
    "notices",
    metadata,
    key(),
    text("interview_id", nullable=True),
    moment("due_at"),
    text("doc"),
    Index("notices_due", "due_at", "id"),
    Index("notices_interview", "interview_id"),
)

inbox: Final = Table(
    "inbox",
    metadata,
    key(),
    text("organisation_id"),
    text("user_id"),
    text("interview_id", nullable=True),
    Column("unread", Integer, nullable=False),
    moment("created_at"),
    text("doc"),
    Index("inbox_newest", "organisation_id", "user_id", "created_at", "id"),
    Index("inbox_unread", "organisation_id", "user_id", "unread", "created_at", "id"),
    Index("inbox_since", "organisation_id", "created_at", "id"),
    Index("inbox_interview", "interview_id"),
)

deliveries: Final = Table(
    "deliveries",
    metadata,
    key(),
    text("organisation_id"),
    text("interview_id", nullable=True),
    text("carrier"),
    text("target_id"),
    text("status"),
    moment("due_at"),
    moment("created_at"),
    moment("finished_at", nullable=True),
    text("doc"),
    Index("deliveries_newest", "organisation_id", "created_at", "id"),
    Index("deliveries_by_status", "organisation_id", "status", "created_at", "id"),
    Index("deliveries_by_carrier", "organisation_id", "carrier", "created_at", "id"),
    Index("deliveries_by_target", "organisation_id", "target_id", "created_at", "id"),
    Index("deliveries_interview", "interview_id", "organisation_id", "created_at", "id"),
    Index("deliveries_due", "status", "due_at"),
    Index("deliveries_finished", "finished_at"),
)

scorecard_requests: Final = Table(
    "scorecard_requests",
    metadata,
    key(),
    text("organisation_id"),
    text("interview_id"),
    text("user_id"),
    moment("created_at"),
    moment("notify_at"),
    Column("version", Integer, nullable=False),
    text("doc"),
    Index("scorecard_requests_interview", "interview_id", "organisation_id", "created_at", "id"),
    Index("scorecard_requests_person", "organisation_id", "user_id", "created_at", "id"),
    Index("scorecard_requests_due", "notify_at", "id"),
)
