"""How a person wants to hear of things in one organisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Final

from app.core.errors import Conflict, InvalidInput
from app.models.notification import Preferences, QuietHours, Scope, Topic, TopicWish
from app.models.organisation import NotificationRule
from app.repositories.base import Repositories
from app.services.accounts import Actor
from app.services.lifecycle import VersionMismatch
from app.services.notification.hours import find_zone
from app.services.notification.wishes import EffectiveWish, effective

_TRIES: Final = 8


class TimeZoneUnknown(InvalidInput):
    code = "time_zone_unknown"


class QuietHoursInvalid(InvalidInput):
    code = "quiet_hours_invalid"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person says. It replaces all that they said before."""

    topics: Mapping[Topic, TopicWish]
    scope: Scope
    quiet_hours: QuietHours | None
    digest_at: time
    time_zone: str


@dataclass(frozen=True, slots=True)
class ShownPreferences:
    preferences: Preferences
    effective: Mapping[Topic, EffectiveWish]
    """For every topic: what holds, and whose wish it is."""


class PreferencesService:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    async def get(self, actor: Actor) -> ShownPreferences:
        """Version 0 for who never saved any."""
        return await self._shown(await self._own(actor))

    async def save(self, actor: Actor, wishes: Wishes, *, expected_version: int | None) -> ShownPreferences:
        """Raises `TimeZoneUnknown`, `QuietHoursInvalid` and `VersionMismatch`."""
        _check(wishes)
        repository = self._repositories.preferences(actor.organisation_id)
        for _ in range(_TRIES):
            current = await self._own(actor)
            if expected_version is not None and expected_version != current.version:
                raise VersionMismatch(
                    f"Your wishes have version {current.version} by now; load them again.",
                    version=current.version,
                )
            changed = current.model_copy(
                update={
                    "topics": dict(wishes.topics),
                    "scope": wishes.scope,
                    "quiet_hours": wishes.quiet_hours,
                    "digest_at": wishes.digest_at,
                    "time_zone": wishes.time_zone,
                    "version": current.version + 1,
                }
            )
            if await repository.save(changed, expected_version=current.version):
                return await self._shown(changed)
        raise Conflict("Too many changes at once; try again.")

    async def _own(self, actor: Actor) -> Preferences:
        found = await self._repositories.preferences(actor.organisation_id).get(actor.user.id)
        return found or Preferences(organisation_id=actor.organisation_id, user_id=actor.user.id)

    async def _shown(self, own: Preferences) -> ShownPreferences:
        organisation = await self._repositories.people.get_organisation(own.organisation_id)
        rule = organisation.notifications if organisation else NotificationRule()
        return ShownPreferences(own, {topic: effective(topic, rule, own) for topic in Topic})


def _check(wishes: Wishes) -> None:
    if find_zone(wishes.time_zone) is None:
        raise TimeZoneUnknown(
            f"{wishes.time_zone} is no time zone of the IANA list; send a name such as Europe/Berlin."
        )
    quiet = wishes.quiet_hours
    if quiet is not None and quiet.begin == quiet.end:
        raise QuietHoursInvalid("Quiet hours must end at another time than they begin.")
