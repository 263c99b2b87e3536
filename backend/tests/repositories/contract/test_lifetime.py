"""What both databases must do when they are opened, closed and opened again."""

from __future__ import annotations

import pytest

from app.repositories.base import DatabaseUnavailable, InterviewFilter, Repositories
from tests.fixtures.databases import OpenDatabase
from tests.fixtures.documents import a_transcript, a_user, an_interview


class TestRestart:
    async def test_everything_is_still_there(self, open_database: OpenDatabase) -> None:
        interview, transcript, user = an_interview(tags=("a",)), a_transcript("i"), a_user()
        async with open_database() as first:
            await first.interviews("acme").insert(interview)
            await first.transcripts("acme").put(transcript)
            await first.people.insert_user(user)
        async with open_database() as second:
            listed = await second.interviews("acme").list_newest(
                InterviewFilter(tag="a"), after=None, limit=5
            )
            assert listed == [interview]
            assert await second.transcripts("acme").get("i", 1) == transcript
            assert await second.people.find_user(user.identity) == user

    async def test_two_processes_see_each_others_writes(self, open_database: OpenDatabase) -> None:
        async with open_database() as one, open_database() as two:
            interview = an_interview()
            await one.interviews("acme").insert(interview)
            assert await two.interviews("acme").get(interview.id) == interview


class TestPing:
    async def test_answers(self, repositories: Repositories) -> None:
        await repositories.ping()
        assert repositories.description in ("SQLite (embedded)", "MongoDB")
        assert repositories.database_name

    async def test_says_so_when_the_database_is_gone(self, open_database: OpenDatabase) -> None:
        async with open_database() as repositories:
            pass
        with pytest.raises(DatabaseUnavailable):
            await repositories.ping()
