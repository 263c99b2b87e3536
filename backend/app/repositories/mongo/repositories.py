"""All repositories of MongoDB."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from pymongo.asynchronous.database import AsyncDatabase

from app.core.database.mongo import open_mongo
from app.models.analysis import Analysis
from app.models.connection import Connection
from app.models.edit import TranscriptEdit
from app.models.endpoint import Endpoint
from app.models.stability import StabilityReport
from app.repositories.mongo.archive import MongoArchive
from app.repositories.mongo.deliveries import MongoDeliveries, MongoDeliveryQueue
from app.repositories.mongo.highlights import MongoHighlights
from app.repositories.mongo.inbox import MongoInbox, MongoPreferences
from app.repositories.mongo.indexes import upgrade
from app.repositories.mongo.interviews import MongoInterviews
from app.repositories.mongo.jobs import MongoJobs
from app.repositories.mongo.notices import MongoNotices
from app.repositories.mongo.owned import MongoChannels, MongoOwned
from app.repositories.mongo.people import MongoPeople
from app.repositories.mongo.results import MongoResults, MongoTranscripts
from app.repositories.mongo.scorecard_requests import MongoReminders, MongoScorecardRequests
from app.repositories.mongo.scorecards import MongoReviews, MongoScorecards
from app.repositories.mongo.search import MongoSearch
from app.repositories.mongo.store import Document, translating
from app.repositories.mongo.templates import MongoTemplates
from app.repositories.mongo.tickets import MongoTickets
from app.repositories.mongo.usage import MongoUsage

DESCRIPTION: Final = "MongoDB"
_ABOUT_AN_INTERVIEW: Final = (
    "transcripts", "analyses", "stability", "scorecards", "reviews",
    "scorecard_requests", "notices", "inbox", "deliveries", "edits", "highlights", "passages",
)  # fmt: skip
"""What is erased with an interview."""


@translating
class MongoRepositories:
    """`Repositories`."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self.description = DESCRIPTION
        self.database_name = database.name
        self.people = MongoPeople(database)
        self.jobs = MongoJobs(database["interviews"], [database[name] for name in _ABOUT_AN_INTERVIEW])
        self.tickets = MongoTickets(database["tickets"])
        self.notices = MongoNotices(database["notices"])
        self.delivery_queue = MongoDeliveryQueue(database["deliveries"])
        self.reminders = MongoReminders(database["scorecard_requests"])
        self.archive = MongoArchive(database)
        self._database = database

    def interviews(self, organisation_id: str) -> MongoInterviews:
        return MongoInterviews(self._database["interviews"], organisation_id)

    def transcripts(self, organisation_id: str) -> MongoTranscripts:
        return MongoTranscripts(self._database["transcripts"], organisation_id)

    def analyses(self, organisation_id: str) -> MongoResults[Analysis]:
        return MongoResults(self._database["analyses"], Analysis, organisation_id)

    def templates(self, organisation_id: str) -> MongoTemplates:
        return MongoTemplates(self._database["templates"], organisation_id)

    def scorecards(self, organisation_id: str) -> MongoScorecards:
        return MongoScorecards(self._database["scorecards"], organisation_id)

    def reviews(self, organisation_id: str) -> MongoReviews:
        return MongoReviews(self._database["reviews"], organisation_id)

    def stability(self, organisation_id: str) -> MongoResults[StabilityReport]:
        return MongoResults(self._database["stability"], StabilityReport, organisation_id)

    def usage(self, organisation_id: str) -> MongoUsage:
        return MongoUsage(self._database["usage"], organisation_id)

    def preferences(self, organisation_id: str) -> MongoPreferences:
        return MongoPreferences(self._database["preferences"], organisation_id)

    def inbox(self, organisation_id: str) -> MongoInbox:
        return MongoInbox(self._database["inbox"], organisation_id)

    def deliveries(self, organisation_id: str) -> MongoDeliveries:
        return MongoDeliveries(self._database["deliveries"], organisation_id)

    def channels(self, organisation_id: str) -> MongoChannels:
        return MongoChannels(self._database["channels"], organisation_id)

    def endpoints(self, organisation_id: str) -> MongoOwned[Endpoint]:
        return MongoOwned(self._database["endpoints"], Endpoint, organisation_id)

    def connections(self, organisation_id: str) -> MongoOwned[Connection]:
        return MongoOwned(self._database["connections"], Connection, organisation_id)

    def scorecard_requests(self, organisation_id: str) -> MongoScorecardRequests:
        return MongoScorecardRequests(self._database["scorecard_requests"], organisation_id)

    def edits(self, organisation_id: str) -> MongoResults[TranscriptEdit]:
        return MongoResults(self._database["edits"], TranscriptEdit, organisation_id)

    def highlights(self, organisation_id: str) -> MongoHighlights:
        return MongoHighlights(self._database["highlights"], organisation_id)

    def search(self, organisation_id: str) -> MongoSearch:
        return MongoSearch(
            self._database["passages"],
            self._database["interviews"],
            self._database["transcripts"],
            organisation_id,
        )

    async def ping(self) -> None:
        await self._database.command("ping")


@asynccontextmanager
async def open_mongo_repositories(url: str, name: str) -> AsyncIterator[MongoRepositories]:
    """Connect, bring the schema up to date, disconnect at the end."""
    database = await open_mongo(url, name)
    try:
        await upgrade(database)
        yield MongoRepositories(database)
    finally:
        await database.client.close()
