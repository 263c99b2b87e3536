"""To schema 4: what people do with transcripts. The search index begins empty; interviews enter it as they are indexed.

The statements stay as they were released, whatever the tables become later. Documents of schema 3 are read as they
are: every field that came since has a default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pymongo.asynchronous.database import AsyncDatabase
    from sqlalchemy import Connection

_STATEMENTS: Final = (
    """
    CREATE TABLE edits (
        id TEXT NOT NULL,
        organisation_id TEXT NOT NULL,
        interview_id TEXT NOT NULL,
        revision INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        doc TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX edits_interview ON edits (interview_id, revision)",
    """
    CREATE TABLE highlights (
        id TEXT NOT NULL,
        organisation_id TEXT NOT NULL,
        interview_id TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        version INTEGER NOT NULL,
        doc TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX highlights_interview ON highlights (interview_id, organisation_id, created_at, id)",
    """
    CREATE TABLE search_places (
        id INTEGER NOT NULL,
        organisation_id TEXT NOT NULL,
        interview_id TEXT NOT NULL,
        revision INTEGER NOT NULL,
        created_at BIGINT NOT NULL,
        first BIGINT NOT NULL,
        size INTEGER NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE UNIQUE INDEX search_places_interview ON search_places (interview_id, organisation_id, revision)",
    "CREATE INDEX search_places_order ON search_places (created_at, interview_id, revision)",
    """
    CREATE TABLE passages (
        id INTEGER NOT NULL,
        place_id INTEGER NOT NULL,
        utterance_id TEXT NOT NULL,
        number INTEGER NOT NULL,
        begins FLOAT NOT NULL,
        ends FLOAT NOT NULL,
        speaker TEXT NOT NULL,
        role TEXT NOT NULL,
        text TEXT NOT NULL,
        language TEXT,
        terms TEXT NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    "CREATE VIRTUAL TABLE passage_words"
    " USING fts5(terms, content='', columnsize=0, tokenize=\"ascii tokenchars '_'\")",
)


def sqlite(connection: Connection) -> None:
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)


async def mongo(database: AsyncDatabase[dict[str, Any]]) -> None:
    """Nothing: collections need no declaration, and their indexes are created on every opening."""
