"""Which interviews a command is about: those that are named, or all that match."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def filters(
    *,
    status: str | None = None,
    tag: str | None = None,
    since: datetime | None = None,
    candidate: str | None = None,
    position: str | None = None,
) -> dict[str, str]:
    """As the API takes them. A date without a zone is one of this machine's."""
    begin = since.astimezone(UTC).isoformat() if since else None
    wanted = {
        "status": status,
        "tag": tag,
        "created_from": begin,
        "candidate": candidate,
        "position": position,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def side_by_side(work: Callable[[Given], Made], given: Iterable[Given], *, jobs: int) -> Iterator[Made]:
    """The results in the order of what is given, so many at a time. Ctrl-C does not wait for the rest."""
    pool = ThreadPoolExecutor(jobs)
    try:
        yield from pool.map(work, given)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
