"""People and organisations as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import EmailStr, Field

from app.api.v1.schemas.common import In, Name, Out
from app.api.v1.schemas.preferences import TopicWishBody, TopicWishOut
from app.models.notification import Topic
from app.models.organisation import Analyst, Organisation, Role, Transcriber, Visibility, WhenDown


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


class AnalysisRulePatch(In):
    """Fields that are left out stay as they are."""

    analyst: Analyst = Field(
        default=Analyst.AUTO,
        description="`auto`: the best that the server is set up for; `offline`: no word of a transcript leaves it",
    )
    when_down: WhenDown = Field(
        default=WhenDown.NEXT,
        description="While that engine is down: `wait` for a day, take the `next` one, or `fail` with the reason",
    )
    sentiment: bool = Field(default=True, description="Polarity of statements, from their text")
    eu_mode: bool = Field(
        default=False, description="No polarity of statements anywhere, whatever the other switches say"
    )
    levels: bool = Field(default=True, description="false: evidence only, no level from the machine")
    daily_tokens: int | None = Field(
        default=None,
        ge=0,
        description="Tokens of a day (UTC); 0: no language model is asked; null: the server's limit",
    )


class NotificationRulePatch(In):
    """Fields that are left out stay as they are."""

    content: bool = Field(
        default=False, description="true: messages that leave may name the candidate; else they are a link"
    )
    topics: dict[Topic, TopicWishBody] = Field(
        default={}, description="For members without a wish of their own; replaces what was there"
    )
    scorecard_hours: int = Field(
        default=48, ge=1, le=24 * 90, description="How long somebody has for a scorecard that was asked for"
    )

    def changes(self) -> dict[str, Any]:
        """The fields that were sent, as model values."""
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        if "topics" in sent:
            sent["topics"] = {topic: wish.to_model() for topic, wish in self.topics.items()}
        return sent


class OrganisationPatch(In):
    name: Name | None = None
    transcription: TranscriptionRuleBody | None = None
    analysis: AnalysisRulePatch | None = None
    visibility: Visibility | None = Field(
        default=None,
        description="`after_own`: interviewers see colleagues' scorecards and the debrief once theirs is submitted",
    )
    notifications: NotificationRulePatch | None = None


class TranscriptionRuleOut(Out):
    transcriber: Transcriber
    when_down: WhenDown


class AnalysisRuleOut(Out):
    analyst: Analyst
    when_down: WhenDown
    sentiment: bool | None = Field(
        default=None,
        description="Not there on a server in EU mode, which has no such switch",
        exclude_if=lambda value: value is None,
    )
    eu_mode: bool
    levels: bool
    daily_tokens: int | None


class NotificationRuleOut(Out):
    content: bool
    topics: dict[Topic, TopicWishOut]
    scorecard_hours: int


class OrganisationOut(Out):
    id: str
    name: str
    personal: bool
    transcription: TranscriptionRuleOut
    analysis: AnalysisRuleOut
    visibility: Visibility
    notifications: NotificationRuleOut
    created_at: datetime

    @classmethod
    def of(cls, organisation: Organisation, *, eu_server: bool) -> OrganisationOut:
        shown = cls.model_validate(organisation)
        if eu_server:
            shown.analysis.sentiment = None
        return shown


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
