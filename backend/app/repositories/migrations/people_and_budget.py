"""To schema 2: what people say of an interview, stability reports, the daily use of models, candidates by address.

The statements stay as they were released, whatever the tables become later. Documents of schema 1 are read as they
are: every field that came since has a default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.repositories.folding import fold_email

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
    """
    CREATE INDEX interviews_by_email ON interviews
        (organisation_id, lower(json_extract(doc, '$.candidate.email')), created_at, id, status)
    """,
)


def sqlite(connection: Connection) -> None:
    for statement in _TABLES:
        connection.exec_driver_sql(statement)


async def mongo(database: AsyncDatabase[dict[str, Any]]) -> None:
    """Collections need no declaration, and their indexes are created on every opening."""
    interviews = database["interviews"]
    async for found in interviews.find({"candidate_email_folded": {"$exists": False}}, ["candidate.email"]):
        email = (found.get("candidate") or {}).get("email")
        folded = None if email is None else fold_email(email)
        await interviews.update_one({"_id": found["_id"]}, {"$set": {"candidate_email_folded": folded}})
