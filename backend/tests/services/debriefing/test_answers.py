"""The book of answers: found by the hash of their request, kept once, and forgotten together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.core.container import open_container
from app.services.debriefing.answers import StoredAnswers
from app.services.storage.base import ObjectStore
from tests.fixtures.server import make_settings

HASH = "0" * 64
OTHER = "1" * 64


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[ObjectStore]:
    async with open_container(make_settings(tmp_path)) as container:
        yield container.store


class TestStoredAnswers:
    async def test_an_answer_is_found_by_the_hash_of_its_request(self, store: ObjectStore) -> None:
        book = StoredAnswers(store, "acme", "i", "1")
        assert await book.find(HASH) is None
        await book.keep(HASH, b"yes")
        assert await book.find(HASH) == b"yes"
        assert await book.find(OTHER) is None

    async def test_the_first_one_stays(self, store: ObjectStore) -> None:
        book = StoredAnswers(store, "acme", "i", "1")
        await book.keep(HASH, b"what the debrief rests on")
        await StoredAnswers(store, "acme", "i", "1").keep(HASH, b"what a late worker heard")
        assert await book.find(HASH) == b"what the debrief rests on"

    async def test_analyses_and_interviews_have_books_of_their_own(self, store: ObjectStore) -> None:
        await StoredAnswers(store, "acme", "i", "1").keep(HASH, b"yes")
        for place in (("acme", "i", "2"), ("acme", "j", "1"), ("other", "i", "1")):
            assert await StoredAnswers(store, *place).find(HASH) is None

    async def test_one_book_is_forgotten_and_no_other(self, store: ObjectStore) -> None:
        first, tenth = StoredAnswers(store, "acme", "i", "1"), StoredAnswers(store, "acme", "i", "10")
        for book in (first, tenth):
            await book.keep(HASH, b"yes")
        await first.forget()
        await first.forget()
        assert await first.find(HASH) is None
        assert await tenth.find(HASH) == b"yes"
