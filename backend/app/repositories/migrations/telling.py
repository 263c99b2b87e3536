"""To schema 3: what is told to people and machines, where recordings come from by themselves, and what is restored.

The statements stay as they were released, whatever the tables become later. Documents of schema 2 are read as they
are: every field that came since has a default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pymongo.asynchronous.database import AsyncDatabase
    from sqlalchemy import Connection

_OWNED: Final = (
    """
    CREATE TABLE {name} (
        id TEXT NOT NULL,
        organisation_id TEXT NOT NULL,
        enabled INTEGER NOT NULL,
        created_at BIGINT NOT NULL,
        version INTEGER NOT NULL,
        doc TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX {name}_newest ON {name} (organisation_id, created_at, id)",
    "CREATE INDEX {name}_enabled ON {name} (organisation_id, enabled, created_at, id)",
)
_TABLES: Final = (
    """
    CREATE TABLE preferences (
        id TEXT NOT NULL,
        organisation_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        doc TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE notices (
        id TEXT NOT NULL,
        interview_id TEXT,
        due_at BIGINT NOT NULL,
        doc TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX notices_due ON notices (due_at, id)",
    "CREATE INDEX notices_interview ON notices (interview_id)",
    """
    CREATE TABLE inbox (
        id TEXT NOT NULL,
        organisation_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        interview_id TEXT,
        unread INTEGER NOT NULL,
        created_at BIGINT NOT NULL,
        doc TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX inbox_newest ON inbox (organisation_id, user_id, created_at, id)",
    "CREATE INDEX inbox_unread ON inbox (organisation_id, user_id, unread, created_at, id)",
    "CREATE INDEX inbox_since ON inbox (organisation_id, created_at, id)",
    "CREATE INDEX inbox_interview ON inbox (interview_id)",
    """
    CREATE TABLE deliveries (
        id TEXT NOT NULL,
        organisation_id TEXT NOT NULL,
        interview_id TEXT,
        carrier TEXT NOT NULL,
        target_id TEXT NOT NULL,
        status TEXT NOT NULL,
        due_at BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        finished_at BIGINT,
        doc TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX deliveries_newest ON deliveries (organisation_id, created_at, id)",
    "CREATE INDEX deliveries_by_status ON deliveries (organisation_id, status, created_at, id)",
    "CREATE INDEX deliveries_by_carrier ON deliveries (organisation_id, carrier, created_at, id)",
    "CREATE INDEX deliveries_by_target ON deliveries (organisation_id, target_id, created_at, id)",
    "CREATE INDEX deliveries_interview ON deliveries (interview_id, organisation_id, created_at, id)",
    "CREATE INDEX deliveries_due ON deliveries (status, due_at)",
    "CREATE INDEX deliveries_finished ON deliveries (finished_at)",
    """
    CREATE TABLE scorecard_requests (
        id TEXT NOT NULL,
        organisation_id TEXT NOT NULL,
        interview_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        notify_at BIGINT NOT NULL,
        version INTEGER NOT NULL,
        doc TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX scorecard_requests_interview"
    " ON scorecard_requests (interview_id, organisation_id, created_at, id)",
    "CREATE INDEX scorecard_requests_person ON scorecard_requests (organisation_id, user_id, created_at, id)",
    "CREATE INDEX scorecard_requests_due ON scorecard_requests (notify_at, id)",
)


_RESTORING: Final = "CREATE TABLE restoring (id TEXT NOT NULL, PRIMARY KEY (id))"


def sqlite(connection: Connection) -> None:
    for name in ("channels", "endpoints", "connections"):
        for statement in _OWNED:
            connection.exec_driver_sql(statement.format(name=name))
    for statement in (*_TABLES, _RESTORING):
        connection.exec_driver_sql(statement)


async def mongo(database: AsyncDatabase[dict[str, Any]]) -> None:
    """Nothing: collections need no declaration, and their indexes are created on every opening."""
