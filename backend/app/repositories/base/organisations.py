"""People, organisations, and what belongs to an organisation as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from app.models.organisation import (
    AnalysisRule,
    Invitation,
    Membership,
    NotificationRule,
    Organisation,
    Role,
    Ticket,
    TranscriptionRule,
    User,
    Visibility,
)
from app.models.template import Template
from app.models.usage import Usage
from app.repositories.base.pages import PageKey


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

    async def list_users(self, *, after: str | None, limit: int) -> Sequence[User]:
        """By id, which tells the time, the newest first: those after the one with the id `after`."""

    async def insert_organisation(self, organisation: Organisation) -> None:
        """Idempotent by id."""

    async def get_organisation(self, organisation_id: str) -> Organisation | None: ...

    async def list_organisations(self, *, after: str | None, limit: int) -> Sequence[Organisation]:
        """As `list_users`."""

    async def update_organisation(
        self,
        organisation_id: str,
        at: datetime,
        *,
        name: str | None = None,
        transcription: TranscriptionRule | None = None,
        analysis: AnalysisRule | None = None,
        visibility: Visibility | None = None,
        notifications: NotificationRule | None = None,
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
