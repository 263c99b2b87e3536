"""All repositories of MongoDB."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from pymongo.asynchronous.database import AsyncDatabase

from app.core.database.mongo import open_mongo
from app.repositories.mongo.indexes import upgrade
from app.repositories.mongo.interviews import MongoInterviews
from app.repositories.mongo.jobs import MongoJobs
from app.repositories.mongo.people import MongoPeople
from app.repositories.mongo.results import MongoAnalyses, MongoTranscripts
from app.repositories.mongo.store import Document, translating
from app.repositories.mongo.templates import MongoTemplates
from app.repositories.mongo.tickets import MongoTickets

DESCRIPTION: Final = "MongoDB"


@translating
class MongoRepositories:
    """`Repositories`."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self.description = DESCRIPTION
        self.database_name = database.name
        self.people = MongoPeople(database)
        self.jobs = MongoJobs(database["interviews"], (database["transcripts"], database["analyses"]))
        self.tickets = MongoTickets(database["tickets"])
        self._database = database

    def interviews(self, organisation_id: str) -> MongoInterviews:
        return MongoInterviews(self._database["interviews"], organisation_id)

    def transcripts(self, organisation_id: str) -> MongoTranscripts:
        return MongoTranscripts(self._database["transcripts"], organisation_id)

    def analyses(self, organisation_id: str) -> MongoAnalyses:
        return MongoAnalyses(self._database["analyses"], organisation_id)

    def templates(self, organisation_id: str) -> MongoTemplates:
        return MongoTemplates(self._database["templates"], organisation_id)

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
