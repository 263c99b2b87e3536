"""Interviews: an organisation's own view of them, and the pipeline's."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.models.interview import Interview, Status
from app.repositories.base.pages import JsonPage, PageKey


@dataclass(frozen=True, slots=True)
class InterviewFilter:
    """Conditions are combined with AND.

    `candidate` and `position` match a prefix, folded (no case, no accents), `candidate_name` the whole name, folded,
    and `candidate_email` whatever the case of its ASCII letters; the other texts match exactly.
    """

    status: Status | None = None
    candidate: str | None = None
    candidate_name: str | None = None
    candidate_email: str | None = None
    position: str | None = None
    tag: str | None = None
    external_id: str | None = None
    needs_speakers: bool | None = None
    created_from: datetime | None = None
    """Inclusive."""
    created_to: datetime | None = None
    """Exclusive."""


@dataclass(frozen=True, slots=True)
class Expect:
    """The condition of a compare-and-set. None means that the field is not looked at."""

    statuses: Collection[Status] | None = None
    epoch: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for a worker: steps that are due and that nobody has taken."""

    waiting: int
    oldest_due_at: datetime | None
    stuck: int
    """Due for longer than the caller thinks right."""
    answers: int
    """Answers of vendors among the stuck: they came and nobody has read them."""
    messages: int
    """Interviews whose outbox should have been delivered before that."""


class InterviewRepository(Protocol):
    """Interviews of one organisation.

    Deleting and deleted ones are invisible to `get`, `find_by_idempotency_key` and `list_newest`, but not to
    `list_changed` and `compare_and_set`.
    """

    async def insert(self, interview: Interview) -> None:
        """Raises `Duplicate` when the idempotency key is taken in this organisation."""

    async def get(self, interview_id: str) -> Interview | None: ...

    async def find_by_idempotency_key(self, key: str) -> Interview | None: ...

    async def list_newest(
        self, where: InterviewFilter, *, after: PageKey | None, limit: int
    ) -> Sequence[Interview]:
        """Newest first by (`created_at`, `id`)."""

    async def list_json(self, where: InterviewFilter, *, after: PageKey | None, limit: int) -> JsonPage:
        """As `list_newest`; each row has the fields `values.ROW_FIELDS`."""

    async def list_changed(self, since: datetime, *, after_id: str = "", limit: int) -> Sequence[Interview]:
        """Interviews with `updated_at` at or after `since`, oldest change first; of those at `since` itself, the ones
        with an `id` beyond `after_id`: that is how to go on after a full page."""

    async def compare_and_set(
        self, interview_id: str, expect: Expect, changes: Mapping[str, Any]
    ) -> Interview | None:
        """Set whole top-level fields in one atomic update and raise `version` by one.

        `updated_at` is set to now unless given. The values are model values (pydantic models, tuples, dates).
        Raises `ValueError` for `id`, `organisation_id`, `created_at`, `version` and names that are no fields.
        Returns the new state, or None when it does not exist (here) or the expectation failed.
        """


class JobRepository(Protocol):
    """The pipeline's view: all organisations, only verbs of the state machine."""

    async def claim_due(
        self, now: datetime, statuses: Collection[Status], *, owner: str, lease_until: datetime
    ) -> Interview | None:
        """Take the interview that has been due longest among `statuses`, in one atomic update.

        Due is what has `due_at <= now`. What cannot be read is put off until `lease_until` and passed over.
        Sets `due_at = lease_until` and `lease_owner`, adds one to `epoch`, `attempt` and `version`.
        """

    async def renew(
        self, interview_id: str, *, epoch: int, lease_until: datetime, progress: float | None
    ) -> bool:
        """Extend the lease and set `progress`. False when a newer claim exists or the interview is gone.

        Does not change `version` and `updated_at`.
        """

    async def get(self, interview_id: str) -> Interview | None: ...

    async def compare_and_set(
        self, interview_id: str, expect: Expect, changes: Mapping[str, Any]
    ) -> Interview | None:
        """As `InterviewRepository.compare_and_set`, in any organisation."""

    async def count_awaiting(self, now: datetime) -> int:
        """How many interviews wait for a vendor's answer that is not overdue yet."""

    async def outbox_due(
        self, now: datetime, *, limit: int, kinds: Collection[str] | None = None
    ) -> Sequence[Interview]:
        """Interviews with `outbox_at <= now` that can be read, oldest first; with `kinds`, those with an entry of one
        of these."""

    async def outbox_remove(self, interview_id: str, entry_ids: Collection[str]) -> None:
        """Remove delivered entries; `outbox_at` becomes far future when none is left.

        Does not change `version` and `updated_at`.
        """

    async def count_by_status(self) -> Mapping[Status, int]:
        """A number for every status, 0 where there are none."""

    async def backlog(self, now: datetime, *, overdue: datetime) -> Backlog:
        """`overdue`: what has been due since then or longer is stuck."""

    async def purge(self, interview_id: str, *, epoch: int) -> bool:
        """Remove the document itself and every result of the interview. False when fenced."""

    async def erase_results(self, interview_id: str) -> int:
        """Remove all that was written about the interview: transcripts, analyses, reviews, scorecards, stability
        reports, inbox items, deliveries, notices, requests; returns how many documents went."""
