"""What those who talk to Redis do while it is away."""

from __future__ import annotations

import asyncio
import random
from typing import Final

import structlog

log = structlog.get_logger(__name__)

_FIRST_WAIT: Final = 0.25
_LONGEST_WAIT: Final = 10.0


class Absence:
    """Told of once, as `event`, with what takes its place; then Redis is tried again after growing waits."""

    def __init__(self, event: str, *, instead: str) -> None:
        self._event = event
        self._instead = instead
        self._wait = 0.0

    async def endure(self, error: BaseException) -> None:
        """To be called after each attempt that failed."""
        if not self._wait:
            cause = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else error
            # The kind only: the text may quote the address with its password.
            log.warning(self._event, error=type(cause).__name__, instead=self._instead)
        self._wait = min(max(_FIRST_WAIT, 2 * self._wait), _LONGEST_WAIT)
        await asyncio.sleep(self._wait * random.uniform(0.5, 1.0))  # noqa: S311 - so that not all come at once

    def end(self) -> None:
        """It is there: the next absence is news again."""
        self._wait = 0.0
