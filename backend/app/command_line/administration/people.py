"""Finding whom a command is about: people by address or id, organisations by id."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final, TypeVar

from app.command_line.administration.installation import Installation
from app.command_line.errors import CommandFailed
from app.models.base import utc_now
from app.models.organisation import Invitation, Membership, Organisation, Role, User, membership_id
from app.repositories.base import PageKey
from app.services.accounts import Actor

_PAGE: Final = 500
_OPERATOR: Final = "command-line"
"""Who invited somebody, where it was nobody of the organisation."""
Listed = TypeVar("Listed", User, Organisation)
Dated = TypeVar("Dated", Membership, Invitation)


async def all_by_id(
    page: Callable[[str | None, int], Awaitable[Sequence[Listed]]],
) -> AsyncIterator[Listed]:
    """Of a list that is ordered by id, everything."""
    after: str | None = None
    while rows := await page(after, _PAGE):
        for row in rows:
            yield row
        after = rows[-1].id


async def all_users(installation: Installation) -> list[User]:
    """Newest first."""
    people = installation.people
    return [one async for one in all_by_id(lambda after, limit: people.list_users(after=after, limit=limit))]


async def all_organisations(installation: Installation) -> list[Organisation]:
    """Newest first."""
    people = installation.people
    return [
        one
        async for one in all_by_id(lambda after, limit: people.list_organisations(after=after, limit=limit))
    ]


async def members_of(installation: Installation, organisation_id: str) -> list[Membership]:
    """Newest first."""
    return await _all_of(installation.people.list_members, organisation_id)


async def invitations_of(installation: Installation, organisation_id: str) -> list[Invitation]:
    """Newest first."""
    return await _all_of(installation.people.list_invitations, organisation_id)


async def _all_of(page: Callable[..., Awaitable[Sequence[Dated]]], organisation_id: str) -> list[Dated]:
    found: list[Dated] = []
    after: PageKey | None = None
    while rows := await page(organisation_id, after=after, limit=_PAGE):
        found += rows
        after = PageKey(rows[-1].created_at, rows[-1].id)
    return found


async def organisation(installation: Installation, organisation_id: str) -> Organisation:
    """Raises `CommandFailed`."""
    found = await installation.people.get_organisation(organisation_id)
    if found is None:
        raise CommandFailed(f"There is no organisation {organisation_id}; `organisations list` shows all.")
    return found


async def users_called(installation: Installation, who: str) -> list[User]:
    """By id, or all who sign in with this e-mail address, whatever its case."""
    if "@" not in who:
        found = await installation.people.get_user(who)
        return [found] if found else []
    return [one for one in await all_users(installation) if one.email and one.email.lower() == who.lower()]


async def member(installation: Installation, organisation_id: str, who: str) -> Membership:
    """The one member of this address or id. Raises `CommandFailed`."""
    users = {one.id for one in await users_called(installation, who)}
    found = [
        one
        for one in await members_of(installation, organisation_id)
        if one.user_id in users or (one.email and one.email.lower() == who.lower())
    ]
    if not found:
        raise CommandFailed(f"{who} is no member of this organisation.")
    if len(found) > 1:
        ids = ", ".join(one.user_id for one in found)
        raise CommandFailed(f"{who} is the address of several members; name one by id: {ids}")
    return found[0]


def operator(organisation_id: str) -> Actor:
    """Whoever runs this installation, acting for an organisation without being one of its members."""
    now = utc_now()
    user = User(id=_OPERATOR, identity=_OPERATOR, created_at=now)
    membership = Membership(
        id=membership_id(organisation_id, user.id),
        organisation_id=organisation_id,
        user_id=user.id,
        role=Role.ADMIN,
        created_at=now,
    )
    return Actor(user, membership, now)
