"""`users`: who has signed in."""

from __future__ import annotations

from typing import Annotated

import typer

from app.command_line.administration.installation import Installation, administer
from app.command_line.administration.people import all_users, users_called
from app.command_line.administration.showing import AsJson, Row, print_json, show_list, show_one
from app.command_line.errors import CommandFailed
from app.models.organisation import User

users = typer.Typer(no_args_is_help=True, help="People of this installation: who has signed in.")


@users.command("list")
def list_users(as_json: AsJson = False) -> None:
    """Everybody who has ever signed in, newest first."""

    async def work(installation: Installation) -> list[Row]:
        return [_row(user) for user in await all_users(installation)]

    show_list(administer(work), as_json=as_json, empty="Nobody has signed in yet.")


@users.command("show")
def show_user(
    email: Annotated[str, typer.Argument(help="E-mail address, or id of the user")], as_json: AsJson = False
) -> None:
    """One person with the organisations that they belong to; several where an address signed in in several ways."""

    async def work(installation: Installation) -> list[Row]:
        found = await users_called(installation, email)
        if not found:
            raise CommandFailed(f"Nobody has signed in as {email}.")
        return [await _with_memberships(installation, user) for user in found]

    rows = administer(work)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        show_one(row, as_json=False)


def _row(user: User) -> Row:
    return {
        "id": user.id,
        "email": user.email,
        "verified": user.email_verified,
        "name": user.name,
        "created_at": user.created_at,
    }


async def _with_memberships(installation: Installation, user: User) -> Row:
    belongs = []
    for membership in await installation.people.memberships_of(user.id):
        organisation = await installation.people.get_organisation(membership.organisation_id)
        name = organisation.name if organisation else "?"
        belongs.append(f"{name} ({membership.organisation_id}, {membership.role})")
    return {**_row(user), "identity": user.identity, "organisations": belongs}
