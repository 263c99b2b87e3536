"""The file of the embedded database: whole, and written by a release that this one understands. Changes nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from anyio import to_thread

from app.command_line.doctor.finding import Notes
from app.core.database import DatabaseUnreachable
from app.core.database.sqlite import open_sqlite
from app.repositories.base import SchemaTooNew
from app.repositories.schema import SCHEMA_VERSION, pending

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SECONDS: Final = 8.0
_STEPS_BETWEEN_LOOKS: Final = 20_000
_RESTORE: Final = "Stop the server, keep the file, and restore the last backup."


@dataclass(frozen=True, slots=True)
class _State:
    schema: int = 0
    damaged: bool = False
    too_large: bool = False


async def check_file(path: Path, notes: Notes) -> None:
    shown = Path(path.parent.name) / path.name
    if not await to_thread.run_sync(path.exists):
        notes.ok("There is no embedded database yet; the server will make it.")
        return
    try:
        database = await open_sqlite(path)
    except DatabaseUnreachable as error:
        notes.failed(error.detail, f"Check that DATA_DIR belongs to this user. A damaged file: {_RESTORE}")
        return
    try:
        state = await database.read(_state)
    finally:
        await database.close()
    if state.damaged:
        notes.failed(f"The embedded database in {shown} is damaged.", _RESTORE)
    elif state.too_large:
        notes.warning(
            f"The embedded database opens; it is too large to be read whole in {_SECONDS:.0f} seconds.",
            f"When there is time: sqlite3 {shown} 'PRAGMA quick_check'",
        )
    else:
        notes.ok(f"The embedded database in {shown} opens and is whole.")
        note_schema(notes, state.schema)


def note_schema(notes: Notes, stored: int | None) -> None:
    """None: nothing is stored yet. An older schema is left for the server to bring up to date."""
    try:
        steps = pending(stored or SCHEMA_VERSION)
    except SchemaTooNew as error:
        notes.failed(error.detail, "Start that release, or restore a backup from before the upgrade.")
        return
    notes.ok("The schema will be brought up to date by the server." if steps else "The schema is up to date.")


def _state(connection: Connection) -> _State:
    deadline = time.monotonic() + _SECONDS
    driver: Any = connection.connection.driver_connection
    # A thread cannot be stopped from outside: SQLite itself asks now and then whether to go on.
    driver.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
    try:
        schema = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
        said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalars().all()
    except Exception:  # the driver's errors have no name here: out of time, or the file cannot be read
        late = time.monotonic() > deadline
        return _State(damaged=not late, too_large=late)
    finally:
        driver.set_progress_handler(None, 0)
    return _State(schema, damaged=said != ["ok"])
