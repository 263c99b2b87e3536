"""The one way in which people's requests change an interview: read, decide, compare-and-set, tell.

Workers commit through `jobs.runner` under their lease; everything else comes through here. A change of state raises
the epoch, so a worker that is busy with the old state finds itself fenced when it commits.

A change to the words takes two steps, because the words lie beside the interview: `reserve` takes the interview from
whoever works on it, and `commit` says that the new words are there. Whoever dies between the two has changed nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.core.errors import Conflict, NotFound, PreconditionFailed
from app.core.origin import current_origin
from app.models.base import FAR_FUTURE, utc_now
from app.models.event import interview_changed
from app.models.interview import STEPS, TRANSITIONS, Interview, Status, entering
from app.repositories.base import Expect, Repositories
from app.services.events.base import EventBus

_TRIES: Final = 8
_WORDS_MAY_CHANGE: Final = frozenset(
    {
        Status.CREATED,
        Status.ANALYSING,
        Status.NOTIFYING,
        Status.MEASURING,
        Status.DONE,
        Status.FAILED,
    }
)
"""Everywhere else a transcript is on its way, and would replace the words in the moment in which they are changed."""
_RESERVED_FOR: Final = timedelta(seconds=20)
"""How long a step waits for the new words; should they never come, it goes on with the old ones."""


class InterviewNotFound(NotFound):
    code = "interview_not_found"


class WrongState(Conflict):
    """The state machine has no such transition. `status` in the problem says where the interview stands."""

    code = "wrong_state"


class VersionMismatch(PreconditionFailed):
    code = "version_mismatch"


Decide = Callable[[Interview], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Reservation:
    """The right to commit new words, until somebody else takes it."""

    interview: Interview
    due_at: datetime
    """When the step that waits meanwhile is to go on."""


class Lifecycle:
    def __init__(self, repositories: Repositories, bus: EventBus) -> None:
        self._repositories = repositories
        self._bus = bus

    async def get(self, organisation_id: str, interview_id: str) -> Interview:
        """Raises `InterviewNotFound`, also for another organisation's interview."""
        interview = await self._repositories.interviews(organisation_id).get(interview_id)
        if interview is None:
            raise InterviewNotFound("No such interview in this organisation.")
        return interview

    async def edit(
        self, organisation_id: str, interview_id: str, decide: Decide, *, expected_version: int | None = None
    ) -> Interview:
        """Change fields without touching the state. `decide` sees the current interview and may be called again."""
        return await self._change(organisation_id, interview_id, decide, None, expected_version)

    async def move(self, organisation_id: str, interview_id: str, to: Status, decide: Decide) -> Interview:
        """Enter another state and change the fields that go with it. Raises `WrongState`."""
        return await self._change(organisation_id, interview_id, decide, to, None)

    async def reserve(
        self, organisation_id: str, interview_id: str, *, transcript_revision: int
    ) -> Reservation:
        """Take the interview from its worker, if it has one, to change the words of this revision.

        The step begins anew after the commit and then sees the new words; being interrupted is no failed attempt.
        Raises `VersionMismatch` when there are other words by now, and `WrongState`.
        """
        repository = self._repositories.interviews(organisation_id)
        for _ in range(_TRIES):
            current = await self.get(organisation_id, interview_id)
            require_words(current, transcript_revision)
            if current.status not in _WORDS_MAY_CHANGE:
                raise WrongState(
                    f"The interview is {current.status}; wait until that is finished.",
                    status=current.status.value,
                )
            changes: dict[str, Any] = {"epoch": current.epoch + 1}
            due_at = FAR_FUTURE
            if current.status in STEPS:
                now = utc_now()
                is_held = current.lease_owner is not None
                due_at = now if is_held else current.due_at
                changes |= {
                    "due_at": max(due_at, now + _RESERVED_FOR),
                    "lease_owner": None,
                    "attempt": max(current.attempt - is_held, 0),
                }
            reserved = await repository.compare_and_set(
                interview_id, Expect(version=current.version), changes
            )
            if reserved is not None:
                return Reservation(reserved, due_at)
        raise Conflict("Too many changes at once; try again.")

    async def commit(
        self, reservation: Reservation, changes: Mapping[str, Any], *, to: Status | None = None
    ) -> Interview | None:
        """Make the changes for which the interview was reserved, and enter another state with them if one is given.

        None when somebody else has taken it meanwhile; then nothing is changed.
        """
        reserved = reservation.interview
        going_on = _entering(reserved, to) if to is not None else {"due_at": reservation.due_at}
        committed = await self._repositories.interviews(reserved.organisation_id).compare_and_set(
            reserved.id, Expect(epoch=reserved.epoch), {**going_on, **changes}
        )
        if committed is not None:
            self._bus.publish(interview_changed(committed))
        return committed

    async def _change(
        self,
        organisation_id: str,
        interview_id: str,
        decide: Decide,
        to: Status | None,
        expected_version: int | None,
    ) -> Interview:
        repository = self._repositories.interviews(organisation_id)
        for _ in range(_TRIES):
            current = await self.get(organisation_id, interview_id)
            if expected_version is not None and current.version != expected_version:
                raise VersionMismatch(
                    f"The interview has version {current.version} by now; load it again.",
                    version=current.version,
                )
            changes = dict(decide(current))
            if to is not None:
                changes = {**_entering(current, to), **changes}
            if not changes:
                return current
            changed = await repository.compare_and_set(interview_id, Expect(version=current.version), changes)
            if changed is not None:
                self._bus.publish(interview_changed(changed))
                return changed
        raise Conflict("Too many changes at once; try again.")


def require_words(interview: Interview, transcript_revision: int) -> None:
    """Raises `VersionMismatch` when the newest transcript is another one."""
    if interview.transcript_revision != transcript_revision:
        raise VersionMismatch(
            f"The transcript has revision {interview.transcript_revision} by now; load it again.",
            revision=interview.transcript_revision,
        )


def _entering(current: Interview, to: Status) -> dict[str, Any]:
    """The fields that change when a person's request brings an interview into another state. Raises `WrongState`."""
    if to not in TRANSITIONS[current.status]:
        raise WrongState(
            f"An interview that is {current.status} cannot become {to}.",
            status=current.status.value,
        )
    return {
        "failure": None,
        **current_origin().fields,
        **entering(to, utc_now()),
        "epoch": current.epoch + 1,
    }
