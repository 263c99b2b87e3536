"""What both databases must do with channels, endpoints and connections: the same for each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from app.models.connection import InterviewDefaults
from app.models.endpoint import EndpointSecret
from app.models.interview import TemplateRef
from app.models.notification import Topic
from app.repositories.base import Duplicate, OwnedRepository, PageKey, Repositories
from tests.fixtures.databases import OpenDatabase
from tests.fixtures.documents import NOON, a_channel, a_connection, an_endpoint, minutes

SECRETS = tuple(
    EndpointSecret(value=f"whsec_{n}", created_at=NOON - minutes(n), expires_at=NOON + minutes(n))
    for n in range(2)
)


@dataclass(frozen=True)
class Kind:
    make: Callable[..., Any]
    of: Callable[[Repositories, str], OwnedRepository[Any]]
    full: dict[str, Any]
    """Every field that is not given otherwise, away from its default."""


KINDS = {
    "channels": Kind(
        a_channel,
        lambda repositories, organisation: repositories.channels(organisation),
        {
            "user_id": "ann",
            "name": "Büro 👏",
            "topics": (Topic.MENTION, Topic.DEBRIEF_READY),
            "enabled": False,
        },
    ),
    "endpoints": Kind(
        an_endpoint,
        lambda repositories, organisation: repositories.endpoints(organisation),
        {
            "topics": tuple(Topic),
            "secrets": SECRETS,
            "disabled_reason": "gone",
            "failing_since": NOON - minutes(5),
        },
    ),
    "connections": Kind(
        a_connection,
        lambda repositories, organisation: repositories.connections(organisation),
        {
            "defaults": InterviewDefaults(
                template=TemplateRef(id="t", version=2), position="Entwickler", language="de", tags=("zoom",)
            ),
            "version": 7,
        },
    ),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


@pytest.fixture
def acme(kind: Kind, repositories: Repositories) -> OwnedRepository[Any]:
    return kind.of(repositories, "acme")


class TestInsert:
    async def test_gives_back_every_field(self, kind: Kind, acme: OwnedRepository[Any]) -> None:
        document = kind.make(**kind.full)
        await acme.insert(document)
        assert await acme.get(document.id) == document

    async def test_an_id_is_taken_once(self, kind: Kind, acme: OwnedRepository[Any]) -> None:
        document = kind.make()
        await acme.insert(document)
        with pytest.raises(Duplicate):
            await acme.insert(document)

    async def test_dates_are_kept_to_the_millisecond(self, kind: Kind, acme: OwnedRepository[Any]) -> None:
        document = kind.make(created_at=NOON.replace(microsecond=123_987))
        await acme.insert(document)
        found = await acme.get(document.id)
        assert found.created_at == NOON.replace(microsecond=123_000)

    async def test_survives_a_restart(self, kind: Kind, open_database: OpenDatabase) -> None:
        document = kind.make()
        async with open_database() as first:
            await kind.of(first, "acme").insert(document)
        async with open_database() as second:
            assert await kind.of(second, "acme").get(document.id) == document


class TestScope:
    async def test_another_organisation_neither_reads_nor_writes(
        self, kind: Kind, repositories: Repositories, acme: OwnedRepository[Any]
    ) -> None:
        document = kind.make()
        await acme.insert(document)
        other = kind.of(repositories, "other")
        assert await other.get(document.id) is None
        assert await other.list_newest(after=None, limit=9) == []
        assert await other.list_enabled(limit=9) == []
        foreign = document.model_copy(update={"organisation_id": "other"})
        assert not await other.replace(foreign, expected_version=1)
        assert not await other.delete(document.id)
        assert await acme.get(document.id) == document

    async def test_a_document_of_another_organisation_is_refused(
        self, kind: Kind, repositories: Repositories
    ) -> None:
        other = kind.of(repositories, "other")
        with pytest.raises(ValueError, match="another organisation"):
            await other.insert(kind.make())
        with pytest.raises(ValueError, match="another organisation"):
            await other.replace(kind.make(), expected_version=1)


class TestLists:
    async def test_newest_first_in_pages(self, kind: Kind, acme: OwnedRepository[Any]) -> None:
        for n in range(5):
            await acme.insert(kind.make(id=f"d{n}", created_at=NOON + minutes(n // 2), enabled=n != 2))
        first = await acme.list_newest(after=None, limit=3)
        rest = await acme.list_newest(after=PageKey(first[-1].created_at, first[-1].id), limit=3)
        assert [d.id for d in (*first, *rest)] == ["d4", "d3", "d2", "d1", "d0"]

    async def test_the_enabled_oldest_first(self, kind: Kind, acme: OwnedRepository[Any]) -> None:
        for n in range(5):
            await acme.insert(kind.make(id=f"d{n}", created_at=NOON - minutes(n // 2), enabled=n != 2))
        assert [d.id for d in await acme.list_enabled(limit=9)] == ["d4", "d3", "d0", "d1"]
        assert [d.id for d in await acme.list_enabled(limit=2)] == ["d4", "d3"]


class TestReplace:
    async def test_of_two_editors_one_wins(self, kind: Kind, acme: OwnedRepository[Any]) -> None:
        document = kind.make()
        await acme.insert(document)
        edits = [document.model_copy(update={"version": 2, "created_by": f"{n}"}) for n in range(8)]
        results = await asyncio.gather(*(acme.replace(edit, expected_version=1) for edit in edits))
        assert results.count(True) == 1
        assert await acme.get(document.id) == edits[results.index(True)]

    async def test_switching_off_takes_it_from_the_enabled(
        self, kind: Kind, acme: OwnedRepository[Any]
    ) -> None:
        document = kind.make()
        await acme.insert(document)
        off = document.model_copy(update={"version": 2, "enabled": False})
        assert await acme.replace(off, expected_version=1)
        assert await acme.list_enabled(limit=9) == []
        assert await acme.list_newest(after=None, limit=9) == [off]

    async def test_what_is_not_there_is_not_replaced(self, kind: Kind, acme: OwnedRepository[Any]) -> None:
        document = kind.make()
        assert not await acme.replace(document, expected_version=1)
        assert await acme.get(document.id) is None


class TestDelete:
    async def test_deletes_once(self, kind: Kind, acme: OwnedRepository[Any]) -> None:
        document = kind.make()
        await acme.insert(document)
        assert await acme.delete(document.id)
        assert not await acme.delete(document.id)
        assert await acme.get(document.id) is None


class TestChannels:
    async def test_each_owners_newest_first_in_pages(self, repositories: Repositories) -> None:
        acme = repositories.channels("acme")
        for n, owner in enumerate((None, "ann", "bo", "ann", None, "ann")):
            await acme.insert(a_channel(id=f"c{n}", user_id=owner, created_at=NOON + minutes(n // 2)))
        first = await acme.list_of("ann", after=None, limit=2)
        rest = await acme.list_of("ann", after=PageKey(first[-1].created_at, first[-1].id), limit=2)
        assert [c.id for c in (*first, *rest)] == ["c5", "c3", "c1"]
        assert [c.id for c in await acme.list_of(None, after=None, limit=9)] == ["c4", "c0"]
        assert await acme.list_of("eve", after=None, limit=9) == []
        assert await repositories.channels("other").list_of(None, after=None, limit=9) == []
