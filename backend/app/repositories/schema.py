"""The version of what is stored. Opening brings an older database up to date and refuses a newer one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.repositories.base import SchemaTooNew
from app.repositories.migrations import people_and_budget, telling, words

if TYPE_CHECKING:
    # For the types alone: a process loads the driver of its own database.
    from pymongo.asynchronous.database import AsyncDatabase
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Migration:
    """The step to `version` from the one before it, for both databases.

    A step may be run again after a crash in its middle, because MongoDB has no transaction around it.
    """

    version: int
    summary: str
    sqlite: Callable[[Connection], None]
    mongo: Callable[[AsyncDatabase[dict[str, Any]]], Awaitable[None]]


SCHEMA_VERSION: Final = 4
"""What this release writes. Raise it, with a migration, when tables come or older documents can no longer be read."""

MIGRATIONS: Final[tuple[Migration, ...]] = (
    Migration(2, "scorecards, reviews, stability, usage", people_and_budget.sqlite, people_and_budget.mongo),
    Migration(3, "inboxes, deliveries, endpoints, channels, connections", telling.sqlite, telling.mongo),
    Migration(4, "changes of transcripts, highlights, search", words.sqlite, words.mongo),
)
"""From version 2 on; a new database begins at `SCHEMA_VERSION`."""


def pending(
    stored: int, *, current: int = SCHEMA_VERSION, migrations: Sequence[Migration] = MIGRATIONS
) -> list[Migration]:
    """The steps from `stored` to `current`, in order. Raises `SchemaTooNew`."""
    if stored > current:
        raise SchemaTooNew(
            f"The database was written by a newer release of Debrief: it has schema {stored}, and this "
            f"release knows {current}. Start that release, or restore a backup from before the upgrade."
        )
    return sorted((m for m in migrations if stored < m.version <= current), key=lambda m: m.version)
