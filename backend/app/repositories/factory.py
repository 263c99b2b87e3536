"""Chooses and opens the database: MongoDB when there is an address, else the embedded one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from app.repositories.base import Repositories
from app.repositories.sqlite.repositories import open_sqlite_repositories

EMBEDDED_FILE: Final = "debrief.db"


@asynccontextmanager
async def open_repositories(
    database_url: str | None, database_name: str, data_dir: Path
) -> AsyncIterator[Repositories]:
    """The repositories, with their schema up to date, closed at the end.

    Raises `DatabaseUnreachable` within ten seconds and `SchemaTooNew`.
    """
    if database_url is None:
        async with open_sqlite_repositories(data_dir / EMBEDDED_FILE) as embedded:
            yield embedded
    else:
        # Imported here so that the embedded database starts without the other one's driver.
        from app.repositories.mongo.repositories import open_mongo_repositories  # noqa: PLC0415

        async with open_mongo_repositories(database_url, database_name) as remote:
            yield remote
