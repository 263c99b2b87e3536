"""Opening and closing the database drivers. What is asked of them belongs to the repositories.

The drivers are loaded by the module of their database alone: one process uses one of them.
"""

from __future__ import annotations

from typing import Final

from app.core.errors import Unavailable

OPEN_TIMEOUT: Final = 10.0
"""Seconds within which opening a database succeeds or says why it does not."""


class DatabaseUnreachable(Unavailable):
    """The database could not be opened."""

    code, title = "database_unreachable", "The database cannot be reached"
