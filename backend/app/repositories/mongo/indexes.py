"""The collections' indexes and the schema version, brought up to date when the database is opened.

Plain compound indexes on fields that are always present: what every server of the family does the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from app.repositories.schema import MIGRATIONS, SCHEMA_VERSION, Migration, pending


def _index(name: str, *fields: str, unique: bool = False) -> IndexModel:
    """Field names in order; a minus before a name makes it descending."""
    keys = [(f.removeprefix("-"), DESCENDING if f.startswith("-") else ASCENDING) for f in fields]
    return IndexModel(keys, name=name, unique=unique)


_OWNED: Final = [
    _index("newest", "organisation_id", "-created_at", "-_id"),
    _index("enabled", "organisation_id", "enabled", "created_at", "_id"),
]
INDEXES: Final[dict[str, list[IndexModel]]] = {
    "interviews": [
        _index("idempotency", "organisation_id", "idempotency_key", unique=True),
        _index("newest", "organisation_id", "-created_at", "-_id", "status"),
        _index("by_status", "organisation_id", "status", "-created_at", "-_id"),
        _index("by_candidate", "organisation_id", "candidate_folded", "-created_at", "-_id", "status"),
        _index("by_email", "organisation_id", "candidate_email_folded", "-created_at", "-_id", "status"),
        _index("by_position", "organisation_id", "position_folded", "-created_at", "-_id", "status"),
        _index("by_tag", "organisation_id", "tags", "-created_at", "-_id", "status"),
        _index("by_external_id", "organisation_id", "external_id", "-created_at", "-_id", "status"),
        _index("changed", "organisation_id", "updated_at", "_id"),
        _index("due", "status", "due_at"),
        _index("outbox", "outbox_at"),
    ],
    "transcripts": [_index("interview", "interview_id", "revision")],
    "analyses": [_index("interview", "interview_id", "organisation_id", "-revision")],
    "stability": [_index("interview", "interview_id", "organisation_id", "-revision")],
    "scorecards": [_index("interview", "interview_id", "organisation_id", "created_at", "_id")],
    "reviews": [_index("interview", "interview_id")],
    "usage": [_index("newest", "organisation_id", "-day")],
    "templates": [_index("newest", "organisation_id", "archived", "-created_at", "-_id")],
    "users": [_index("identity", "identity", unique=True)],
    "memberships": [
        _index("of_user", "user_id", "created_at", "_id"),
        _index("newest", "organisation_id", "-created_at", "-_id"),
        _index("role", "organisation_id", "role"),
    ],
    "invitations": [
        _index("invitation", "id", unique=True),
        _index("newest", "organisation_id", "-created_at", "-id"),
        _index("by_email", "email_key", "-created_at", "-id"),
    ],
    **dict.fromkeys(("channels", "endpoints", "connections"), _OWNED),
    "notices": [_index("due", "due_at", "_id"), _index("interview", "interview_id")],
    "inbox": [
        _index("newest", "organisation_id", "user_id", "-created_at", "-_id"),
        _index("unread", "organisation_id", "user_id", "unread", "-created_at", "-_id"),
        _index("since", "organisation_id", "created_at", "_id"),
        _index("interview", "interview_id"),
    ],
    "deliveries": [
        _index("newest", "organisation_id", "-created_at", "-_id"),
        _index("by_status", "organisation_id", "status", "-created_at", "-_id"),
        _index("by_carrier", "organisation_id", "carrier", "-created_at", "-_id"),
        _index("by_target", "organisation_id", "target_id", "-created_at", "-_id"),
        _index("interview", "interview_id", "organisation_id", "-created_at", "-_id"),
        _index("due", "status", "due_at"),
        _index("finished", "finished_at"),
    ],
    "scorecard_requests": [
        _index("interview", "interview_id", "organisation_id", "created_at", "_id"),
        _index("person", "organisation_id", "user_id", "created_at", "_id"),
        _index("due", "notify_at", "_id"),
    ],
    "edits": [_index("interview", "interview_id", "organisation_id", "-revision")],
    "highlights": [_index("interview", "interview_id", "organisation_id", "-created_at", "-_id")],
    "passages": [
        _index("words", "organisation_id", "terms", "-created_at", "-interview_id", "number", "role"),
        _index("interview", "interview_id", "organisation_id", "revision"),
    ],
    "tickets": [_index("expiry", "expires_at")],
}

_SCHEMA: Final = {"_id": "schema"}


async def upgrade(
    database: AsyncDatabase[dict[str, Any]],
    *,
    current: int = SCHEMA_VERSION,
    migrations: Sequence[Migration] = MIGRATIONS,
) -> None:
    """Check the schema version, migrate an older database, create missing indexes. Raises `SchemaTooNew`."""
    found = await database["schema"].find_one(_SCHEMA)
    for migration in pending(found["version"], current=current, migrations=migrations) if found else ():
        await migration.mongo(database)
    for collection, indexes in INDEXES.items():
        await database[collection].create_indexes(indexes)
    if found is None:
        try:
            await database["schema"].insert_one({**_SCHEMA, "version": current})
        except DuplicateKeyError:
            return  # Another process opened the new database at the same moment.
    elif found["version"] != current:
        await database["schema"].update_one(
            {**_SCHEMA, "version": found["version"]}, {"$set": {"version": current}}
        )
