"""Webhook endpoints as the API shows and takes them. A secret is shown once, when it is made."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from app.api.v1.schemas.common import In, Moment, Out
from app.models.base import utc_now
from app.models.endpoint import Endpoint
from app.models.notification import Topic
from app.services.endpoints import EVENT_TYPES, EndpointDraft, EndpointTest

_EVENT_TYPES = "What it hears of; empty: everything. Types: " + ", ".join(
    f"`{topic}`" for topic in EVENT_TYPES
)
Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2000,
        description="Where messages are posted; on the public internet unless the operator lists the host",
        examples=["https://example.com/hooks/debrief"],
    ),
]
Description = Annotated[str, StringConstraints(max_length=300)]
Topics = Annotated[list[Topic], Field(max_length=20, description=_EVENT_TYPES)]


class EndpointBody(In):
    url: Url
    description: Description = ""
    topics: Topics = []

    def to_draft(self) -> EndpointDraft:
        return EndpointDraft(url=self.url, description=self.description, topics=self.topics)


class EndpointPatch(In):
    """What is left out stays as it is."""

    url: Url = ""
    description: Description = ""
    topics: Topics = []

    def changes(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class RotationBody(In):
    overlap_hours: float = Field(
        default=24,
        ge=0,
        le=168,
        description="How long the old secret signs beside the new one; 0: not at all, for one that leaked",
    )


class RecoveryBody(In):
    since: Moment


class SecretOut(Out):
    created_at: datetime
    expires_at: datetime | None = Field(description="Of an old one after a rotation")


class EndpointOut(Out):
    id: str
    url: str
    description: str
    topics: list[Topic] = Field(description=_EVENT_TYPES)
    enabled: bool
    disabled_reason: str | None = Field(
        description="Why it was switched off by itself; null: a person did it"
    )
    failing_since: datetime | None = Field(description="Of the first failure since the last success")
    secrets: list[SecretOut] = Field(description="Those that sign, the newest first")
    version: int
    created_by: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, endpoint: Endpoint) -> EndpointOut:
        shown, now = cls.model_validate(endpoint), utc_now()
        shown.secrets = [s for s in shown.secrets if s.expires_at is None or s.expires_at > now]
        return shown


class NewSecretOut(EndpointOut):
    secret: str = Field(
        description="Keep it: it is not shown again", examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
    )

    @classmethod
    def of(cls, endpoint: Endpoint) -> NewSecretOut:
        return cls(**EndpointOut.of(endpoint).model_dump(), secret=endpoint.secrets[0].value)


class EndpointTestOut(Out):
    delivered: bool
    code: str | None = Field(description="Why it failed, for machines")
    detail: str
    status: int | None = Field(description="Of the answer")
    request: str
    response: str

    @classmethod
    def of(cls, test: EndpointTest) -> EndpointTestOut:
        return cls(
            delivered=test.delivered,
            code=test.code,
            detail=test.detail,
            status=test.exchange.status,
            request=test.exchange.request,
            response=test.exchange.response,
        )


class RecoveryOut(Out):
    recovered: int = Field(
        description="Messages that are sent again; 1000 means that there may be more: ask again"
    )


def etag_of_endpoint(endpoint: Endpoint) -> str:
    return f'"{endpoint.version}"'
