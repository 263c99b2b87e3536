"""Why a command cannot go on."""

from __future__ import annotations

from typing import Final

_PASSING: Final = frozenset({408, 429})
"""Of refusals; what is wrong with a server itself (500 and above) passes as well."""


class CommandFailed(Exception):
    """A command cannot go on; the text says why, for people."""


class Stopped(CommandFailed):
    """Somebody pressed Ctrl-C."""


class ApiFailed(CommandFailed):
    """The server refused (`status`, and `code` where it is Debrief that answers) or could not be reached."""

    def __init__(
        self,
        reason: str,
        *,
        status: int | None = None,
        code: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.code = code
        self.retry_after = retry_after

    @property
    def passing(self) -> bool:
        """Whether the same call may work in a while."""
        return self.status is None or self.status in _PASSING or self.status >= 500
