"""What every verb may raise."""

from __future__ import annotations

from app.core.errors import Conflict, Unavailable


class Duplicate(Conflict):
    """A unique key is taken."""

    code = "duplicate"


class DatabaseUnavailable(Unavailable):
    """The database did not answer; the caller may try again."""

    code = "database_unavailable"


class Fenced(Conflict):
    """A newer claim exists: the writer lost its lease and must change nothing."""

    code = "fenced"


class SchemaTooNew(Unavailable):
    """The stored schema was written by a newer release of Debrief."""

    code = "schema_too_new"
