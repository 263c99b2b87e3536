"""Interviews: create, find, edit, run again, delete."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic_core import to_json

from app.core.errors import Conflict, InvalidInput
from app.core.origin import current_origin
from app.models.base import new_id, utc_now
from app.models.event import Event, EventKind, interview_changed
from app.models.interview import Interview, Participant, RemoteSource, Status, TemplateRef, entering
from app.repositories.base import Duplicate, InterviewFilter, JsonPage, PageKey, Repositories
from app.services.erasure import Eraser, Receipt
from app.services.events.base import EventBus
from app.services.lifecycle import Lifecycle

_SWEEP_AFTER: Final = timedelta(seconds=30)
"""When the pipeline takes over a deletion whose request did not finish it."""


class IdempotencyKeyReused(InvalidInput):
    code = "idempotency_key_reused"


class NothingToRetry(Conflict):
    code = "nothing_to_retry"


@dataclass(frozen=True, slots=True)
class InterviewDraft:
    """What a person says about an interview before there is a recording."""

    title: str
    candidate: Participant | None = None
    position: str | None = None
    participants: tuple[Participant, ...] = ()
    language: str | None = None
    speakers_expected: int = 2
    template: TemplateRef | None = None
    scheduled_at: datetime | None = None
    tags: tuple[str, ...] = ()
    external_id: str | None = None

    def fingerprint(self) -> str:
        """Equal for equal drafts: tells a repeated request from another one under the same idempotency key."""
        return hashlib.sha256(to_json(self)).hexdigest()


class InterviewService:
    def __init__(
        self, repositories: Repositories, lifecycle: Lifecycle, eraser: Eraser, bus: EventBus
    ) -> None:
        self._repositories = repositories
        self._lifecycle = lifecycle
        self._eraser = eraser
        self._bus = bus

    async def create(
        self,
        organisation_id: str,
        draft: InterviewDraft,
        *,
        created_by: str,
        idempotency_key: str | None,
        source: RemoteSource | None = None,
    ) -> Interview:
        """A new interview, or the one that the same key made before. Raises `IdempotencyKeyReused`.

        With a source it is born in the step that fetches it: one write, so that no crash can part them.
        """
        now, interview_id, fingerprint = utc_now(), new_id(), draft.fingerprint()
        begun: dict[str, Any] = {"source": source, **entering(Status.FETCHING, now)} if source else {}
        interview = Interview(
            id=interview_id,
            organisation_id=organisation_id,
            created_by=created_by,
            created_at=now,
            updated_at=now,
            idempotency_key=idempotency_key or interview_id,
            request_hash=fingerprint,
            **current_origin().fields,
            **{name: getattr(draft, name) for name in draft.__slots__},
            **begun,
        )
        repository = self._repositories.interviews(organisation_id)
        try:
            await repository.insert(interview)
        except Duplicate:
            existing = await repository.find_by_idempotency_key(interview.idempotency_key)
            if existing is None or existing.request_hash != fingerprint:
                raise IdempotencyKeyReused(
                    "This Idempotency-Key was used for another request; send a new key."
                ) from None
            return existing
        self._bus.publish(interview_changed(interview))
        return interview

    async def get(self, organisation_id: str, interview_id: str) -> Interview:
        return await self._lifecycle.get(organisation_id, interview_id)

    async def list_newest(
        self, organisation_id: str, where: InterviewFilter, *, after: PageKey | None, limit: int
    ) -> Sequence[Interview]:
        return await self._repositories.interviews(organisation_id).list_newest(
            where, after=after, limit=limit
        )

    async def list_json(
        self, organisation_id: str, where: InterviewFilter, *, after: PageKey | None, limit: int
    ) -> JsonPage:
        """Newest first, as JSON."""
        return await self._repositories.interviews(organisation_id).list_json(where, after=after, limit=limit)

    async def patch(
        self,
        organisation_id: str,
        interview_id: str,
        changes: Mapping[str, Any],
        *,
        expected_version: int | None,
    ) -> Interview:
        """Replace the given fields of the draft. Raises `VersionMismatch` when `expected_version` is not current."""
        return await self._lifecycle.edit(
            organisation_id, interview_id, lambda _: changes, expected_version=expected_version
        )

    async def retry(self, organisation_id: str, interview_id: str) -> Interview:
        """Run a failed interview again from the step that failed; what earlier steps finished is kept."""
        interview = await self.get(organisation_id, interview_id)
        step = interview.retry_step
        if interview.status is not Status.FAILED or step is None:
            raise NothingToRetry(
                f"Only a failed interview can be retried; this one is {interview.status}.",
                status=interview.status.value,
            )
        changes = {"transcription": None} if step is Status.SUBMITTING else {}
        return await self._lifecycle.move(organisation_id, interview_id, step, lambda _: changes)

    async def delete(self, organisation_id: str, interview_id: str) -> Receipt:
        """Remove the interview with its objects, transcripts and analyses; says what went.

        The state changes first: whatever happens then, the pipeline's sweep finishes the removal.
        """
        sweep_at = utc_now() + _SWEEP_AFTER
        interview = await self._lifecycle.move(
            organisation_id, interview_id, Status.DELETING, lambda _: {"due_at": sweep_at}
        )
        receipt = await self._eraser.erase(interview)
        self._bus.publish(
            Event(
                kind=EventKind.INTERVIEW_DELETED,
                organisation_id=organisation_id,
                interview_id=interview_id,
                version=interview.version,
            )
        )
        return receipt
