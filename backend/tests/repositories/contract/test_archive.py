"""What both databases must do for backups: give everything, and take it from the other."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from app.models.base import Stored
from app.repositories.base import MODELS, Archive, Duplicate, Kind, Repositories
from app.repositories.factory import open_repositories
from tests.fixtures.databases import OpenDatabase
from tests.fixtures.documents import NOON, a_ticket, a_transcript, a_user, an_interview
from tests.fixtures.everything import everything, fill, spoken


async def dump(archive: Archive, kind: Kind, limit: int = 100) -> list[tuple[str, Stored]]:
    found: list[tuple[str, Stored]] = []
    after = None
    while page := await archive.page(kind, after=after, limit=limit):
        found += [(each.key, each.document) for each in page]
        after = page[-1].key
    return found


@pytest_asyncio.fixture
async def second(
    tmp_path: Path, mongodb_url: str, mongodb_name: str
) -> AsyncIterator[dict[str, Repositories]]:
    """One database of each kind, both empty."""
    async with (
        open_repositories(None, "unused", tmp_path / "second") as embedded,
        open_repositories(mongodb_url, mongodb_name, tmp_path) as remote,
    ):
        yield {"sqlite": embedded, "mongo": remote}


class TestPages:
    @pytest.mark.parametrize("kind", Kind)
    async def test_give_every_document_by_rising_key(self, repositories: Repositories, kind: Kind) -> None:
        expected = everything()[kind]
        assert {type(document) for document in expected} == {MODELS[kind]}
        await repositories.archive.put(kind, list(reversed(expected)))
        for limit in (1, 2, 100):
            found = await dump(repositories.archive, kind, limit)
            assert [document for _, document in found] == expected
            assert [key for key, _ in found] == sorted({key for key, _ in found})

    async def test_a_limit_of_nothing_gives_nothing(self, repositories: Repositories) -> None:
        await fill(repositories.archive)
        assert [await repositories.archive.page(kind, after=None, limit=0) for kind in Kind] == [[]] * len(
            Kind
        )

    async def test_every_kind_has_an_example(self) -> None:
        assert everything().keys() == set(Kind) == MODELS.keys()


class TestPut:
    async def test_what_was_put_is_found_by_the_verbs_of_the_product(
        self, repositories: Repositories
    ) -> None:
        stored = everything()
        await fill(repositories.archive)
        acme, people = repositories.interviews("acme"), repositories.people
        assert await acme.get("i1") == stored[Kind.INTERVIEWS][0]
        assert await repositories.transcripts("acme").get("i1", 1) == stored[Kind.TRANSCRIPTS][0]
        assert await people.find_user("oidc:https://id|7") == stored[Kind.USERS][1]
        assert await people.invitations_for("zed@example.com", NOON) == [stored[Kind.INVITATIONS][0]]
        assert await people.get_organisation("acme") == stored[Kind.ORGANISATIONS][0]
        assert await repositories.preferences("acme").get("ann") == stored[Kind.PREFERENCES][0]
        assert await repositories.inbox("acme").count_unread("ann") == 1
        assert await repositories.usage("acme").get(date(2026, 3, 1)) == stored[Kind.USAGE][0]
        claimed = await repositories.delivery_queue.claim_due(NOON, lease_until=NOON + timedelta(minutes=1))
        assert claimed is not None
        assert claimed.id == "d1"

    async def test_a_second_time_replaces(self, repositories: Repositories) -> None:
        await fill(repositories.archive)
        changed = an_interview(id="i1", tags=("other",))
        await repositories.archive.put(Kind.INTERVIEWS, [changed])
        await fill(repositories.archive)
        for kind, expected in everything().items():
            assert [document for _, document in await dump(repositories.archive, kind)] == expected

    async def test_a_unique_key_that_is_taken_is_said_without_the_documents(
        self, repositories: Repositories
    ) -> None:
        archive = repositories.archive
        await archive.put(Kind.INTERVIEWS, [an_interview(id="i1", idempotency_key="k")])
        other = an_interview(id="i2", idempotency_key="k", title="What nobody else may read")
        with pytest.raises(Duplicate) as caught:
            await archive.put(Kind.INTERVIEWS, [an_interview(id="i3"), other])
        assert "nobody else" not in "".join(traceback.format_exception(caught.value))
        assert await repositories.interviews("acme").get("i2") is None

    async def test_nothing_is_no_error(self, repositories: Repositories) -> None:
        await repositories.archive.put(Kind.USERS, [])
        assert await repositories.archive.is_empty()

    async def test_twelve_megabytes_are_kept(self, repositories: Repositories) -> None:
        long = a_transcript("i1", utterances=spoken(400, words=450))
        assert len(long.model_dump_json()) > 12_000_000
        await repositories.archive.put(Kind.TRANSCRIPTS, [long])
        assert [document for _, document in await dump(repositories.archive, Kind.TRANSCRIPTS)] == [long]


class TestFromOneToTheOther:
    @pytest.mark.parametrize(("origin", "target"), [("sqlite", "mongo"), ("mongo", "sqlite")])
    async def test_dumps_are_equal(self, second: dict[str, Repositories], origin: str, target: str) -> None:
        one, two = second[origin].archive, second[target].archive
        await fill(one)
        for kind in Kind:
            dumped = await dump(one, kind)
            await two.put(kind, [document for _, document in dumped])
            again = await dump(two, kind)
            assert again == dumped
            assert [d.model_dump_json() for _, d in again] == [d.model_dump_json() for _, d in dumped]


class TestEmptiness:
    async def test_a_new_database_is_empty_whatever_tickets_it_has(self, repositories: Repositories) -> None:
        assert await repositories.archive.is_empty()
        await repositories.tickets.put(a_ticket())
        assert await repositories.archive.is_empty()

    @pytest.mark.parametrize("kind", Kind)
    async def test_one_document_of_any_kind_is_enough(self, repositories: Repositories, kind: Kind) -> None:
        await repositories.archive.put(kind, everything()[kind][:1])
        assert not await repositories.archive.is_empty()


class TestRestoring:
    async def test_what_is_being_restored_outlives_the_process(self, open_database: OpenDatabase) -> None:
        async with open_database() as first:
            assert await first.archive.restoring() is None
            await first.archive.begin_restore("b1")
            await first.archive.begin_restore("b2")
        async with open_database() as again:
            assert await again.archive.restoring() == "b2"
            assert await again.archive.is_empty()
            await again.archive.end_restore()
            await again.archive.end_restore()
            assert await again.archive.restoring() is None

    async def test_pages_are_read_while_others_write(self, repositories: Repositories) -> None:
        archive = repositories.archive
        await archive.put(Kind.USERS, [a_user(f"x:{n}", id=f"u{n:02}") for n in range(20)])
        more = (archive.put(Kind.USERS, [a_user(f"y:{n}", id=f"v{n}")]) for n in range(9))
        found, *_ = await asyncio.gather(dump(archive, Kind.USERS, 3), *more)
        assert {f"u{n:02}" for n in range(20)} <= {key for key, _ in found}
