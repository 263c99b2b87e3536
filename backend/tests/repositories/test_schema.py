"""Opening a database of another release: an older one is migrated, a newer one is refused."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from sqlalchemy import Connection

from app.core.database.sqlite import open_sqlite
from app.models.interview import Participant
from app.models.organisation import AnalysisRule, NotificationRule, Visibility
from app.repositories.base import InterviewFilter, SchemaTooNew
from app.repositories.factory import EMBEDDED_FILE, open_repositories
from app.repositories.mongo import indexes
from app.repositories.schema import SCHEMA_VERSION, Migration, pending
from app.repositories.sqlite import tables
from tests.fixtures.documents import (
    NOON,
    a_delivery,
    a_highlight,
    a_notice,
    a_review,
    a_scorecard,
    a_stability_report,
    an_edit,
    an_endpoint,
    an_interview,
    some_preferences,
)
from tests.fixtures.searching import an_indexed_transcript, found


def add_a_table(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE added (id TEXT PRIMARY KEY)")


def refuse(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE half_done (id TEXT)")
    raise RuntimeError("the migration failed")


async def add_a_document(database: AsyncDatabase[dict[str, Any]]) -> None:
    await database["added"].update_one({"_id": "a"}, {"$set": {"done": True}}, upsert=True)


STEP = Migration(SCHEMA_VERSION + 1, "adds something", add_a_table, add_a_document)
BROKEN = Migration(SCHEMA_VERSION + 1, "breaks", refuse, add_a_document)


class TestPending:
    def test_gives_the_missing_steps_in_order(self) -> None:
        steps = [Migration(n, "", add_a_table, add_a_document) for n in (4, 2, 3, 5)]
        assert [m.version for m in pending(2, current=4, migrations=steps)] == [3, 4]
        assert pending(4, current=4, migrations=steps) == []

    def test_refuses_a_newer_one_with_both_numbers(self) -> None:
        with pytest.raises(SchemaTooNew, match=r"schema 7.*knows 3"):
            pending(7, current=3)

    def test_the_released_migrations_lead_to_the_current_version(self) -> None:
        assert [m.version for m in pending(1)] == list(range(2, SCHEMA_VERSION + 1))


RELEASED = Path(__file__).parent / "released"


def restore(script: Path, folder: Path) -> None:
    """A file as a released version left it."""
    connection = sqlite3.connect(folder / EMBEDDED_FILE)
    connection.executescript(script.read_text())
    connection.close()


def structure(file: Path) -> dict[str, str]:
    """The statements that made the tables and indexes, whatever their spacing."""
    connection = sqlite3.connect(file)
    rows = connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    connection.close()
    return {name: re.sub(r"\s+", "", sql) for name, sql in rows}


class TestReleased:
    """Files of earlier releases, kept as they were written."""

    @pytest.mark.parametrize("script", sorted(RELEASED.glob("*.sql")), ids=lambda path: path.stem)
    async def test_an_old_file_becomes_like_a_new_one(self, script: Path, tmp_path: Path) -> None:
        old, new = tmp_path / "old", tmp_path / "new"
        old.mkdir()
        restore(script, old)
        for folder in (old, new, old):
            async with open_repositories(None, "unused", folder):
                pass
        assert structure(old / EMBEDDED_FILE) == structure(new / EMBEDDED_FILE)

    async def test_documents_of_schema_1_are_read_and_new_ones_are_written(self, tmp_path: Path) -> None:
        restore(RELEASED / "schema_1.sql", tmp_path)
        async with open_repositories(None, "unused", tmp_path) as repositories:
            organisation = await repositories.people.get_organisation("acme")
            interview = await repositories.interviews("acme").get("i")
            transcript = await repositories.transcripts("acme").get("i", 1)
            analysis = await repositories.analyses("acme").get("i", 1)
            template = await repositories.templates("acme").get("engineering")
            assert await repositories.scorecards("acme").save(a_scorecard("i"), expected_version=0)
            assert await repositories.reviews("acme").save(a_review("i"), expected_version=0)
            await repositories.stability("acme").put(a_stability_report("i"))
        assert organisation is not None
        assert (organisation.name, organisation.analysis) == ("Acmé", AnalysisRule())
        assert interview is not None
        assert (interview.analysed, interview.outdated, interview.tags) == (None, (), ("senior",))
        assert transcript is not None
        assert transcript.utterances[0].text == "Why did you choose it?"
        assert analysis is not None
        assert analysis.question_answers[0].question.quote == "Why did you choose it?"
        assert (analysis.criteria, analysis.sentiments, analysis.coverage.repaired) == ((), None, 0)
        assert template is not None
        assert template.current.name == "Engineering"

    async def test_documents_of_schema_2_are_read_and_new_ones_are_written(self, tmp_path: Path) -> None:
        restore(RELEASED / "schema_2.sql", tmp_path)
        async with open_repositories(None, "unused", tmp_path) as repositories:
            organisation = await repositories.people.get_organisation("acme")
            interview = await repositories.interviews("acme").get("i")
            card = await repositories.scorecards("acme").get("i", "ann")
            [used] = await repositories.usage("acme").list_newest(before=None, limit=9)
            assert await repositories.stability("acme").get("i", 1) is not None
            assert await repositories.reviews("acme").get("i", 1) is not None
            await repositories.endpoints("acme").insert(an_endpoint())
            assert await repositories.preferences("acme").save(some_preferences(), expected_version=0)
            assert await repositories.deliveries("acme").put(a_delivery())
            assert await repositories.notices.put(a_notice())
        assert organisation is not None
        assert organisation.notifications == NotificationRule()
        assert (organisation.visibility, organisation.analysis.eu_mode) == (Visibility.AFTER_OWN, True)
        assert interview is not None
        assert (interview.source, interview.correlation_id, interview.traceparent) == (None, None, None)
        assert interview.candidate == Participant(name="Zoë", email="Zoe@Example.com")
        assert card is not None
        assert card.notes == "Erklärt's prächtig"
        assert (used.tokens, used.cost_micro_usd, used.calls) == (1200, 340, 1)

    async def test_documents_of_schema_3_are_read_and_new_ones_are_written(self, tmp_path: Path) -> None:
        restore(RELEASED / "schema_3.sql", tmp_path)
        async with open_repositories(None, "unused", tmp_path) as repositories:
            interview = await repositories.interviews("acme").get("i")
            transcript = await repositories.transcripts("acme").get("i", 1)
            assert await repositories.inbox("acme").count_unread("ann") == 1
            assert await repositories.preferences("acme").get("ann") is not None
            assert await repositories.endpoints("acme").get("e") is not None
            assert await repositories.scorecard_requests("acme").get("i", "ann") is not None
            assert await found(repositories, "hello") == []
            await repositories.edits("acme").put(an_edit("i"))
            await repositories.highlights("acme").insert(a_highlight("i"))
            await repositories.search("acme").put(an_indexed_transcript("i", ["hello"]))
            assert await found(repositories, "hello", candidate="zoë") == ["i.0"]
        assert interview is not None
        assert (interview.correlation_id, interview.transcript_revision) == ("c1", 1)
        assert transcript is not None
        assert transcript.base is None
        assert [u.text for u in transcript.utterances] == [
            "Why did you choose PostgreSQL?",
            "It's prächtig 👏.",
        ]
        assert not any(utterance.edited for utterance in transcript.utterances)


class TestEmbedded:
    async def test_a_newer_file_is_refused_and_left_alone(self, tmp_path: Path) -> None:
        async with open_repositories(None, "unused", tmp_path):
            pass
        with sqlite3.connect(tmp_path / EMBEDDED_FILE) as connection:
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        connection.close()
        with pytest.raises(SchemaTooNew):
            async with open_repositories(None, "unused", tmp_path):
                pass

    async def test_an_older_file_is_migrated_once(self, tmp_path: Path) -> None:
        database = await open_sqlite(tmp_path / "d.db")
        await database.write(tables.upgrade)
        for _ in range(2):
            await database.write(lambda c: tables.upgrade(c, current=SCHEMA_VERSION + 1, migrations=(STEP,)))
        version = await database.read(lambda c: c.exec_driver_sql("PRAGMA user_version").scalar_one())
        count = await database.read(lambda c: c.exec_driver_sql("SELECT count(*) FROM added").scalar_one())
        await database.close()
        assert (version, count) == (SCHEMA_VERSION + 1, 0)

    async def test_a_failed_migration_leaves_the_file_as_it_was(self, tmp_path: Path) -> None:
        database = await open_sqlite(tmp_path / "d.db")
        await database.write(tables.upgrade)
        with pytest.raises(RuntimeError, match="migration failed"):
            await database.write(
                lambda c: tables.upgrade(c, current=SCHEMA_VERSION + 1, migrations=(BROKEN,))
            )
        version = await database.read(lambda c: c.exec_driver_sql("PRAGMA user_version").scalar_one())
        names = await database.read(
            lambda c: c.exec_driver_sql("SELECT name FROM sqlite_schema").scalars().all()
        )
        await database.close()
        assert version == SCHEMA_VERSION
        assert "half_done" not in names


class TestMongo:
    async def test_a_database_of_schema_1_is_brought_up_to_date(
        self, mongodb_url: str, mongodb_name: str, tmp_path: Path
    ) -> None:
        old = {"_id": "acme", "name": "Acmé", "personal": False, "created_at": NOON, "updated_at": NOON}
        async with AsyncMongoClient[dict[str, Any]](mongodb_url) as client:
            await client[mongodb_name]["schema"].insert_one({"_id": "schema", "version": 1})
            await client[mongodb_name]["organisations"].insert_one(old)
            known = an_interview(candidate=Participant(name="Zoë", email="Zoe@Example.com"))
            document = {**known.model_dump(exclude={"id"}), "_id": known.id}
            await client[mongodb_name]["interviews"].insert_one(document)
        async with open_repositories(mongodb_url, mongodb_name, tmp_path) as repositories:
            organisation = await repositories.people.get_organisation("acme")
            assert await repositories.scorecards("acme").save(a_scorecard("i"), expected_version=0)
            where = InterviewFilter(candidate_email="zoe@example.com")
            found = await repositories.interviews("acme").list_newest(where, after=None, limit=9)
        assert [interview.id for interview in found] == [known.id]
        assert organisation is not None
        assert (organisation.name, organisation.analysis) == ("Acmé", AnalysisRule())
        assert organisation.notifications == NotificationRule()
        async with AsyncMongoClient[dict[str, Any]](mongodb_url) as client:
            stored = await client[mongodb_name]["schema"].find_one()
            assert stored == {"_id": "schema", "version": SCHEMA_VERSION}
            assert "interview" in await client[mongodb_name]["scorecards"].index_information()
            assert "due" in await client[mongodb_name]["deliveries"].index_information()
            assert "words" in await client[mongodb_name]["passages"].index_information()

    async def test_a_newer_database_is_refused(
        self, mongodb_url: str, mongodb_name: str, tmp_path: Path
    ) -> None:
        async with AsyncMongoClient[dict[str, Any]](mongodb_url) as client:
            await client[mongodb_name]["schema"].insert_one({"_id": "schema", "version": SCHEMA_VERSION + 1})
        with pytest.raises(SchemaTooNew):
            async with open_repositories(mongodb_url, mongodb_name, tmp_path):
                pass

    async def test_an_older_database_is_migrated(self, mongodb_url: str, mongodb_name: str) -> None:
        async with AsyncMongoClient[dict[str, Any]](mongodb_url) as client:
            database = client[mongodb_name]
            await indexes.upgrade(database)
            await indexes.upgrade(database, current=SCHEMA_VERSION + 1, migrations=(STEP,))
            assert await database["schema"].find_one() == {"_id": "schema", "version": SCHEMA_VERSION + 1}
            assert await database["added"].find_one() == {"_id": "a", "done": True}
