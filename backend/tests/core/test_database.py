"""Opening a database either works or says, soon and without secrets, what to mend."""

from __future__ import annotations

import asyncio
import gc
import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.core.database import OPEN_TIMEOUT, DatabaseUnreachable
from app.core.database.mongo import open_mongo
from app.core.database.sqlite import open_sqlite


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class TestOpenSqlite:
    async def test_the_file_belongs_to_its_owner_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "new" / "d.db"
        database = await open_sqlite(path)
        await database.write(lambda c: c.exec_driver_sql("CREATE TABLE t (x)"))
        modes = {f.name: f.stat().st_mode & 0o777 for f in (path.parent, *path.parent.iterdir())}
        await database.close()
        assert modes == {"new": 0o700, "d.db": 0o600, "d.db-wal": 0o600, "d.db-shm": 0o600}

    async def test_what_was_answered_is_safe_on_the_disk(self, tmp_path: Path) -> None:
        database = await open_sqlite(tmp_path / "d.db")

        def pragmas(connection: Connection) -> list[object]:
            names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
            return [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

        found = [await database.read(pragmas), await database.write(pragmas)]
        await database.close()
        assert found == [["wal", 2, 1, 1]] * 2

    async def test_the_version_changes_with_the_file_whoever_writes(self, tmp_path: Path) -> None:
        database = await open_sqlite(tmp_path / "d.db")
        seen = [database.version()]

        async def look() -> None:
            await database.read(lambda c: c.exec_driver_sql("SELECT * FROM sqlite_schema").all())
            assert database.version() == database.version()
            seen.append(database.version())

        await look()
        assert seen[0] == seen[1]
        await database.write(lambda c: c.exec_driver_sql("CREATE TABLE t (x)"))
        await look()
        with closing(sqlite3.connect(tmp_path / "d.db")) as another, another:
            another.execute("INSERT INTO t VALUES (1)")
        await look()
        await database.write(lambda c: c.exec_driver_sql("DELETE FROM t"))
        await look()
        await database.close()
        assert len({*seen}) == 4
        assert None not in seen
        assert database.version() is None

    async def test_a_failed_write_leaves_nothing_and_blocks_nobody(self, tmp_path: Path) -> None:
        database = await open_sqlite(tmp_path / "d.db")
        await database.write(lambda c: c.exec_driver_sql("CREATE TABLE t (x)"))

        def fail(connection: Connection) -> None:
            connection.exec_driver_sql("INSERT INTO t VALUES (1)")
            raise LookupError

        with pytest.raises(LookupError):
            await database.write(fail)
        await database.write(lambda c: c.exec_driver_sql("INSERT INTO t VALUES (2)"))
        found = await database.read(lambda c: c.exec_driver_sql("SELECT x FROM t").scalars().all())
        await database.close()
        assert found == [2]

    async def test_what_is_no_database_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "d.db"
        path.write_bytes(b"This is a letter, not a database. " * 100)
        with pytest.raises(DatabaseUnreachable, match=r"d\.db cannot be opened: file is not a database"):
            await open_sqlite(path)

    async def test_a_folder_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(DatabaseUnreachable, match="DATA_DIR"):
            await open_sqlite(tmp_path / "file" / "d.db")

    async def test_many_processes_can_open_a_new_file_at_once(self, tmp_path: Path) -> None:
        databases = await asyncio.gather(*(open_sqlite(tmp_path / "d.db") for _ in range(8)))
        await asyncio.gather(*(database.close() for database in databases))
        assert (tmp_path / "d.db").exists()


class TestOpenMongo:
    # The driver drops the socket of a connection attempt that is cancelled when the client is closed.
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
    @pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
    @pytest.mark.slow
    async def test_no_server_is_reported_in_time_without_the_password(self, closed_port: int) -> None:
        begun = time.monotonic()
        with pytest.raises(DatabaseUnreachable) as caught:
            await open_mongo(f"mongodb://xavier:s3cret%21@127.0.0.1:{closed_port}/?authSource=admin", "x")
        # Clearly before the driver itself would give up, after half a minute, on a busy machine too.
        assert time.monotonic() - begun < 2 * OPEN_TIMEOUT
        assert f"127.0.0.1:{closed_port}" in caught.value.detail
        assert "no answer in time" in caught.value.detail
        assert "s3cret" not in repr(caught.value) + caught.value.detail
        assert "xavier" not in caught.value.detail
        gc.collect()

    @pytest.mark.parametrize(
        "url",
        [
            "mongodb://ann:s3cret@:99999",
            "mongodb://ann:s3c@ret@host",
            "mongodb://",
            "mongodb://ann:s3cret@h/?w",
        ],
    )
    async def test_a_malformed_address_is_reported_without_the_password(self, url: str) -> None:
        with pytest.raises(DatabaseUnreachable, match="DATABASE_URL") as caught:
            await open_mongo(url, "x")
        assert "s3c" not in caught.value.detail


async def test_an_address_with_an_unescaped_sign_in_its_password_is_not_quoted(
    recwarn: pytest.WarningsRecorder,
) -> None:
    with pytest.raises(DatabaseUnreachable) as caught:
        await open_mongo("mongodb://ann:pa?ss-w4714@127.0.0.1:1/", "x")
    said = " ".join([caught.value.detail, *(str(warning.message) for warning in recwarn)])
    assert "w4714" not in said
