"""With an interview all that was made of it goes: answers, debriefs, reviews, scorecards and reports."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from pymongo import MongoClient

from app.models.base import FAR_FUTURE
from tests.fixtures.debriefing import Office, office
from tests.fixtures.deepgram import RunningDeepgram
from tests.fixtures.documents import a_delivery, a_notice, a_scorecard_request, an_inbox_item
from tests.fixtures.openai import RunningOpenAI
from tests.fixtures.scraping import own_counts
from tests.fixtures.server import PATIENCE, SettingsFactory
from tests.jobs.test_debriefs_untouched import photographed, with_peoples_words
from tests.standins.openai.analyst import ChatRequest
from tests.standins.openai.brains import diligent

pytestmark = pytest.mark.usefixtures("short_waits")


def rows_about(desk: Office, interview: str) -> dict[str, int]:
    """Rows or documents that name the interview, by table or collection, read past the repositories."""
    settings = desk.server.settings
    if settings.database.database_url is not None:
        url, name = settings.database.database_url.get_secret_value(), settings.database.database_name
        with MongoClient[dict[str, Any]](url) as client:
            counted = {
                collection: sum(interview in str(document) for document in client[name][collection].find())
                for collection in client[name].list_collection_names()
            }
    else:
        [path] = settings.server.data_dir.glob("*.db")
        with closing(sqlite3.connect(path)) as connection:
            # What is virtual keeps its content in tables of its own, which are among the others.
            tables = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            ).fetchall()
            counted = {
                table: sum(interview in str(row) for row in connection.execute(f'SELECT * FROM "{table}"'))  # noqa: S608 - names from the schema
                for (table,) in tables
            }
    return {where: count for where, count in counted.items() if count}


def words_of_nobody(desk: Office) -> int:
    """Words that the index of the search still has of passages that are gone. MongoDB keeps both in one document."""
    if desk.server.settings.database.database_url is not None:
        return 0
    [path] = desk.server.settings.server.data_dir.glob("*.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, passage_words, instance)")
        gone = "SELECT count(*) FROM temp.words WHERE doc NOT IN (SELECT id FROM passages)"
        return int(connection.execute(gone).fetchone()[0])


async def tell(desk: Office, interview: str) -> None:
    """Everything that is told about an interview, as it waits for people and machines."""
    repositories, organisation = desk.container.repositories, desk.organisation
    await repositories.notices.put(a_notice(organisation, interview_id=interview))
    await repositories.inbox(organisation).put(
        an_inbox_item(organisation_id=organisation, interview_id=interview)
    )
    far = {"interview_id": interview, "due_at": FAR_FUTURE}
    await repositories.deliveries(organisation).put(a_delivery(organisation, **far))
    request = a_scorecard_request(interview, "ann", organisation, notify_at=FAR_FUTURE)
    await repositories.scorecard_requests(organisation).save(request, expected_version=0)


async def change_and_mark(desk: Office, interview: str) -> None:
    """What people do with the words."""
    words = {"kind": "edit_text", "utterance_id": "u0001", "text": "Something else was said."}
    path = f"/interviews/{interview}"
    changed = await desk.api.post(f"{path}/transcript/edits", json=words, headers={"If-Match": '"1"'})
    assert changed.status_code == 200, changed.text
    marked = await desk.api.post(f"{path}/highlights", json={"utterance_ids": ["u0001"], "comment": "So?"})
    assert marked.status_code == 201, marked.text


async def test_nothing_stays_behind(
    each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI, deepgram: RunningDeepgram
) -> None:
    async with office(each_settings_with, diligent_openai, deepgram) as desk:
        interview, other = await with_peoples_words(desk), await desk.debriefed()
        await desk.again(interview)
        diligent_openai.switches.fail_with = ["insufficient_quota"]
        await desk.again(interview)
        await desk.measure(interview, 2)
        await tell(desk, interview)
        await change_and_mark(desk, interview)
        kept, others = await photographed(desk, interview), await photographed(desk, other)
        assert {name.split()[0] for name in kept if " " in name} == {
            "transcript",
            "analysis",
            "review",
            "scorecard",
            "stability",
        }
        objects = desk.objects(interview)
        assert {key.split("/analyses/")[1].split("/")[0] for key in objects if "/analyses/" in key} == {
            "1",
            "2",
            "3",
            "stability-1-0",
            "stability-1-1",
        }
        rows = rows_about(desk, interview)
        assert len(rows) > 4
        assert rows["edits"] == rows["highlights"] == 1

        receipt = await desk.api.delete(f"/interviews/{interview}")
        assert receipt.status_code == 200
        assert receipt.json()["objects"] == len(objects)
        # One transcript, three debriefs, a review, a scorecard, a report, and four that tell of them.
        assert receipt.json()["documents"] >= 11

        assert desk.files(interview) == []
        assert list(rows_about(desk, interview)) == ["interviews"], "the tombstone"
        assert words_of_nobody(desk) == 0
        repositories = desk.container.repositories
        assert await desk.analyses(interview) == []
        assert await repositories.transcripts(desk.organisation).get(interview, 1) is None
        assert await repositories.reviews(desk.organisation).get(interview, 1) is None
        assert await repositories.scorecards(desk.organisation).list_for([interview]) == []
        stability = repositories.stability(desk.organisation)
        assert await stability.list_newest(interview, before=None, limit=5) == []
        for path in ("", "/analysis", "/analyses/1/review", "/scorecards", "/transcript"):
            assert (await desk.api.get(f"/interviews/{interview}{path}")).status_code == 404
        assert await photographed(desk, other) == others


async def test_nothing_comes_after_when_it_is_deleted_under_the_analysis(
    each_settings_with: SettingsFactory, diligent_openai: RunningOpenAI
) -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()
    honest = diligent()["full_reading"]

    async def slowly(request: ChatRequest) -> Any:
        asked.set()
        await go_on.wait()
        return honest(request)

    diligent_openai.brains["full_reading"] = slowly
    lease = {"worker_lease_seconds": 1.0}
    async with office(each_settings_with, diligent_openai, worker=lease) as desk:
        interview = await desk.begin()
        async with asyncio.timeout(PATIENCE):
            await asked.wait()
        assert (await desk.api.delete(f"/interviews/{interview}")).status_code == 200
        go_on.set()
        # The worker finds that its lease is lost with the next renewal, a third of a lease later.
        async with asyncio.timeout(PATIENCE):
            while own_counts().total("debrief_steps_running"):
                await asyncio.sleep(0.05)
        assert desk.files(interview) == []
        assert list(rows_about(desk, interview)) == ["interviews"]
