"""People and organisations as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime

from pydantic import EmailStr, Field

from app.api.v1.schemas.common import In, Name, Out
from app.models.organisation import Role, Transcriber, WhenDown


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


class TranscriptionRuleBody(In):
    transcriber: Transcriber = Field(
        default=Transcriber.AUTO,
        description="`auto`: what the server is set up for; `offline`: no recording leaves the server",
    )
    when_down: WhenDown = Field(
        default=WhenDown.WAIT,
        description="While the vendor is down: `wait` for a day, take the `next` engine, or `fail` with the reason",
    )


class OrganisationPatch(In):
    name: Name | None = None
    transcription: TranscriptionRuleBody | None = None


class TranscriptionRuleOut(Out):
    transcriber: Transcriber
    when_down: WhenDown


class OrganisationOut(Out):
    id: str
    name: str
    personal: bool
    transcription: TranscriptionRuleOut
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
