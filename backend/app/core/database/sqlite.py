"""The embedded database: one file, one writer thread, some readers."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from app.core.database import DatabaseUnreachable

T = TypeVar("T")

_BUSY_TIMEOUT: Final = 10.0
_READERS: Final = 4


class SqliteDatabase:
    """One SQLite file. One call is one hop to a thread.

    One thread writes, so that writers queue here instead of colliding in the file. A few others read, each
    with a connection of its own.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = create_engine(
            "sqlite://",
            creator=self._connect,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,  # an error that quotes them would put whole documents into the log
        )
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="sqlite-reader")
        self._local = threading.local()
        self._connections: list[Connection] = []
        self._watcher: sqlite3.Connection | None = None
        self._closed = False

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a reader thread; every statement sees what was committed before it began."""
        return await self._hop(self._readers, self._run, work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one write transaction, which is rolled back when it raises."""
        return await self._hop(self._writer, self._transact, work)

    def version(self) -> int | None:
        """A number that stays the same until somebody, in whatever process, has changed the file; None when unknown.

        For the event loop, not for threads: a few microseconds, because it is in memory that all processes share.
        """
        if self._closed or self._watcher is None:
            return None
        try:
            found: int = self._watcher.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            return None
        return found

    async def watch(self) -> None:
        """Make the `version` known."""
        self._watcher = await asyncio.to_thread(
            sqlite3.connect, self.path, timeout=0, isolation_level=None, check_same_thread=False
        )

    async def close(self) -> None:
        """Wait for what was begun, then close the file. Later calls raise `DatabaseUnreachable`."""
        self._closed = True
        await asyncio.to_thread(self._close)

    async def _hop(
        self,
        threads: ThreadPoolExecutor,
        run: Callable[[Callable[[Connection], T]], T],
        work: Callable[[Connection], T],
    ) -> T:
        if self._closed:
            raise DatabaseUnreachable("The embedded database is closed: the program is shutting down.")
        return await asyncio.get_running_loop().run_in_executor(threads, run, work)

    def _close(self) -> None:
        self._readers.shutdown(cancel_futures=True)
        self._writer.shutdown()
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        if self._watcher is not None:
            self._watcher.close()
        self._engine.dispose()

    def _run(self, work: Callable[[Connection], T]) -> T:
        return work(self._own_connection())

    def _transact(self, work: Callable[[Connection], T]) -> T:
        connection = self._own_connection()
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            result = work(connection)
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            # After some errors (disk full) SQLite has ended the transaction itself; then none is left to end.
            with suppress(DBAPIError):
                connection.exec_driver_sql("ROLLBACK")
            raise
        return result

    def _own_connection(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._engine.connect()
            self._connections.append(connection)
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path,
            timeout=_BUSY_TIMEOUT,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        _use_wal(connection)
        # FULL: what was answered survives a power cut. Secure delete: erased words leave the file.
        for pragma in (
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "cache_size = -16000",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection


async def open_sqlite(path: Path) -> SqliteDatabase:
    """Open the file, creating it for its owner only. Raises `DatabaseUnreachable`."""
    database = SqliteDatabase(path)
    try:
        await asyncio.to_thread(_prepare_file, path)
        await database.read(
            lambda connection: connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema")
        )
        # The writer's connection too: a file that can be read but not written is found out now.
        await database.write(lambda connection: connection.exec_driver_sql("PRAGMA user_version"))
        await database.watch()
    except (OSError, DBAPIError, sqlite3.Error) as error:
        await database.close()
        reason = getattr(error, "orig", None) or error
        raise DatabaseUnreachable(
            f"The embedded database {path} cannot be opened: {reason}. "
            "Check that DATA_DIR is a writable folder."
        ) from error
    return database


def _prepare_file(path: Path) -> None:
    if not path.parent.exists():
        path.parent.mkdir(mode=0o700, parents=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging. Of two processes that do so at once one is refused without waiting."""
    deadline = time.monotonic() + _BUSY_TIMEOUT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
