"""`organisations`: make them, rename them, look at them."""

from __future__ import annotations

from typing import Annotated

import typer

from app.command_line.administration.installation import Installation, administer
from app.command_line.administration.joining import join_or_invite
from app.command_line.administration.people import (
    all_organisations,
    invitations_of,
    members_of,
    operator,
    organisation,
)
from app.command_line.administration.showing import AsJson, Row, say, show_list, show_one
from app.models.base import new_id, utc_now
from app.models.organisation import Organisation, Role

organisations = typer.Typer(no_args_is_help=True, help="Organisations of this installation.")

Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the organisation")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="What it is called")]
_LONGEST_NAME = 200


@organisations.command("list")
def list_organisations(as_json: AsJson = False) -> None:
    """All organisations, the newest first. Everybody has a personal one."""

    async def work(installation: Installation) -> list[Row]:
        return [_row(one) for one in await all_organisations(installation)]

    show_list(administer(work), as_json=as_json, empty="There is no organisation yet.")


@organisations.command("create")
def create_organisation(
    name: Name,
    admin: Annotated[str, typer.Option("--admin", help="E-mail address or user id of its first admin")],
    as_json: AsJson = False,
) -> None:
    """Make an organisation. An admin who has never signed in is invited."""
    name = _checked(name)

    async def work(installation: Installation) -> tuple[Organisation, str]:
        now = utc_now()
        made = Organisation(id=new_id(), name=name, created_at=now, updated_at=now)
        # Whoever cannot become its admin is told so before there is an organisation without one.
        joining = await join_or_invite(installation, made.id, admin, Role.ADMIN, founding=made)
        return made, joining

    made, joining = administer(work)
    if as_json:
        show_one({**_row(made), "admin": joining}, as_json=True)
        return
    say(f"{made.name}, its id: {made.id}")
    say(joining)


@organisations.command("show")
def show_organisation(organisation_id: Id, as_json: AsJson = False) -> None:
    """One organisation with its rules and its people."""

    async def work(installation: Installation) -> Row:
        found = await organisation(installation, organisation_id)
        members = await members_of(installation, organisation_id)
        invited = await invitations_of(installation, organisation_id)
        return {
            **_row(found),
            "updated_at": found.updated_at,
            "transcriber": found.transcription.transcriber.value,
            "analyst": found.analysis.analyst.value,
            "visibility": found.visibility.value,
            "members": [f"{one.email or one.user_id} ({one.role})" for one in members],
            "invited": [f"{one.email} ({one.role})" for one in invited],
        }

    show_one(administer(work), as_json=as_json)


@organisations.command("rename")
def rename_organisation(organisation_id: Id, name: Name) -> None:
    """Give an organisation another name."""
    name = _checked(name)

    async def work(installation: Installation) -> Organisation:
        await organisation(installation, organisation_id)
        return await installation.accounts.update_organisation(operator(organisation_id), name=name)

    say(f"{organisation_id} is called {administer(work).name} now.")


def _checked(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= _LONGEST_NAME:
        raise typer.BadParameter(f"a name has 1 to {_LONGEST_NAME} characters.")
    return name


def _row(one: Organisation) -> Row:
    return {"id": one.id, "name": one.name, "personal": one.personal, "created_at": one.created_at}
