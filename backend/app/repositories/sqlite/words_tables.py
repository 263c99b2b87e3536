"""The tables of what people do with transcripts: change them, mark moments, search."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, Table

from app.repositories.sqlite.columns import key, metadata, moment, text

edits: Final = Table(
    "edits",
    metadata,
    key(),
    text("organisation_id"),
    text("interview_id"),
    Column("revision", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    text("doc"),
    Index("edits_interview", "interview_id", "revision"),
)

highlights: Final = Table(
    "highlights",
    metadata,
    key(),
    text("organisation_id"),
    text("interview_id"),
    moment("created_at"),
    Column("version", Integer, nullable=False),
    text("doc"),
    Index("highlights_interview", "interview_id", "organisation_id", "created_at", "id"),
)
