"""People and organisations as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime

from pydantic import EmailStr

from app.api.v1.schemas.common import In, Name, Out
from app.models.organisation import Role


class UserOut(Out):
    id: str
    name: str | None
    email: str | None


class OwnOrganisation(Out):
    id: str
    name: str
    personal: bool
    role: Role


class Me(Out):
    user: UserOut
    organisations: list[OwnOrganisation]


class OrganisationBody(In):
    name: Name


class OrganisationOut(Out):
    id: str
    name: str
    personal: bool
    created_at: datetime


class MemberOut(Out):
    user_id: str
    organisation_id: str
    name: str | None
    email: str | None
    role: Role
    created_at: datetime


class RoleBody(In):
    role: Role


class InvitationBody(In):
    email: EmailStr
    role: Role = Role.INTERVIEWER


class InvitationOut(Out):
    id: str
    organisation_id: str
    organisation_name: str
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime
