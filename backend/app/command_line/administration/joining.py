"""Who has signed in becomes a member at once; who has not is invited."""

from __future__ import annotations

from pydantic import EmailStr, TypeAdapter, ValidationError

from app.command_line.administration.installation import Installation
from app.command_line.administration.people import operator, users_called
from app.command_line.errors import CommandFailed
from app.models.organisation import Organisation, Role, User

_ADDRESS: TypeAdapter[str] = TypeAdapter(EmailStr)


async def join_or_invite(
    installation: Installation,
    organisation_id: str,
    who: str,
    role: Role,
    *,
    founding: Organisation | None = None,
) -> str:
    """Says which of the two it was. `founding` is stored before anybody joins it. Raises `CommandFailed`."""
    user = await _user(installation, who)
    if user is None and "@" not in who:
        raise CommandFailed(f"There is no user {who}.")
    address = None if user else checked_address(who)
    if founding is not None:
        await installation.people.insert_organisation(founding)
    actor = operator(organisation_id)
    if user is not None:
        await installation.accounts.add_member(actor, user, role)
        return f"{user.email or user.id} is a member now, as {role}."
    assert address is not None  # noqa: S101 - the other half of `user`
    invitation = await installation.accounts.invite(actor, address, role)
    return (
        f"{invitation.email} has not signed in with a verified address yet, and is invited as {role} "
        f"until {invitation.expires_at:%d %B %Y}."
    )


def checked_address(text: str) -> str:
    try:
        return _ADDRESS.validate_python(text)
    except ValidationError as error:
        raise CommandFailed(f"{text} is no e-mail address.") from error


async def _user(installation: Installation, who: str) -> User | None:
    """An address counts for the one who proved that it is theirs; an id for itself."""
    found = await users_called(installation, who)
    if "@" in who:
        found = [one for one in found if one.email_verified]
    if len(found) > 1:
        ids = ", ".join(one.id for one in found)
        raise CommandFailed(f"{who} is the address of several users; name one by id: {ids}")
    return found[0] if found else None
