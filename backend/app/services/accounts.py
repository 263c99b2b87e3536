"""Who is calling, for which organisation, with which role; members and invitations."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from app.core.security import Claims, hash_ticket, new_ticket
from app.models.base import new_id, utc_now
from app.models.organisation import (
    Invitation,
    Membership,
    NotificationRule,
    Organisation,
    Role,
    Ticket,
    TranscriptionRule,
    User,
    Visibility,
    membership_id,
)
from app.repositories.base import PageKey, Repositories
from app.services.analysis_rules import AnalysisRules
from app.services.transcription_rules import TranscriptionRules

TICKET_LIFETIME: Final = timedelta(seconds=30)
INVITATION_LIFETIME: Final = timedelta(days=14)
_KNOWN_FOR: Final = 5.0
"""Seconds for which a resolved caller is remembered: how long a removed member may still get through on another
process. In this process a change takes effect at once."""


class OrganisationNotChosen(InvalidInput):
    status, code, title = 400, "organisation_required", "Say which organisation"


class NotAMember(Forbidden):
    code = "not_a_member"


class RoleTooLow(Forbidden):
    code = "role_too_low"


class MemberNotFound(NotFound):
    code = "member_not_found"


class InvitationNotFound(NotFound):
    code = "invitation_not_found"


class AlreadyMember(Conflict):
    code = "already_member"


class LastAdmin(Conflict):
    code = "last_admin"


class EmailNotVerified(Forbidden):
    code = "email_not_verified"


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified person with the organisations they belong to."""

    user: User
    memberships: tuple[Membership, ...]
    session_expires_at: datetime

    def act_for(self, organisation_id: str | None) -> Actor:
        """The caller in one organisation: the named one, or the only one."""
        if organisation_id is None:
            if len(self.memberships) != 1:
                names = ", ".join(m.organisation_id for m in self.memberships)
                raise OrganisationNotChosen(f"Send X-Organization with one of: {names or '(no membership)'}.")
            return Actor(self.user, self.memberships[0], self.session_expires_at)
        for membership in self.memberships:
            if membership.organisation_id == organisation_id:
                return Actor(self.user, membership, self.session_expires_at)
        raise NotAMember("You are not a member of this organisation.")


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting for one organisation with one role: what every service call is made as."""

    user: User
    membership: Membership
    session_expires_at: datetime

    @property
    def organisation_id(self) -> str:
        return self.membership.organisation_id

    @property
    def role(self) -> Role:
        return self.membership.role

    @property
    def name(self) -> str:
        """What the person is called beside what they did."""
        return self.user.name or self.user.email or self.user.id


class AccountService:
    def __init__(
        self, repositories: Repositories, rules: TranscriptionRules, analysis_rules: AnalysisRules
    ) -> None:
        self._rules = rules
        self._analysis_rules = analysis_rules
        self._people = repositories.people
        self._tickets = repositories.tickets
        self._known: dict[str, tuple[float, User, tuple[Membership, ...]]] = {}

    async def sign_in(self, claims: Claims) -> Caller:
        """The caller behind verified claims. The first sign-in creates the user and a personal organisation."""
        known = self._known.get(claims.identity)
        if known and known[0] > time.monotonic() and known[1].email == claims.email:
            return Caller(known[1], known[2], claims.expires_at)
        user = await self._people.find_user(claims.identity) or await self._register(claims)
        if (user.email, user.name) != (claims.email, claims.name or user.name):
            user = user.model_copy(
                update={
                    "email": claims.email,
                    "email_verified": claims.email_verified,
                    "name": claims.name or user.name,
                }
            )
            await self._people.update_user(user)
        memberships = tuple(await self._people.memberships_of(user.id))
        if not memberships:
            memberships = (await self._found_personal_organisation(user),)
        self._remember(claims.identity, user, memberships)
        return Caller(user, memberships, claims.expires_at)

    async def actor_of_ticket(self, ticket: str) -> Actor | None:
        """The actor for whom the ticket was made; None when it is unknown, used or expired."""
        stored = await self._tickets.take(hash_ticket(ticket), utc_now())
        if stored is None:
            return None
        user = await self._people.get_user(stored.user_id)
        memberships = await self._people.memberships_of(stored.user_id)
        if user is None:
            return None
        return Caller(user, tuple(memberships), stored.session_expires_at).act_for(stored.organisation_id)

    async def make_ticket(self, actor: Actor) -> tuple[str, datetime]:
        """A websocket ticket and the time until which it may be used, once."""
        ticket, now = new_ticket(), utc_now()
        expires_at = now + TICKET_LIFETIME
        await self._tickets.delete_expired(now)
        await self._tickets.put(
            Ticket(
                id=hash_ticket(ticket),
                user_id=actor.user.id,
                organisation_id=actor.organisation_id,
                session_expires_at=actor.session_expires_at,
                expires_at=expires_at,
            )
        )
        return ticket, expires_at

    async def organisations_of(self, caller: Caller) -> list[tuple[Organisation, Role]]:
        found = []
        for membership in caller.memberships:
            organisation = await self._people.get_organisation(membership.organisation_id)
            if organisation:
                found.append((organisation, membership.role))
        return found

    async def create_organisation(self, caller: Caller, name: str) -> Organisation:
        """A new organisation with the caller as its admin."""
        now = utc_now()
        organisation = Organisation(id=new_id(), name=name, created_at=now, updated_at=now)
        await self._people.insert_organisation(organisation)
        await self._join(caller.user, organisation.id, Role.ADMIN)
        return self._in_force(organisation)

    async def get_organisation(self, actor: Actor) -> Organisation:
        """The organisation with its rules as they are in force here."""
        return self._in_force(await self._organisation(actor))

    async def update_organisation(
        self,
        actor: Actor,
        *,
        name: str | None = None,
        transcription: TranscriptionRule | None = None,
        analysis: Mapping[str, Any] | None = None,
        visibility: Visibility | None = None,
        notifications: Mapping[str, Any] | None = None,
    ) -> Organisation:
        """Set what is given; of the rules for analyses and for messages, the fields that are given.

        Raises `TranscriberNotConfigured`, `AnalystNotConfigured` and `EuModeInForce`.
        """
        if transcription is not None:
            self._rules.check(transcription)
        rule = None
        if analysis is not None:
            self._analysis_rules.check_change(analysis)
            # A switch that was not mentioned stays as it is: nobody leaves the EU mode by choosing an engine.
            rule = (await self._organisation(actor)).analysis.model_copy(update=analysis)
            self._analysis_rules.check(rule)
        told: NotificationRule | None = None
        if notifications is not None:
            told = (await self._organisation(actor)).notifications.model_copy(update=notifications)
        organisation = await self._people.update_organisation(
            actor.organisation_id,
            utc_now(),
            name=name,
            transcription=transcription,
            analysis=rule,
            visibility=visibility,
            notifications=told,
        )
        if organisation is None:
            raise NotFound("This organisation no longer exists.")
        return self._in_force(organisation)

    async def list_members(self, actor: Actor, *, after: PageKey | None, limit: int) -> Sequence[Membership]:
        return await self._people.list_members(actor.organisation_id, after=after, limit=limit)

    async def add_member(self, actor: Actor, user: User, role: Role) -> None:
        """Make a known user a member, without an invitation. Raises `AlreadyMember`."""
        membership = _membership(user, actor.organisation_id, role)
        if not await self._people.insert_membership(membership):
            raise AlreadyMember("This person is a member already.")
        self._known.pop(user.identity, None)

    async def set_role(self, actor: Actor, user_id: str, role: Role) -> Membership:
        if role is not Role.ADMIN:
            await self._keep_an_admin(actor.organisation_id, user_id)
        membership = await self._people.set_role(actor.organisation_id, user_id, role)
        if membership is None:
            raise MemberNotFound("No such member in this organisation.")
        self._known.clear()
        return membership

    async def remove_member(self, actor: Actor, user_id: str) -> None:
        await self._keep_an_admin(actor.organisation_id, user_id)
        if not await self._people.delete_membership(actor.organisation_id, user_id):
            raise MemberNotFound("No such member in this organisation.")
        self._known.clear()

    async def invite(self, actor: Actor, email: str, role: Role) -> Invitation:
        """Offer membership to whoever signs in with this address; an earlier offer is replaced."""
        now = utc_now()
        organisation = await self._people.get_organisation(actor.organisation_id)
        invitation = Invitation(
            id=new_id(),
            organisation_id=actor.organisation_id,
            organisation_name=organisation.name if organisation else "",
            email=email.lower(),
            role=role,
            invited_by=actor.user.id,
            created_at=now,
            expires_at=now + INVITATION_LIFETIME,
        )
        await self._people.put_invitation(invitation)
        return invitation

    async def list_invitations(
        self, actor: Actor, *, after: PageKey | None, limit: int
    ) -> Sequence[Invitation]:
        return await self._people.list_invitations(actor.organisation_id, after=after, limit=limit)

    async def withdraw_invitation(self, actor: Actor, invitation_id: str) -> None:
        if not await self._people.delete_invitation(actor.organisation_id, invitation_id):
            raise InvitationNotFound("No such invitation in this organisation.")

    async def invitations_for(self, caller: Caller) -> Sequence[Invitation]:
        email = caller.user.email
        if not email or not caller.user.email_verified:
            return []
        return await self._people.invitations_for(email, utc_now())

    async def accept_invitation(self, caller: Caller, invitation_id: str) -> Membership:
        """Join the inviting organisation. The address in the caller's token must be the invited one."""
        email = caller.user.email
        if not email or not caller.user.email_verified:
            raise EmailNotVerified(
                "Invitations are accepted with a verified e-mail address; this token has none."
            )
        invitation = await self._people.take_invitation(invitation_id, email, utc_now())
        if invitation is None:
            raise InvitationNotFound("No such invitation for your e-mail address, or it has expired.")
        return await self._join(caller.user, invitation.organisation_id, invitation.role)

    async def _organisation(self, actor: Actor) -> Organisation:
        organisation = await self._people.get_organisation(actor.organisation_id)
        if organisation is None:
            raise NotFound("This organisation no longer exists.")
        return organisation

    def _in_force(self, organisation: Organisation) -> Organisation:
        rule = self._analysis_rules.in_force(organisation.analysis)
        return organisation.model_copy(update={"analysis": rule})

    async def _register(self, claims: Claims) -> User:
        return await self._people.insert_user(
            User(
                id=new_id(),
                identity=claims.identity,
                email=claims.email,
                email_verified=claims.email_verified,
                name=claims.name,
                created_at=utc_now(),
            )
        )

    async def _found_personal_organisation(self, user: User) -> Membership:
        # The user's id names the organisation, so that two first requests at once, or one after a crash, make one.
        now = utc_now()
        owner = user.name or user.email or "My"
        await self._people.insert_organisation(
            Organisation(
                id=user.id, name=f"{owner} (personal)", personal=True, created_at=now, updated_at=now
            )
        )
        return await self._join(user, user.id, Role.ADMIN)

    async def _join(self, user: User, organisation_id: str, role: Role) -> Membership:
        membership = _membership(user, organisation_id, role)
        await self._people.insert_membership(membership)
        self._known.pop(user.identity, None)
        return membership

    async def _keep_an_admin(self, organisation_id: str, leaving_user_id: str) -> None:
        memberships = await self._people.memberships_of(leaving_user_id)
        is_admin = any(m.organisation_id == organisation_id and m.role is Role.ADMIN for m in memberships)
        if is_admin and await self._people.count_admins(organisation_id) <= 1:
            raise LastAdmin("An organisation needs an admin; make somebody else admin first.")

    def _remember(self, identity: str, user: User, memberships: tuple[Membership, ...]) -> None:
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[identity] = (time.monotonic() + _KNOWN_FOR, user, memberships)


def _membership(user: User, organisation_id: str, role: Role) -> Membership:
    return Membership(
        id=membership_id(organisation_id, user.id),
        organisation_id=organisation_id,
        user_id=user.id,
        role=role,
        name=user.name,
        email=user.email,
        created_at=utc_now(),
    )
