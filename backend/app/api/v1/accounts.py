"""Who I am, my organisations, their members and invitations."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.v1.problems import problems
from app.api.v1.schemas.accounts import (
    InvitationBody,
    InvitationOut,
    Me,
    MemberOut,
    OrganisationBody,
    OrganisationOut,
    OrganisationPatch,
    OwnOrganisation,
    RoleBody,
    UserOut,
)
from app.api.v1.schemas.common import Page
from app.core.container import Container
from app.core.cursors import encode_cursor
from app.core.deps import Admin, After, CallerDep, Limit, Services, Viewer
from app.models.organisation import Organisation, TranscriptionRule

router = APIRouter(tags=["organisations"])


def _shown(organisation: Organisation, services: Container) -> OrganisationOut:
    return OrganisationOut.of(organisation, eu_server=services.settings.analysis.eu_mode)


@router.get("/me", responses=problems())
async def get_me(caller: CallerDep, services: Services) -> Me:
    """The caller and the organisations they may act for."""
    organisations = await services.accounts.organisations_of(caller)
    return Me(
        user=UserOut.model_validate(caller.user),
        organisations=[
            OwnOrganisation(id=o.id, name=o.name, personal=o.personal, role=role) for o, role in organisations
        ],
    )


@router.get("/me/invitations", responses=problems())
async def list_my_invitations(caller: CallerDep, services: Services) -> list[InvitationOut]:
    """Invitations to the caller's verified e-mail address."""
    return [InvitationOut.model_validate(i) for i in await services.accounts.invitations_for(caller)]


@router.post("/me/invitations/{invitation_id}/accept", responses=problems(404))
async def accept_invitation(invitation_id: str, caller: CallerDep, services: Services) -> MemberOut:
    """Join the organisation that sent the invitation."""
    return MemberOut.model_validate(await services.accounts.accept_invitation(caller, invitation_id))


@router.post("/organisations", status_code=201, responses=problems(422))
async def create_organisation(
    body: OrganisationBody, caller: CallerDep, services: Services
) -> OrganisationOut:
    """Found an organisation; the caller becomes its admin."""
    return _shown(await services.accounts.create_organisation(caller, body.name), services)


@router.get("/organisation", responses=problems(404))
async def get_organisation(actor: Viewer, services: Services) -> OrganisationOut:
    """The organisation and its settings."""
    return _shown(await services.accounts.get_organisation(actor), services)


@router.patch("/organisation", responses=problems(404, 422))
async def update_organisation(body: OrganisationPatch, actor: Admin, services: Services) -> OrganisationOut:
    """Rename the organisation, or set its rules: who transcribes and who analyses, what is shown to whom, who
    hears of what."""
    organisation = await services.accounts.update_organisation(
        actor,
        name=body.name,
        transcription=TranscriptionRule(**body.transcription.model_dump()) if body.transcription else None,
        analysis=body.analysis.model_dump(exclude_unset=True) if body.analysis else None,
        visibility=body.visibility,
        notifications=body.notifications.changes() if body.notifications else None,
    )
    return _shown(organisation, services)


@router.get("/organisation/members", responses=problems(400))
async def list_members(actor: Viewer, services: Services, after: After, limit: Limit = 25) -> Page[MemberOut]:
    """Members of the organisation, newest first."""
    rows = await services.accounts.list_members(actor, after=after, limit=limit + 1)
    shown = rows[:limit]
    return Page[MemberOut](
        items=[MemberOut.model_validate(row) for row in shown],
        next_cursor=encode_cursor(shown[-1].created_at, shown[-1].id) if len(rows) > limit else None,
    )


@router.patch("/organisation/members/{user_id}", responses=problems(404, 409, 422))
async def set_member_role(user_id: str, body: RoleBody, actor: Admin, services: Services) -> MemberOut:
    """Give a member another role."""
    return MemberOut.model_validate(await services.accounts.set_role(actor, user_id, body.role))


@router.delete("/organisation/members/{user_id}", status_code=204, responses=problems(404, 409))
async def remove_member(user_id: str, actor: Admin, services: Services) -> None:
    """Remove a member; what they made stays."""
    await services.accounts.remove_member(actor, user_id)


@router.post("/organisation/invitations", status_code=201, responses=problems(422))
async def create_invitation(body: InvitationBody, actor: Admin, services: Services) -> InvitationOut:
    """Invite an e-mail address; an earlier invitation of the same address is replaced."""
    return InvitationOut.model_validate(await services.accounts.invite(actor, body.email, body.role))


@router.get("/organisation/invitations", responses=problems(400))
async def list_invitations(
    actor: Admin, services: Services, after: After, limit: Limit = 25
) -> Page[InvitationOut]:
    """Open invitations, newest first."""
    rows = await services.accounts.list_invitations(actor, after=after, limit=limit + 1)
    shown = rows[:limit]
    return Page[InvitationOut](
        items=[InvitationOut.model_validate(row) for row in shown],
        next_cursor=encode_cursor(shown[-1].created_at, shown[-1].id) if len(rows) > limit else None,
    )


@router.delete("/organisation/invitations/{invitation_id}", status_code=204, responses=problems(404))
async def withdraw_invitation(invitation_id: str, actor: Admin, services: Services) -> None:
    """Withdraw an invitation that was not accepted yet."""
    await services.accounts.withdraw_invitation(actor, invitation_id)
