"""Interviews on their way through the pipeline: where each stands, asked for with few requests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from app.command_line.api import Api, Json
from app.command_line.errors import ApiFailed
from app.command_line.patience import Patience

STEPS: Final = (
    "created",
    "fetching",
    "joining",
    "preparing",
    "submitting",
    "awaiting",
    "transcribing",
    "ingesting",
    "analysing",
    "notifying",
    "done",
)
ENDED: Final = frozenset({"done", "measuring", "failed", "deleted"})
"""`measuring` repeats a debrief that is finished."""
ASK_EVERY: Final = 0.5
"""Seconds."""
_FEW: Final = 4
"""So many are asked for one by one; more are looked up in the list."""
_PAGES: Final = 5
"""Of the list, in one round: what is not found there is asked for one by one, a few in each round."""


class Following:
    """The interviews that are under way. Not for several threads."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._pending: dict[str, Json] = {}

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, interview: Json) -> None:
        self._pending[interview["id"]] = interview

    def ask(self) -> list[Json]:
        """The interviews as they stand now, but for those that this round did not get to. What has ended is no
        longer followed; one that was deleted has the status `deleted`.
        """
        found = self._listed() if len(self._pending) > _FEW else {}
        for interview_id in [one for one in self._pending if one not in found][:_FEW]:
            found[interview_id] = self._asked(interview_id)
        for interview_id, interview in found.items():
            # To the end of the row, so that the next round gets to those that this one did not.
            del self._pending[interview_id]
            if interview["status"] not in ENDED:
                self._pending[interview_id] = interview
        return list(found.values())

    def _listed(self) -> dict[str, Json]:
        created = [datetime.fromisoformat(one["created_at"]) for one in self._pending.values()]
        where = {
            "created_from": min(created).isoformat(),
            "created_to": (max(created) + timedelta(milliseconds=1)).isoformat(),
        }
        found: dict[str, Json] = {}
        cursor: str | None = None
        for _ in range(_PAGES):
            page = self._api.list_interviews(where, cursor=cursor)
            found |= {row["id"]: row for row in page["items"] if row["id"] in self._pending}
            cursor = page["next_cursor"]
            if cursor is None or len(found) == len(self._pending):
                break
        return found

    def _asked(self, interview_id: str) -> Json:
        try:
            return self._api.interview(interview_id)
        except ApiFailed as failure:
            if failure.status != 404:
                raise
            return self._pending[interview_id] | {"status": "deleted"}


def follow(
    api: Api,
    interviews: Iterable[Json],
    show: Callable[[Json], None],
    *,
    patience: Patience | None = None,
    seconds: float | None = None,
) -> dict[str, Json]:
    """Wait until all have ended, or for so many seconds; returns them as they stand then, by id."""
    patience = patience or Patience()
    following, last = Following(api), {one["id"]: one for one in interviews}
    for one in last.values():
        show(one)
        if one["status"] not in ENDED:
            following.add(one)
    until = None if seconds is None else time.monotonic() + seconds
    while len(following) and (until is None or time.monotonic() < until):
        time.sleep(ASK_EVERY)
        for one in patience.persist(following.ask):
            last[one["id"]] = one
            show(one)
    return last


def stage(interview: Json) -> tuple[float, str]:
    """How many steps are behind the interview, and where it stands in words."""
    status = interview["status"]
    behind = STEPS.index(status) if status in STEPS else 0
    within = interview["progress"] or 0.0
    words = f"{status} {within:.0%}" if within and status != "done" else status
    return behind + within, words


def reason(interview: Mapping[str, object], otherwise: str = "") -> str:
    """Why an interview failed."""
    failure = interview.get("failure")
    return str(failure["message"]) if isinstance(failure, Mapping) else otherwise
