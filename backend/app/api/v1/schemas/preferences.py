"""Wishes of people, and of organisations for them, as the API shows and takes them."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer

from app.api.v1.schemas.common import In, Key, Out
from app.models.notification import QuietHours, Scope, Topic, TopicWish, Wish
from app.services.notification.wishes import Source
from app.services.preferences import ShownPreferences, Wishes


def _to_the_minute(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("must have no time zone: `time_zone` says where it holds")
    return value.replace(second=0, microsecond=0)


TimeOfDay = Annotated[
    time,
    AfterValidator(_to_the_minute),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str),
]


class TopicWishBody(In):
    in_app: bool = Field(default=True, description="In the inbox, as something new")
    email: Wish = Field(default=Wish.NEVER, description="`now`, with the `digest`, or `never`")
    channels: Wish = Field(
        default=Wish.NEVER, description="The same for your own channels: Slack, Telegram …"
    )

    def to_model(self) -> TopicWish:
        return TopicWish(**self.model_dump())


class QuietHoursBody(In):
    begin: TimeOfDay
    end: TimeOfDay = Field(description="Before `begin`: the next morning")


class PreferencesBody(In):
    """Replaces all that you said before."""

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "topics": {"debrief.ready": {"in_app": True, "email": "digest", "channels": "now"}},
                    "scope": "own",
                    "quiet_hours": {"begin": "20:00", "end": "07:30"},
                    "digest_at": "08:00",
                    "time_zone": "Europe/Berlin",
                }
            ]
        }
    }

    topics: dict[Topic, TopicWishBody] = Field(
        default={}, description="A topic that is left out follows the organisation"
    )
    scope: Scope = Field(default=Scope.OWN, description="`all`: every interview of the organisation")
    quiet_hours: QuietHoursBody | None = Field(
        default=None, description="What comes meanwhile waits for their end"
    )
    digest_at: TimeOfDay = time(8, 0)
    time_zone: Key = Field(default="UTC", description="IANA name, such as Europe/Berlin")

    def to_wishes(self) -> Wishes:
        quiet = self.quiet_hours
        return Wishes(
            topics={topic: wish.to_model() for topic, wish in self.topics.items()},
            scope=self.scope,
            quiet_hours=QuietHours(begin=quiet.begin, end=quiet.end) if quiet else None,
            digest_at=self.digest_at,
            time_zone=self.time_zone,
        )


class TopicWishOut(Out):
    in_app: bool
    email: Wish
    channels: Wish


class EffectiveWishOut(TopicWishOut):
    source: Source = Field(
        description="Whose wish it is: the product's default, the organisation's, or your own"
    )


class QuietHoursOut(Out):
    begin: TimeOfDay
    end: TimeOfDay


class PreferencesOut(Out):
    topics: dict[Topic, TopicWishOut] = Field(description="What you said yourself")
    effective: dict[Topic, EffectiveWishOut] = Field(description="What holds, for every topic")
    scope: Scope
    quiet_hours: QuietHoursOut | None
    digest_at: TimeOfDay
    time_zone: str
    version: int = Field(description="0: nothing was saved yet")

    @classmethod
    def of(cls, shown: ShownPreferences) -> PreferencesOut:
        own = shown.preferences
        return cls(
            topics={topic: TopicWishOut.model_validate(wish) for topic, wish in own.topics.items()},
            effective={
                topic: EffectiveWishOut(**found.wish.model_dump(), source=found.source)
                for topic, found in shown.effective.items()
            },
            scope=own.scope,
            quiet_hours=QuietHoursOut.model_validate(own.quiet_hours) if own.quiet_hours else None,
            digest_at=own.digest_at,
            time_zone=own.time_zone,
            version=own.version,
        )


def etag_of_preferences(shown: ShownPreferences) -> str:
    return f'"{shown.preferences.version}"'
