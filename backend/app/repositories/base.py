"""What the rest of the program may ask of a database: verbs of the product, never a query language.

Two implementations exist, `mongo` and `sqlite`; `tests/repositories/contract` states what both must do.
Repositories that hold candidate data are built with the organisation, so a forgotten check cannot leak: a
foreign id is simply not found. All dates are timezone-aware UTC with millisecond precision. Lists page by
key, never by offset. Every verb may raise `DatabaseUnavailable`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from app.core.errors import Conflict, Unavailable
from app.models.analysis import Analysis
from app.models.interview import Interview, Status
from app.models.organisation import (
    AnalysisRule,
    Invitation,
    Membership,
    Organisation,
    Role,
    Ticket,
    TranscriptionRule,
    User,
    Visibility,
)
from app.models.scorecard import Review, Scorecard
from app.models.stability import StabilityReport
from app.models.template import Template
from app.models.transcript import Transcript
from app.models.usage import Usage


class Duplicate(Conflict):
    """A unique key is taken."""

    code = "duplicate"


class DatabaseUnavailable(Unavailable):
    """The database did not answer; the caller may try again."""

    code = "database_unavailable"


class Fenced(Conflict):
    """A newer claim exists: the writer lost its lease and must change nothing."""

    code = "fenced"


class SchemaTooNew(Unavailable):
    """The stored schema was written by a newer release of Debrief."""

    code = "schema_too_new"


@dataclass(frozen=True, slots=True)
class PageKey:
    """Position in a newest-first list: the `created_at` and `id` of the last row seen."""

    created_at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class JsonPage:
    """A page of a list, ready to be sent: lists are read far more often than anything looks into their rows.

    `items` is the inside of a JSON array.
    """

    items: bytes
    next: PageKey | None
    """Position of the next page; None on the last one."""


@dataclass(frozen=True, slots=True)
class TranscriptJson:
    """A transcript whose utterances are ready to be sent: `utterances` is the inside of a JSON array."""

    head: Transcript
    total: int
    """Number of utterances in all."""
    utterances: bytes


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

    async def list_changed(self, since: datetime, *, limit: int) -> Sequence[Interview]:
        """Interviews with `updated_at` at or after `since`, oldest change first."""

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

        Due is what has `due_at <= now`.
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

    async def outbox_due(self, now: datetime, *, limit: int) -> Sequence[Interview]:
        """Interviews with `outbox_at <= now`, oldest first."""

    async def outbox_remove(self, interview_id: str, entry_ids: Collection[str]) -> None:
        """Remove delivered entries; `outbox_at` becomes far future when none is left.

        Does not change `version` and `updated_at`.
        """

    async def count_by_status(self) -> Mapping[Status, int]:
        """A number for every status, 0 where there are none."""

    async def purge(self, interview_id: str, *, epoch: int) -> bool:
        """Remove the document itself and every result of the interview. False when fenced."""

    async def erase_results(self, interview_id: str) -> int:
        """Remove all that was written about the interview: transcripts, analyses, reviews, scorecards, stability
        reports; returns how many documents went."""


class TranscriptRepository(Protocol):
    async def put(self, transcript: Transcript) -> None:
        """Write under (`interview_id`, `revision`) unless one of the same or a newer epoch stands there.

        Raises `Fenced` in that case, and when it belongs to another organisation.
        """

    async def get(self, interview_id: str, revision: int) -> Transcript | None: ...

    async def get_json(
        self, interview_id: str, revision: int, *, after: int = 0, limit: int | None = None
    ) -> TranscriptJson | None:
        """The utterances from position `after` on, at most `limit` of them, as JSON."""


class AnalysisRepository(Protocol):
    async def put(self, analysis: Analysis) -> None:
        """As `TranscriptRepository.put`."""

    async def get(self, interview_id: str, revision: int) -> Analysis | None: ...

    async def list_newest(self, interview_id: str, *, before: int | None, limit: int) -> Sequence[Analysis]:
        """By falling revision, those below `before`."""


class ScorecardRepository(Protocol):
    """At most one card for an interview and a person."""

    async def get(self, interview_id: str, user_id: str) -> Scorecard | None: ...

    async def list_for(self, interview_ids: Collection[str]) -> Sequence[Scorecard]:
        """All cards of these interviews, drafts among them, by interview and then by creation, oldest first."""

    async def save(self, card: Scorecard, *, expected_version: int) -> bool:
        """Insert when `expected_version` is 0, else replace the one that has this version; False when there is
        another, or none. Raises `ValueError` for another organisation's card."""


class ReviewRepository(Protocol):
    """At most one review for an analysis."""

    async def get(self, interview_id: str, revision: int) -> Review | None: ...

    async def save(self, review: Review, *, expected_version: int) -> bool:
        """As `ScorecardRepository.save`."""


class StabilityRepository(Protocol):
    async def put(self, report: StabilityReport) -> None:
        """As `TranscriptRepository.put`."""

    async def get(self, interview_id: str, revision: int) -> StabilityReport | None: ...

    async def list_newest(
        self, interview_id: str, *, before: int | None, limit: int
    ) -> Sequence[StabilityReport]:
        """By falling revision, those below `before`."""


@dataclass(frozen=True, slots=True)
class UsageLimits:
    """What a day may come to. None: no limit."""

    tokens: int | None = None
    cost_micro_usd: int | None = None


class UsageRepository(Protocol):
    """An organisation's use of models, a document for each day (UTC)."""

    async def reserve(self, day: date, *, tokens: int, cost_micro_usd: int, limits: UsageLimits) -> bool:
        """Add to the day and count a call, unless that would pass a limit: then False, and nothing changes.

        One atomic update: of many reservations at once no more are granted than fit.
        """

    async def settle(self, day: date, *, tokens: int, cost_micro_usd: int) -> None:
        """Correct a reservation by the difference to what was used; both may be negative."""

    async def get(self, day: date) -> Usage:
        """Zero for a day on which nothing was used."""

    async def list_newest(self, *, before: date | None, limit: int) -> Sequence[Usage]:
        """Days with use, newest first, those before `before`."""


class TemplateRepository(Protocol):
    async def insert(self, template: Template) -> None: ...

    async def get(self, template_id: str) -> Template | None: ...

    async def list_newest(
        self, *, archived: bool, after: PageKey | None, limit: int
    ) -> Sequence[Template]: ...

    async def replace(self, template: Template, *, expected_version: int) -> bool:
        """Replace the document that has `expected_version`; False when it has another one or is missing."""

    async def delete(self, template_id: str) -> bool: ...


class PeopleRepository(Protocol):
    """Users, organisations, memberships and invitations: what exists before a scope does."""

    async def insert_user(self, user: User) -> User:
        """Insert, or return the user who already has this identity."""

    async def get_user(self, user_id: str) -> User | None: ...

    async def find_user(self, identity: str) -> User | None: ...

    async def update_user(self, user: User) -> None: ...

    async def insert_organisation(self, organisation: Organisation) -> None:
        """Idempotent by id."""

    async def get_organisation(self, organisation_id: str) -> Organisation | None: ...

    async def update_organisation(
        self,
        organisation_id: str,
        at: datetime,
        *,
        name: str | None = None,
        transcription: TranscriptionRule | None = None,
        analysis: AnalysisRule | None = None,
        visibility: Visibility | None = None,
    ) -> Organisation | None:
        """Set what is given; returns the new state, None when there is no such organisation."""

    async def insert_membership(self, membership: Membership) -> bool:
        """False when the user is a member already (whose role stays)."""

    async def memberships_of(self, user_id: str) -> Sequence[Membership]:
        """Oldest first."""

    async def list_members(
        self, organisation_id: str, *, after: PageKey | None, limit: int
    ) -> Sequence[Membership]:
        """Newest first."""

    async def set_role(self, organisation_id: str, user_id: str, role: Role) -> Membership | None: ...

    async def delete_membership(self, organisation_id: str, user_id: str) -> bool: ...

    async def count_admins(self, organisation_id: str) -> int: ...

    async def put_invitation(self, invitation: Invitation) -> None:
        """Insert, replacing an earlier invitation of the same address to the same organisation."""

    async def list_invitations(
        self, organisation_id: str, *, after: PageKey | None, limit: int
    ) -> Sequence[Invitation]: ...

    async def invitations_for(self, email: str, now: datetime) -> Sequence[Invitation]:
        """Unexpired invitations to this address, newest first."""

    async def take_invitation(self, invitation_id: str, email: str, now: datetime) -> Invitation | None:
        """Remove and return it, atomically; None when missing, expired or for another address."""

    async def delete_invitation(self, organisation_id: str, invitation_id: str) -> bool: ...


class TicketRepository(Protocol):
    async def put(self, ticket: Ticket) -> None: ...

    async def take(self, ticket_id: str, now: datetime) -> Ticket | None:
        """Remove and return it, atomically: of two takers one gets it. None when missing or expired."""

    async def delete_expired(self, now: datetime) -> int: ...


class Repositories(Protocol):
    """Everything stored, in one place. `people`, `jobs` and `tickets` stand above the organisations."""

    @property
    def description(self) -> str:
        """Which database this is, for logs and the health page (`MongoDB`, `SQLite (embedded)`)."""

    @property
    def database_name(self) -> str: ...

    @property
    def people(self) -> PeopleRepository: ...
    @property
    def jobs(self) -> JobRepository: ...
    @property
    def tickets(self) -> TicketRepository: ...

    def interviews(self, organisation_id: str) -> InterviewRepository: ...
    def transcripts(self, organisation_id: str) -> TranscriptRepository: ...
    def analyses(self, organisation_id: str) -> AnalysisRepository: ...
    def templates(self, organisation_id: str) -> TemplateRepository: ...
    def scorecards(self, organisation_id: str) -> ScorecardRepository: ...
    def reviews(self, organisation_id: str) -> ReviewRepository: ...
    def stability(self, organisation_id: str) -> StabilityRepository: ...
    def usage(self, organisation_id: str) -> UsageRepository: ...

    async def ping(self) -> None:
        """Raises `DatabaseUnavailable`."""
