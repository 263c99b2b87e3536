"""`invitations`: offers of membership that wait for their first sign-in."""

from __future__ import annotations

from typing import Annotated

import typer

from app.command_line.administration.installation import Installation, administer
from app.command_line.administration.joining import checked_address
from app.command_line.administration.members import Org
from app.command_line.administration.people import invitations_of, operator, organisation
from app.command_line.administration.showing import AsJson, Row, print_json, say, show_list
from app.command_line.errors import CommandFailed
from app.models.organisation import Invitation, Role

invitations = typer.Typer(no_args_is_help=True, help="Invitations to an organisation.")


@invitations.command("list")
def list_invitations(org: Org, as_json: AsJson = False) -> None:
    """Invitations that nobody has accepted, the newest first, also expired ones."""

    async def work(installation: Installation) -> list[Row]:
        await organisation(installation, org)
        return [_row(one) for one in await invitations_of(installation, org)]

    show_list(administer(work), as_json=as_json, empty="Nobody is invited.")


@invitations.command("invite")
def invite(
    org: Org,
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Of the person")],
    role: Annotated[Role, typer.Option("--role", help="What the member may do")] = Role.INTERVIEWER,
    as_json: AsJson = False,
) -> None:
    """Offer membership to whoever signs in with this address. An earlier offer is replaced."""

    async def work(installation: Installation) -> Invitation:
        await organisation(installation, org)
        return await installation.accounts.invite(operator(org), checked_address(email), role)

    made = administer(work)
    if as_json:
        print_json(_row(made))
        return
    say(f"{made.email} is invited as {made.role} until {made.expires_at:%d %B %Y}.")


@invitations.command("withdraw")
def withdraw(
    org: Org,
    invitation: Annotated[str, typer.Argument(metavar="EMAIL", help="Address, or id of the invitation")],
) -> None:
    """Take an invitation back."""

    async def work(installation: Installation) -> None:
        await organisation(installation, org)
        wanted = [
            one
            for one in await invitations_of(installation, org)
            if invitation.lower() in (one.id, one.email.lower())
        ]
        if not wanted:
            raise CommandFailed(f"{invitation} is not invited.")
        await installation.accounts.withdraw_invitation(operator(org), wanted[0].id)

    administer(work)
    say(f"{invitation} is not invited any more.")


def _row(one: Invitation) -> Row:
    return {
        "id": one.id,
        "email": one.email,
        "role": one.role.value,
        "created_at": one.created_at,
        "expires_at": one.expires_at,
    }
