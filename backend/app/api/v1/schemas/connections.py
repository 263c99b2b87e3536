"""Connections, and what comes in through them, as the API shows and takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from app.api.v1.schemas.common import In, Language, Line, Moment, Name, Out, Tag
from app.api.v1.schemas.interviews import ParticipantIn, PersonIn, TemplateChoice, TemplateRefOut
from app.models.connection import Connection, ConnectionKind, InterviewDefaults, Preference
from app.models.interview import TemplateRef
from app.services.interviews import InterviewDraft

Address = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Secret = Annotated[str, StringConstraints(min_length=8, max_length=200)]


class DefaultsIn(In):
    """What interviews get that come through the connection."""

    template: TemplateChoice | None = None
    position: Name | None = None
    language: Language | None = None
    tags: list[Tag] = Field(default=[], max_length=30)

    def to_model(self, template: TemplateRef | None) -> InterviewDefaults:
        return InterviewDefaults(
            template=template,
            position=self.position,
            language=self.language,
            tags=tuple(dict.fromkeys(self.tags)),
        )


class ConnectionCreate(In):
    kind: ConnectionKind
    name: Name
    secret: Secret | None = Field(
        default=None,
        description="Zoom's secret token; the secret of `signed_url` is made here and shown once",
    )
    prefer: Preference = Field(default=Preference.AUDIO, description="Which file of a meeting is fetched")
    defaults: DefaultsIn = DefaultsIn()


class ConnectionPatch(In):
    """Fields that are left out stay as they are."""

    name: Name = ""
    prefer: Preference = Preference.AUDIO
    defaults: DefaultsIn = DefaultsIn()
    enabled: bool = True


class SecretRotation(In):
    secret: Secret | None = Field(default=None, description="Zoom's new secret token; none for `signed_url`")


class DefaultsOut(Out):
    template: TemplateRefOut | None
    position: str | None
    language: str | None
    tags: list[str]


class ConnectionOut(Out):
    id: str
    kind: ConnectionKind
    name: str
    prefer: Preference
    defaults: DefaultsOut
    enabled: bool
    version: int
    webhook_url: str = Field(description="Where the other side calls; not a secret")
    instructions: str = Field(description="What to do on the other side")
    previous_until: datetime | None = Field(
        description="Until when the secret before the newest is believed, after a rotation"
    )
    created_by: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, connection: Connection, *, webhook_url: str, instructions: str) -> ConnectionOut:
        stored = connection.model_dump(include=set(cls.model_fields))
        return cls(**stored, webhook_url=webhook_url, instructions=instructions)


class ConnectionWithSecret(ConnectionOut):
    secret: str | None = Field(description="Shown this once, when it was made here; null for Zoom's own")


class RecordingCallIn(In):
    """A recording is at this address; what is left out comes from the connection's defaults."""

    url: Address = Field(description="http(s) address of the audio or video file, on the public internet")
    filename: Name | None = None
    transcript_url: Address | None = Field(
        default=None,
        description="Of a WebVTT, SRT, JSON or text file that is used instead of a transcript of ours",
    )
    title: Line
    candidate: PersonIn | None = None
    position: Name | None = None
    participants: list[ParticipantIn] = Field(default=[], max_length=30)
    language: Language | None = None
    speakers_expected: int = Field(default=2, ge=1, le=6)
    template: TemplateChoice | None = None
    scheduled_at: Moment | None = None
    tags: list[Tag] = Field(default=[], max_length=30)
    external_id: Name | None = None

    def to_draft(self, defaults: InterviewDefaults, template: TemplateRef | None) -> InterviewDraft:
        return InterviewDraft(
            title=self.title,
            candidate=self.candidate.to_model() if self.candidate else None,
            position=self.position or defaults.position,
            participants=tuple(p.to_model() for p in self.participants),
            language=self.language or defaults.language,
            speakers_expected=self.speakers_expected,
            template=template or defaults.template,
            scheduled_at=self.scheduled_at,
            tags=tuple(dict.fromkeys((*defaults.tags, *self.tags))),
            external_id=self.external_id,
        )


def recording_call_schema() -> dict[str, Any]:
    """For the reference: no handler declares this body. Its parts are in there already, as those of others."""
    schema = RecordingCallIn.model_json_schema(ref_template="#/components/schemas/{model}")
    del schema["$defs"]
    return schema


class FetchBody(In):
    url: Address = Field(description="http(s) address of the audio or video file, on the public internet")
    filename: Name | None = None


def etag_of(connection: Connection) -> str:
    return f'"{connection.version}"'
