"""To schema 2: what people say of an interview, stability reports, and the daily use of models.

The statements stay as they were released, whatever the tables become later. Documents of schema 1 are read as they
are: every field that came since has a default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pymongo.asynchronous.database import AsyncDatabase
    from sqlalchemy import Connection

_TABLES: Final = (
    """
    CREATE TABLE stability (
        id TEXT NOT NULL,
        organisation_id TEXT NOT NULL,
        interview_id TEXT NOT NULL,
        revision INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        doc TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX stability_interview ON stability (interview_id, revision)",
    """
    CREATE TABLE scorecards (
        id TEXT NOT NULL,
        organisation_id TEXT NOT NULL,
        interview_id TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        version INTEGER NOT NULL,
        doc TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX scorecards_interview ON scorecards (interview_id, organisation_id, created_at, id)",
    """
    CREATE TABLE reviews (
        id TEXT NOT NULL,
        organisation_id TEXT NOT NULL,
        interview_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        doc TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX reviews_interview ON reviews (interview_id)",
    """
    CREATE TABLE usage (
        organisation_id TEXT NOT NULL,
        day TEXT NOT NULL,
        tokens BIGINT NOT NULL,
        cost_micro_usd BIGINT NOT NULL,
        calls BIGINT NOT NULL,
        PRIMARY KEY (organisation_id, day)
    ) WITHOUT ROWID
    """,
)


def sqlite(connection: Connection) -> None:
    for statement in _TABLES:
        connection.exec_driver_sql(statement)


async def mongo(database: AsyncDatabase[dict[str, Any]]) -> None:
    """Nothing: collections need no declaration, and their indexes are created on every opening."""
