"""The one way in which people's requests change an interview: read, decide, compare-and-set, tell.

Workers commit through `jobs.runner` under their lease; everything else comes through here. A change of state raises
the epoch, so a worker that is busy with the old state finds itself fenced when it commits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from app.core.errors import Conflict, NotFound, PreconditionFailed
from app.core.origin import current_origin
from app.models.base import utc_now
from app.models.event import interview_changed
from app.models.interview import TRANSITIONS, Interview, Status, entering
from app.repositories.base import Expect, Repositories
from app.services.events.base import EventBus

_TRIES: Final = 8


class InterviewNotFound(NotFound):
    code = "interview_not_found"


class WrongState(Conflict):
    """The state machine has no such transition. `status` in the problem says where the interview stands."""

    code = "wrong_state"


class VersionMismatch(PreconditionFailed):
    code = "version_mismatch"


Decide = Callable[[Interview], Mapping[str, Any]]


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
                if to not in TRANSITIONS[current.status]:
                    raise WrongState(
                        f"An interview that is {current.status} cannot become {to}.",
                        status=current.status.value,
                    )
                changes = {
                    "failure": None,
                    **current_origin().fields,
                    **entering(to, utc_now()),
                    "epoch": current.epoch + 1,
                    **changes,
                }
            if not changes:
                return current
            changed = await repository.compare_and_set(interview_id, Expect(version=current.version), changes)
            if changed is not None:
                self._bus.publish(interview_changed(changed))
                return changed
        raise Conflict("Too many changes at once; try again.")
