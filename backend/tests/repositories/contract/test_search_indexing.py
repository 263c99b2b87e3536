"""Which words of an interview are found: those that count, whoever indexed late, until it is gone."""

from __future__ import annotations

import asyncio

import pytest

from app.models.interview import Status
from app.repositories.base import Expect, Repositories
from tests.fixtures.databases import OpenDatabase
from tests.fixtures.documents import NOON, a_transcript, an_interview, minutes
from tests.fixtures.searching import an_indexed_transcript, found, index, search

_ANY = Expect()
ODD = ["c++", "o'brien", "_20", "a b", '"', "AND", "ß", "招聘", "聘", "👩‍💻", "\x00", "x*", "ex.net", "É"]


class TestRevisions:
    async def test_another_revision_is_found_when_it_is_the_current_one(
        self, repositories: Repositories
    ) -> None:
        await index(repositories, "i", ["old", "both"])
        await repositories.search("acme").put(an_indexed_transcript("i", ["new", "both"], revision=2))
        assert await found(repositories, "old") == ["i.0"]
        assert await found(repositories, "new") == []
        await repositories.interviews("acme").compare_and_set("i", _ANY, {"transcript_revision": 2})
        assert await found(repositories, "old") == []
        assert await found(repositories, "new") == ["i.0"]
        [hit] = await search(repositories, "both")
        assert hit.revision == 2

    async def test_a_page_goes_on_in_the_revision_that_became_current(
        self, repositories: Repositories
    ) -> None:
        await index(repositories, "i", ["hi"] * 3)
        await index(repositories, "h", ["hi"], created_at=NOON - minutes(1))
        [first] = await search(repositories, "hi", limit=1)
        await repositories.search("acme").put(an_indexed_transcript("i", ["hi"] * 4, revision=2))
        assert await found(repositories, "hi", cursor=first.cursor) == ["i.1", "i.2", "h.0"]
        await repositories.interviews("acme").compare_and_set("i", _ANY, {"transcript_revision": 2})
        assert await found(repositories, "hi", cursor=first.cursor) == ["i.1", "i.2", "i.3", "h.0"]

    async def test_indexing_again_replaces(self, repositories: Repositories) -> None:
        await index(repositories, "i", ["one", "two", "three"])
        await repositories.search("acme").put(an_indexed_transcript("i", ["two"]))
        assert await found(repositories, "two") == ["i.0"]
        assert await found(repositories, "one") == []
        assert await found(repositories, "three") == []
        await repositories.search("acme").put(an_indexed_transcript("i", []))
        assert await found(repositories, "two") == []

    async def test_no_more_than_the_current_one_and_the_next_are_kept(
        self, repositories: Repositories
    ) -> None:
        await index(repositories, "i", ["one"])
        for revision in (2, 3):
            await repositories.search("acme").put(an_indexed_transcript("i", ["one"], revision=revision))
        assert await repositories.jobs.erase_results("i") == 2


class TestLateComers:
    """Whoever was slow to index what others have replaced meanwhile."""

    async def test_a_lower_epoch_leaves_what_a_higher_one_has_stored(
        self, repositories: Repositories
    ) -> None:
        await index(repositories, "i", [])
        await repositories.transcripts("acme").put(a_transcript("i", epoch=2))
        await repositories.search("acme").put(an_indexed_transcript("i", ["new", "new"], epoch=2))
        await repositories.search("acme").put(an_indexed_transcript("i", ["old", "old", "old"], epoch=1))
        assert await found(repositories, "new") == ["i.0", "i.1"]
        assert await found(repositories, "old") == []

    async def test_a_higher_epoch_takes_the_place_of_all_of_a_lower_one(
        self, repositories: Repositories
    ) -> None:
        await index(repositories, "i", ["old", "old", "old"])
        await repositories.transcripts("acme").put(a_transcript("i", epoch=2))
        await repositories.search("acme").put(an_indexed_transcript("i", ["new", "new"], epoch=2))
        assert await found(repositories, "new") == ["i.0", "i.1"]
        assert await found(repositories, "old") == []

    async def test_both_at_once_leave_the_words_that_are_stored(self, repositories: Repositories) -> None:
        await index(repositories, "i", [])
        older = an_indexed_transcript("i", ["old"] * 450, epoch=1)
        newer = an_indexed_transcript("i", ["new"] * 300, epoch=2)
        put = repositories.search("acme").put

        async def replaced() -> None:
            await repositories.transcripts("acme").put(a_transcript("i", epoch=2))
            await put(newer)

        await asyncio.gather(put(older), replaced())
        assert len(await found(repositories, "new", limit=999)) == 300
        assert await found(repositories, "old") == []

    async def test_an_older_revision_takes_nothing_of_a_newer_one(self, repositories: Repositories) -> None:
        await index(repositories, "i", ["one"])
        put = repositories.search("acme").put
        await put(an_indexed_transcript("i", ["three"], revision=3))
        await put(an_indexed_transcript("i", ["two"], revision=2))
        await repositories.interviews("acme").compare_and_set("i", _ANY, {"transcript_revision": 3})
        assert await found(repositories, "three") == ["i.0"]
        await put(an_indexed_transcript("i", ["two"], revision=2))
        assert await found(repositories, "three") == ["i.0"]
        assert await found(repositories, "two") == []

    @pytest.mark.parametrize("status", [Status.DELETING, Status.DELETED])
    async def test_nothing_of_an_interview_that_goes_is_written(
        self, repositories: Repositories, status: Status
    ) -> None:
        going = an_interview(id="i", transcript_revision=1, status=status)
        await repositories.interviews("acme").insert(going)
        for interview_id in ("i", "gone"):
            await repositories.search("acme").put(an_indexed_transcript(interview_id, ["hello"]))
            assert await repositories.jobs.erase_results(interview_id) == 0


class TestScope:
    async def test_another_organisation_finds_and_changes_nothing(self, repositories: Repositories) -> None:
        await index(repositories, "i", ["hello"])
        await index(repositories, "o", ["hello"], organisation="other")
        other = repositories.search("other")
        assert await found(repositories, "hello", organisation="other") == ["o.0"]
        await other.put(an_indexed_transcript("i", ["foreign"]))
        await other.delete("i")
        assert await found(repositories, "hello") == ["i.0"]
        assert await found(repositories, "foreign") == []
        assert await found(repositories, "foreign", organisation="other") == []

    async def test_the_interview_decides_whether_it_is_found(self, repositories: Repositories) -> None:
        await repositories.search("acme").put(an_indexed_transcript("i", ["hello"]))
        assert await found(repositories, "hello") == []
        deleting = an_interview(id="i", transcript_revision=1, status=Status.DELETING)
        await repositories.interviews("acme").insert(deleting)
        assert await found(repositories, "hello") == []


class TestErasure:
    async def test_delete_takes_one_interview_from_the_index(self, repositories: Repositories) -> None:
        for interview_id in ("i", "i2"):
            await index(repositories, interview_id, ["hello", "you"])
        await repositories.search("acme").delete("i")
        await repositories.search("acme").delete("gone")
        assert await found(repositories, "hello") == ["i2.0"]

    async def test_passages_go_with_the_results_and_are_counted(self, repositories: Repositories) -> None:
        for interview_id in ("i", "i2"):
            await index(repositories, interview_id, ["hello", "you"])
        assert await repositories.jobs.erase_results("i") == 2
        assert await repositories.jobs.erase_results("i") == 0
        assert await found(repositories, "you") == ["i2.1"]

    async def test_the_index_outlives_the_process(self, open_database: OpenDatabase) -> None:
        async with open_database() as first:
            await index(first, "i", ["hello"])
        async with open_database() as again:
            assert await found(again, "hello") == ["i.0"]
            await again.search("acme").delete("i")
            assert await found(again, "hello") == []
