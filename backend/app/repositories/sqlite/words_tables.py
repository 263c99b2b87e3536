"""The tables of what people do with transcripts: change them, mark moments, search."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Connection, Float, Index, Integer, MetaData, Table, event

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

search_places: Final = Table(
    "search_places",
    metadata,
    Column("id", Integer, primary_key=True),
    text("organisation_id"),
    text("interview_id"),
    Column("revision", Integer, nullable=False),
    moment("created_at"),
    # Its passages have the ids from `first` on, `size` of them, the last said first.
    Column("first", BigInteger, nullable=False),
    Column("size", Integer, nullable=False),
    Index("search_places_interview", "interview_id", "organisation_id", "revision", unique=True),
    Index("search_places_order", "created_at", "interview_id", "revision"),
)

passages: Final = Table(
    "passages",
    metadata,
    # Rises with the time of the interview and falls with the position in it: the order of the newest hits.
    Column("id", Integer, primary_key=True),
    Column("place_id", Integer, nullable=False),
    text("utterance_id"),
    Column("number", Integer, nullable=False),
    Column("begins", Float, nullable=False),
    Column("ends", Float, nullable=False),
    # What a page of hits shows lies beside what it is found by: the transcript itself is stored in large parts.
    text("speaker"),
    text("role"),
    text("text"),
    text("language", nullable=True),
    text("terms"),
)

# Without the text, which `passages` has, and without lengths, which nothing asks for.
_PASSAGE_WORDS: Final = (
    "CREATE VIRTUAL TABLE passage_words"
    " USING fts5(terms, content='', columnsize=0, tokenize=\"ascii tokenchars '_'\")"
)


@event.listens_for(metadata, "after_create")
def _create_passage_words(_: MetaData, connection: Connection, **__: Any) -> None:
    connection.exec_driver_sql(_PASSAGE_WORDS)
