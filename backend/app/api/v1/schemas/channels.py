"""Channels as the API shows and takes them. An address goes in and never comes out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, SecretStr

from app.api.v1.schemas.common import In, Name, Out
from app.models.notification import Channel, Topic
from app.services.channels import ChannelDraft, ChannelTest

Address = Annotated[
    SecretStr,
    Field(
        min_length=3,
        max_length=2000,
        description="Apprise's address of it, or the one that the service gives you; never shown again",
        examples=["slack://TokenA/TokenB/TokenC/#hiring", "https://discord.com/api/webhooks/1/abc"],
    ),
]


class ChannelBody(In):
    name: Name
    url: Address
    enabled: bool = True

    def to_draft(self) -> ChannelDraft:
        return ChannelDraft(name=self.name, url=self.url.get_secret_value().strip(), enabled=self.enabled)


class RoomBody(ChannelBody):
    topics: list[Topic] = Field(default=[], max_length=20, description="What is written there")

    def to_draft(self) -> ChannelDraft:
        return ChannelDraft(
            name=self.name,
            url=self.url.get_secret_value().strip(),
            topics=self.topics,
            enabled=self.enabled,
        )


class ChannelPatch(In):
    """What is left out stays as it is."""

    name: Name = ""
    url: Address = SecretStr("")
    enabled: bool = True

    def changes(self) -> dict[str, Any]:
        given = self.model_dump(exclude_unset=True)
        if "url" in given:
            given["url"] = self.url.get_secret_value().strip()
        return given


class RoomPatch(ChannelPatch):
    topics: list[Topic] = Field(default=[], max_length=20)


class ChannelOut(Out):
    id: str
    name: str
    service: str = Field(description="Apprise's name of the service: `slack`, `discord` …")
    enabled: bool
    version: int
    created_by: str
    created_at: datetime
    updated_at: datetime


class RoomOut(ChannelOut):
    topics: list[Topic]


class ChannelTestOut(Out):
    delivered: bool
    code: str | None
    detail: str
    status: int | None = Field(description="Of the service's answer, where it gave one that was no success")
    response: str

    @classmethod
    def of(cls, test: ChannelTest) -> ChannelTestOut:
        return cls(
            delivered=test.delivered,
            code=test.code,
            detail=test.detail,
            status=test.exchange.status,
            response=test.exchange.response,
        )


def etag_of_channel(channel: Channel) -> str:
    return f'"{channel.version}"'
