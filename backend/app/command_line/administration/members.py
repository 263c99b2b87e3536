"""`members`: who belongs to an organisation, and with which role."""

from __future__ import annotations

from typing import Annotated

import typer

from app.command_line.administration.installation import Installation, administer
from app.command_line.administration.joining import join_or_invite
from app.command_line.administration.people import member, members_of, operator, organisation
from app.command_line.administration.showing import AsJson, Row, say, show_list
from app.models.organisation import Role

members = typer.Typer(no_args_is_help=True, help="Members of an organisation and their roles.")

Org = Annotated[str, typer.Argument(metavar="ORG", help="Id of the organisation")]
Who = Annotated[str, typer.Argument(metavar="EMAIL", help="E-mail address, or id of the user")]


@members.command("list")
def list_members(org: Org, as_json: AsJson = False) -> None:
    """The members of an organisation, the newest first."""

    async def work(installation: Installation) -> list[Row]:
        await organisation(installation, org)
        return [
            {
                "user_id": one.user_id,
                "email": one.email,
                "name": one.name,
                "role": one.role.value,
                "created_at": one.created_at,
            }
            for one in await members_of(installation, org)
        ]

    show_list(administer(work), as_json=as_json, empty="This organisation has no member.")


@members.command("add")
def add_member(
    org: Org,
    email: Who,
    role: Annotated[Role, typer.Option("--role", help="What the member may do")] = Role.INTERVIEWER,
) -> None:
    """Make somebody a member. Who has never signed in is invited instead."""

    async def work(installation: Installation) -> str:
        await organisation(installation, org)
        return await join_or_invite(installation, org, email, role)

    say(administer(work))


@members.command("role")
def set_role(
    org: Org, email: Who, role: Annotated[Role, typer.Argument(help="What the member may do from now on")]
) -> None:
    """Change what a member may do. The last admin stays one."""

    async def work(installation: Installation) -> None:
        await organisation(installation, org)
        found = await member(installation, org, email)
        await installation.accounts.set_role(operator(org), found.user_id, role)

    administer(work)
    say(f"{email} is {role} now.")


@members.command("remove")
def remove_member(org: Org, email: Who) -> None:
    """End a membership. The last admin cannot be removed."""

    async def work(installation: Installation) -> None:
        await organisation(installation, org)
        found = await member(installation, org, email)
        await installation.accounts.remove_member(operator(org), found.user_id)

    administer(work)
    say(f"{email} is no member any more.")
