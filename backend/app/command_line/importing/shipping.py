"""Items on their way: threads that bring them to the server, and the wait for what the pipeline makes of them."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from app.command_line.api import Api, Json
from app.command_line.errors import ApiFailed, CommandFailed
from app.command_line.following import ASK_EVERY, ENDED, Following, reason
from app.command_line.importing.bringing import Bringer, Brought, Contents
from app.command_line.importing.details import Details
from app.command_line.importing.display import Display
from app.command_line.importing.finding import Item
from app.command_line.importing.results import Outcome, Result
from app.command_line.patience import Patience


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a thread says of an item: where it is now, or that it has come to its end."""

    result: Result
    interview: Json | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    details: Callable[[Item], Details]
    jobs: int
    wait: bool = True
    dry_run: bool = False
    for_ever: bool = False
    """Whether what was sent is followed over any outage of the server: nobody waits for the command to end."""


class Shipping:
    """`submit` and `step` belong to one thread; the work is done in others.

    These are daemons: whatever they are in the middle of when the program ends is gone on with by the next import.
    """

    def __init__(self, api: Api, patience: Patience, plan: Plan, display: Display) -> None:
        self._api = api
        self._patience = patience
        self._plan = plan
        self._display = display
        self._bringer = Bringer(api, patience)
        self._waiting: queue.SimpleQueue[Item | None] = queue.SimpleQueue()
        self._arrived: queue.SimpleQueue[Arrival] = queue.SimpleQueue()
        self._on_the_way = 0
        self._claimed: dict[str, Item] = {}
        self._lock = Lock()
        self._following = Following(api)
        self._followed: dict[str, list[Result]] = {}
        self._ask_at = 0.0
        for _ in range(plan.jobs):
            Thread(target=self._work, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._patience.stop.set()
        for _ in range(self._plan.jobs):
            self._waiting.put(None)

    @property
    def is_busy(self) -> bool:
        return self._on_the_way > 0 or bool(self._followed)

    def submit(self, item: Item) -> None:
        self._on_the_way += 1
        self._display.expect(1)
        self._waiting.put(item)

    def step(self, seconds: float) -> list[Result]:
        """Wait that long for something to happen; what has come to its end."""
        ended: list[Result] = []
        with suppress(queue.Empty):
            while True:
                # Waits for the first one; what else is there is taken along.
                self._take(self._arrived.get(timeout=0 if ended else seconds), ended)
                seconds = 0
        if self._followed and time.monotonic() >= self._ask_at:
            self._ask(ended)
            self._ask_at = time.monotonic() + ASK_EVERY
        for result in ended:
            self._display.ended(result)
        return ended

    # In the caller's thread

    def _take(self, arrival: Arrival, ended: list[Result]) -> None:
        self._on_the_way -= 1
        result, interview = arrival.result, arrival.interview
        if interview is None:
            ended.append(result)
        elif interview["status"] in ENDED:
            ended.append(self._end(result, interview))
        elif self._plan.wait:
            self._display.sent(result)
            self._display.under_way(result.name, interview)
            self._following.add(interview)
            self._followed.setdefault(interview["id"], []).append(result)
        else:
            ended.append(result)

    def _ask(self, ended: list[Result]) -> None:
        try:
            interviews = self._patience.persist(self._following.ask)
        except ApiFailed as failure:
            if self._plan.for_ever and failure.passing:
                return
            # What was sent is safe; that nobody knows what became of it is said for each.
            for results in self._followed.values():
                ended += [replace(one, outcome=Outcome.FAILED, detail=str(failure)) for one in results]
            self._followed.clear()
            self._following = Following(self._api)
            return
        for interview in interviews:
            for result in self._followed[interview["id"]]:
                self._display.under_way(result.name, interview)
            if interview["status"] in ENDED:
                results = self._followed.pop(interview["id"])
                ended += [self._end(result, interview) for result in results]

    def _end(self, result: Result, interview: Json) -> Result:
        status = interview["status"]
        if status in ("failed", "deleted"):
            why = reason(interview, "it was deleted on the server")
            return replace(result, outcome=Outcome.FAILED, detail=why)
        if result.outcome is Outcome.PRESENT:
            return result
        return replace(result, outcome=Outcome.DONE, claims=self._claims(interview["id"]))

    def _claims(self, interview_id: str) -> int | None:
        # Not everybody may read a debrief.
        with suppress(ApiFailed):
            head = self._api.newest_analysis(interview_id)
            return int(head["coverage"]["claims"]) if head else None
        return None

    # In the threads

    def _work(self) -> None:
        while (item := self._waiting.get()) is not None and not self._patience.stop.is_set():
            try:
                arrival = self._bring(item)
            except Exception as error:
                # One item must neither end the thread nor leave its place empty.
                known = isinstance(error, CommandFailed)
                detail = str(error) if known else f"{type(error).__name__}: {error}"
                may_pass = not isinstance(error, ApiFailed) or error.passing
                arrival = Arrival(Result(item.files, Outcome.FAILED, detail=detail, may_pass=may_pass))
            self._arrived.put(arrival)

    def _bring(self, item: Item) -> Arrival:
        contents = Contents.of(item)
        first = self._first_with(contents)
        # A recording that was here alone may come again with its transcript.
        if first.files[0] != item.files[0]:
            detail = f"the same as {first.name}"
            return Arrival(Result(item.files, Outcome.DUPLICATE, detail=detail, same_as=first.files[0]))
        try:
            return self._plan_of(contents) if self._plan.dry_run else self._sent(contents)
        except BaseException:
            with self._lock:
                if self._claimed.get(contents.identity) is item:
                    del self._claimed[contents.identity]
            raise

    def _first_with(self, contents: Contents) -> Item:
        """The item that has the content already, or this one: also when the other's file is gone, which may have been
        renamed to this one's while it was sent.
        """
        with self._lock:
            first = self._claimed.setdefault(contents.identity, contents.item)
            if not first.files[0].exists():
                first = self._claimed[contents.identity] = contents.item
            return first

    def _sent(self, contents: Contents) -> Arrival:
        item = contents.item
        with self._display.sending(item.name, contents.size) as moved:
            brought = self._bringer.bring(contents, self._plan.details(item), moved)
        return Arrival(_result(item, brought), brought.interview)

    def _plan_of(self, contents: Contents) -> Arrival:
        row = self._bringer.find(contents)
        if row is None or row["status"] == "created":
            size = f"{contents.size:,} bytes"
            return Arrival(Result(contents.item.files, Outcome.PLANNED, detail=size))
        return Arrival(Result(contents.item.files, Outcome.PRESENT, row["id"]))


def _result(item: Item, brought: Brought) -> Result:
    recording = brought.interview.get("recording")
    ended = brought.interview["status"] in ENDED
    return Result(
        item.files,
        Outcome.PRESENT if ended and not brought.sent else Outcome.SENT,
        brought.interview["id"],
        duration=recording["duration"] if recording else None,
    )
