"""Which interviews a command is about: those that are named, or all that match."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from queue import SimpleQueue
from threading import Event, Thread
from typing import Final, TypeVar

from app.command_line.api import Api, Json
from app.command_line.patience import Patience

Given = TypeVar("Given")
Made = TypeVar("Made")

_AHEAD: Final = 2
"""So many times as are worked on at once: nobody waits for the first one, and a list need not be read to its end."""


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


def matching(api: Api, where: Mapping[str, str], patience: Patience) -> Iterator[Json]:
    """The rows of all interviews that match, newest first; a page is asked for when the one before it is used up."""
    cursor: str | None = None
    while True:
        page = patience.persist(partial(api.list_interviews, where, cursor=cursor))
        yield from page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return


def side_by_side(
    work: Callable[[Given], Made], given: Iterable[Given], *, jobs: int, stop: Event
) -> Iterator[Made]:
    """The results in the order of what is given, so many at a time, and taken only a little ahead of them.

    Ctrl-C does not wait for the rest: `stop` ends the patience of what is under way, and the threads are daemons, so a
    request that is not answered keeps nobody.
    """
    waiting: SimpleQueue[tuple[Given, Future[Made]] | None] = SimpleQueue()
    under_way: deque[Future[Made]] = deque()
    for _ in range(jobs):
        Thread(target=_serve, args=(work, waiting, stop), daemon=True).start()
    try:
        for one in given:
            under_way.append(Future())
            waiting.put((one, under_way[-1]))
            if len(under_way) >= _AHEAD * jobs:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    except BaseException:
        stop.set()
        raise
    finally:
        for _ in range(jobs):
            waiting.put(None)


def _serve(
    work: Callable[[Given], Made], waiting: SimpleQueue[tuple[Given, Future[Made]] | None], stop: Event
) -> None:
    while (task := waiting.get()) is not None and not stop.is_set():
        one, made = task
        try:
            made.set_result(work(one))
        except BaseException as error:
            # It is raised where the result is wanted.
            made.set_exception(error)
