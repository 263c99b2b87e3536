"""What the embedded repositories remember of the file, and when they forget it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.core.database.sqlite import SqliteDatabase, open_sqlite
from app.repositories.sqlite.store import Store


class Numbers:
    """A table with one number, and how often it was really read."""

    def __init__(self, database: SqliteDatabase) -> None:
        self.store = Store(database)
        self.path = database.path
        self.times_read = 0

    def _read(self, connection: Connection) -> int:
        self.times_read += 1
        return int(connection.exec_driver_sql("SELECT x FROM numbers").scalar_one())

    async def read(self, key: str = "x") -> int:
        return await self.store.read_again(key, self._read)

    async def write(self, number: int) -> None:
        await self.store.write(lambda c: c.exec_driver_sql("UPDATE numbers SET x = ?", (number,)).rowcount)


@pytest.fixture
async def numbers(tmp_path: Path) -> AsyncIterator[Numbers]:
    database = await open_sqlite(tmp_path / "d.db")
    await database.write(lambda c: c.exec_driver_sql("CREATE TABLE numbers AS SELECT 1 AS x"))
    yield Numbers(database)
    await database.close()


async def test_what_nobody_has_changed_is_read_once(numbers: Numbers) -> None:
    assert [await numbers.read() for _ in range(3)] == [1, 1, 1]
    assert numbers.times_read == 1
    assert await numbers.read("other") == 1
    assert numbers.times_read == 2


async def test_a_write_is_seen_at_once(numbers: Numbers) -> None:
    for number in (2, 3):
        await numbers.read()
        await numbers.write(number)
        assert await numbers.read() == number


async def test_so_is_that_of_another_process(numbers: Numbers) -> None:
    await numbers.read()
    with closing(sqlite3.connect(numbers.path)) as another, another:
        another.execute("UPDATE numbers SET x = 5")
    assert await numbers.read() == 5


async def test_whoever_reads_while_others_write_never_sees_less_than_was_there(numbers: Numbers) -> None:
    written = 1

    async def read_on() -> None:
        for _ in range(60):
            least = written
            assert await numbers.read() >= least

    async def write_on() -> None:
        nonlocal written
        for number in range(2, 20):
            await numbers.write(number)
            written = number

    await asyncio.gather(write_on(), read_on(), read_on())
    assert await numbers.read() == 19
