"""What Apprise logs while it sends. It tells only there why a message was refused; its lines hold addresses with
tokens and whole messages, so they are read here and go no further."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_records: ContextVar[list[logging.LogRecord] | None] = ContextVar("apprise_records", default=None)


class _Collector(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        collected = _records.get()
        if collected is not None:
            collected.append(record)


_COLLECTOR: Final = _Collector()


@contextmanager
def collected_log() -> Iterator[list[logging.LogRecord]]:
    """The records that Apprise writes in this thread until the block ends."""
    logger = logging.getLogger("apprise")
    logger.propagate = False
    # Only these say what the other side answered.
    logger.setLevel(logging.DEBUG)
    if _COLLECTOR not in logger.handlers:
        logger.addHandler(_COLLECTOR)
    records: list[logging.LogRecord] = []
    token = _records.set(records)
    try:
        yield records
    finally:
        _records.reset(token)
