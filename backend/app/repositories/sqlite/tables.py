"""The tables of the embedded database: what is searched for has columns, the rest is one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    literal_column,
)

from app.repositories.schema import MIGRATIONS, SCHEMA_VERSION, Migration, pending
from app.repositories.sqlite import telling_tables, words_tables  # noqa: F401 - a new file gets these tables, too
from app.repositories.sqlite.columns import key, metadata, moment, text

interviews: Final = Table(
    "interviews",
    metadata,
    key(),
    text("organisation_id"),
    moment("created_at"),
    moment("updated_at"),
    text("status"),
    moment("due_at"),
    moment("outbox_at"),
    Column("epoch", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    text("idempotency_key"),
    text("external_id", nullable=True),
    text("candidate_folded", nullable=True),
    text("position_folded", nullable=True),
    # What the list shows of the document, ready to be sent.
    text("listed"),
    text("doc"),
    # The indexes of the lists hold all that decides about a row: documents are read for the page only.
    Index("interviews_idempotency", "organisation_id", "idempotency_key", unique=True),
    Index("interviews_newest", "organisation_id", "created_at", "id", "status"),
    Index("interviews_by_status", "organisation_id", "status", "created_at", "id"),
    Index("interviews_by_candidate", "organisation_id", "candidate_folded", "created_at", "id", "status"),
    Index("interviews_by_position", "organisation_id", "position_folded", "created_at", "id", "status"),
    Index("interviews_by_external_id", "organisation_id", "external_id", "created_at", "id", "status"),
    Index("interviews_changed", "organisation_id", "updated_at", "id"),
    # No index begins with the status alone: for a claim SQLite would prefer it, and sort all that it finds.
    Index("interviews_due", "due_at", "status"),
    Index("interviews_outbox", "outbox_at"),
)

candidate_email: Final = literal_column("lower(json_extract(doc, '$.candidate.email'))", Text)
"""Of the document, in the very words of the index: SQLite takes the index for no others."""
Index(
    "interviews_by_email",
    interviews.c.organisation_id,
    candidate_email,
    interviews.c.created_at,
    interviews.c.id,
    interviews.c.status,
)

interview_tags: Final = Table(
    "interview_tags",
    metadata,
    Column("organisation_id", Text, primary_key=True),
    Column("tag", Text, primary_key=True),
    Column("created_at", BigInteger, primary_key=True),
    Column("interview_id", Text, ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True),
    Index("interview_tags_interview", "interview_id"),
    sqlite_with_rowid=False,
)


def _results(name: str) -> Table:
    """One row for each revision of what was found out about an interview."""
    return Table(
        name,
        metadata,
        key(),
        text("organisation_id"),
        text("interview_id"),
        Column("revision", Integer, nullable=False),
        Column("epoch", Integer, nullable=False),
        text("doc"),
        Index(f"{name}_interview", "interview_id", "revision"),
    )


transcripts: Final = _results("transcripts")

transcript_parts: Final = Table(
    "transcript_parts",
    metadata,
    Column("transcript_id", Text, ForeignKey("transcripts.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("size", Integer, nullable=False),
    text("doc"),
)

analyses: Final = _results("analyses")

stability: Final = _results("stability")

scorecards: Final = Table(
    "scorecards",
    metadata,
    key(),
    text("organisation_id"),
    text("interview_id"),
    moment("created_at"),
    Column("version", Integer, nullable=False),
    text("doc"),
    Index("scorecards_interview", "interview_id", "organisation_id", "created_at", "id"),
)

reviews: Final = Table(
    "reviews",
    metadata,
    key(),
    text("organisation_id"),
    text("interview_id"),
    Column("version", Integer, nullable=False),
    text("doc"),
    Index("reviews_interview", "interview_id"),
)

# Counters, not documents: a reservation is one update of them.
usage: Final = Table(
    "usage",
    metadata,
    Column("organisation_id", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("tokens", BigInteger, nullable=False),
    Column("cost_micro_usd", BigInteger, nullable=False),
    Column("calls", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

templates: Final = Table(
    "templates",
    metadata,
    key(),
    text("organisation_id"),
    Column("archived", Integer, nullable=False),
    moment("created_at"),
    Column("version", Integer, nullable=False),
    text("doc"),
    Index("templates_newest", "organisation_id", "archived", "created_at", "id"),
)

users: Final = Table(
    "users", metadata, key(), Column("identity", Text, nullable=False, unique=True), text("doc")
)

organisations: Final = Table("organisations", metadata, key(), text("doc"))

memberships: Final = Table(
    "memberships",
    metadata,
    key(),
    text("organisation_id"),
    text("user_id"),
    text("role"),
    moment("created_at"),
    text("doc"),
    Index("memberships_user", "user_id", "created_at", "id"),
    Index("memberships_newest", "organisation_id", "created_at", "id"),
    Index("memberships_role", "organisation_id", "role"),
)

invitations: Final = Table(
    "invitations",
    metadata,
    key(),
    text("organisation_id"),
    text("email"),
    moment("created_at"),
    moment("expires_at"),
    text("doc"),
    Index("invitations_address", "organisation_id", "email", unique=True),
    Index("invitations_newest", "organisation_id", "created_at", "id"),
    Index("invitations_email", "email", "created_at", "id"),
)

tickets: Final = Table(
    "tickets", metadata, key(), moment("expires_at"), text("doc"), Index("tickets_expiry", "expires_at")
)


# The backup that is being restored: at most one row, and none in an installation at work.
restoring: Final = Table("restoring", metadata, key())


def upgrade(
    connection: Connection, *, current: int = SCHEMA_VERSION, migrations: Sequence[Migration] = MIGRATIONS
) -> None:
    """Create the tables in a new file, or bring an older one up to date. Raises `SchemaTooNew`."""
    stored = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if stored == 0:
        metadata.create_all(connection)
    else:
        for migration in pending(stored, current=current, migrations=migrations):
            migration.sqlite(connection)
    if stored != current:
        connection.exec_driver_sql(f"PRAGMA user_version = {current:d}")
