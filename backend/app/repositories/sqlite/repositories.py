"""All repositories of the embedded database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from app.core.database.sqlite import open_sqlite
from app.models.analysis import Analysis
from app.models.connection import Connection
from app.models.edit import TranscriptEdit
from app.models.endpoint import Endpoint
from app.models.stability import StabilityReport
from app.repositories.sqlite.archive import SqliteArchive
from app.repositories.sqlite.deliveries import SqliteDeliveries, SqliteDeliveryQueue
from app.repositories.sqlite.highlights import SqliteHighlights
from app.repositories.sqlite.inbox import SqliteInbox, SqlitePreferences
from app.repositories.sqlite.interviews import SqliteInterviews
from app.repositories.sqlite.jobs import SqliteJobs
from app.repositories.sqlite.notices import SqliteNotices
from app.repositories.sqlite.owned import CONNECTIONS, ENDPOINTS, SqliteChannels, SqliteOwned
from app.repositories.sqlite.people import SqlitePeople
from app.repositories.sqlite.results import ANALYSES, EDITS, STABILITY, SqliteResults, SqliteTranscripts
from app.repositories.sqlite.scorecard_requests import SqliteReminders, SqliteScorecardRequests
from app.repositories.sqlite.scorecards import SqliteReviews, SqliteScorecards
from app.repositories.sqlite.search import SqliteSearch
from app.repositories.sqlite.store import Store
from app.repositories.sqlite.tables import upgrade
from app.repositories.sqlite.templates import SqliteTemplates
from app.repositories.sqlite.tickets import SqliteTickets
from app.repositories.sqlite.usage import SqliteUsage

DESCRIPTION: Final = "SQLite (embedded)"


class SqliteRepositories:
    """`Repositories`."""

    def __init__(self, store: Store, database_name: str) -> None:
        self.description = DESCRIPTION
        self.database_name = database_name
        self.people = SqlitePeople(store)
        self.jobs = SqliteJobs(store)
        self.tickets = SqliteTickets(store)
        self.notices = SqliteNotices(store)
        self.delivery_queue = SqliteDeliveryQueue(store)
        self.reminders = SqliteReminders(store)
        self.archive = SqliteArchive(store)
        self._store = store

    def interviews(self, organisation_id: str) -> SqliteInterviews:
        return SqliteInterviews(self._store, organisation_id)

    def transcripts(self, organisation_id: str) -> SqliteTranscripts:
        return SqliteTranscripts(self._store, organisation_id)

    def analyses(self, organisation_id: str) -> SqliteResults[Analysis]:
        return SqliteResults(self._store, ANALYSES, Analysis, organisation_id)

    def templates(self, organisation_id: str) -> SqliteTemplates:
        return SqliteTemplates(self._store, organisation_id)

    def scorecards(self, organisation_id: str) -> SqliteScorecards:
        return SqliteScorecards(self._store, organisation_id)

    def reviews(self, organisation_id: str) -> SqliteReviews:
        return SqliteReviews(self._store, organisation_id)

    def stability(self, organisation_id: str) -> SqliteResults[StabilityReport]:
        return SqliteResults(self._store, STABILITY, StabilityReport, organisation_id)

    def usage(self, organisation_id: str) -> SqliteUsage:
        return SqliteUsage(self._store, organisation_id)

    def preferences(self, organisation_id: str) -> SqlitePreferences:
        return SqlitePreferences(self._store, organisation_id)

    def inbox(self, organisation_id: str) -> SqliteInbox:
        return SqliteInbox(self._store, organisation_id)

    def deliveries(self, organisation_id: str) -> SqliteDeliveries:
        return SqliteDeliveries(self._store, organisation_id)

    def channels(self, organisation_id: str) -> SqliteChannels:
        return SqliteChannels(self._store, organisation_id)

    def endpoints(self, organisation_id: str) -> SqliteOwned[Endpoint]:
        return SqliteOwned(self._store, ENDPOINTS, Endpoint, organisation_id)

    def connections(self, organisation_id: str) -> SqliteOwned[Connection]:
        return SqliteOwned(self._store, CONNECTIONS, Connection, organisation_id)

    def scorecard_requests(self, organisation_id: str) -> SqliteScorecardRequests:
        return SqliteScorecardRequests(self._store, organisation_id)

    def edits(self, organisation_id: str) -> SqliteResults[TranscriptEdit]:
        return SqliteResults(self._store, EDITS, TranscriptEdit, organisation_id)

    def highlights(self, organisation_id: str) -> SqliteHighlights:
        return SqliteHighlights(self._store, organisation_id)

    def search(self, organisation_id: str) -> SqliteSearch:
        return SqliteSearch(self._store, organisation_id)

    async def ping(self) -> None:
        await self._store.read(lambda connection: connection.exec_driver_sql("SELECT 1").scalar_one())


@asynccontextmanager
async def open_sqlite_repositories(path: Path) -> AsyncIterator[SqliteRepositories]:
    """Open the file, bring its schema up to date, close it at the end."""
    database = await open_sqlite(path)
    try:
        store = Store(database)
        await store.write(upgrade)
        yield SqliteRepositories(store, path.name)
    finally:
        await database.close()
