"""What leaves the house for a notice, to where, and when. Pure: a notice goes in, deliveries come out.

Their ids follow from the notice, the way and the target, so that planning again plans the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.models.delivery import Carrier, Delivery, delivery_id
from app.models.endpoint import Endpoint
from app.models.notification import Channel, Notice, Preferences, Topic, TopicWish, Wish
from app.services.notification.hours import after_quiet, digest_window, zone_of

PERSONAL: Final = frozenset({Topic.MENTION})
"""Concerns one person: no room and no machine hears of it."""
HOUSEKEEPING: Final = frozenset({Topic.ENDPOINT_DISABLED})
"""About the machines themselves: people hear of it, in person or in a room."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who hears of a notice, and how they want to."""

    user_id: str
    wish: TopicWish
    preferences: Preferences
    has_email: bool
    channels: Sequence[Channel] = ()
    """Their own, those that are switched on."""

    @property
    def digests(self) -> tuple[Carrier, ...]:
        """The ways by which they want it with the digest."""
        wishes = {Carrier.EMAIL: self.wish.email, Carrier.CHANNEL: self.wish.channels}
        return tuple(carrier for carrier, wish in wishes.items() if wish is Wish.DIGEST)


def for_person(notice: Notice, person: Person, now: datetime, *, mails: bool) -> Iterator[Delivery]:
    """`mails`: whether this installation can send e-mail."""
    if mails and person.has_email:
        yield from _wished(notice, person, person.wish.email, Carrier.EMAIL, person.user_id, now)
    for channel in person.channels:
        yield from _wished(notice, person, person.wish.channels, Carrier.CHANNEL, channel.id, now)


def for_rooms(notice: Notice, channels: Iterable[Channel], now: datetime) -> Iterator[Delivery]:
    """One for each of the organisation's channels that this is written to."""
    for channel in channels:
        if channel.user_id is None and notice.topic in channel.topics and notice.topic not in PERSONAL:
            yield _delivery(notice, Carrier.CHANNEL, channel.id, now)


def for_machines(notice: Notice, endpoints: Iterable[Endpoint], now: datetime) -> Iterator[Delivery]:
    if notice.topic in PERSONAL | HOUSEKEEPING:
        return
    for endpoint in endpoints:
        if not endpoint.topics or notice.topic in endpoint.topics:
            yield _delivery(notice, Carrier.WEBHOOK, endpoint.id, now)


def _wished(
    notice: Notice, person: Person, wish: Wish, carrier: Carrier, target_id: str, now: datetime
) -> Iterator[Delivery]:
    if wish is Wish.NOW:
        due_at = _not_at_night(now, person)
        yield _delivery(notice, carrier, target_id, now, due_at=due_at, user_id=person.user_id)
    elif wish is Wish.DIGEST:
        yield _digest(notice, person, carrier, target_id, now)


def _digest(notice: Notice, person: Person, carrier: Carrier, target_id: str, now: datetime) -> Delivery:
    """The digest that tells it: the same for all that comes until then, so that it is queued once."""
    zone = zone_of(person.preferences.time_zone)
    window = digest_window(now, person.preferences.digest_at, zone)
    digest_id = f"digest.{person.user_id}.{window.until:%Y%m%dT%H%M}"
    return Delivery(
        id=delivery_id(digest_id, carrier, target_id),
        organisation_id=notice.organisation_id,
        notice_id=digest_id,
        topic=notice.topic,
        carrier=carrier,
        target_id=target_id,
        user_id=person.user_id,
        digest_since=window.since,
        digest_until=window.until,
        due_at=_not_at_night(window.leaves_at, person),
        created_at=now,
    )


def _not_at_night(at: datetime, person: Person) -> datetime:
    return after_quiet(at, person.preferences.quiet_hours, zone_of(person.preferences.time_zone))


def _delivery(
    notice: Notice,
    carrier: Carrier,
    target_id: str,
    now: datetime,
    *,
    due_at: datetime | None = None,
    user_id: str | None = None,
) -> Delivery:
    return Delivery(
        id=delivery_id(notice.id, carrier, target_id),
        organisation_id=notice.organisation_id,
        notice_id=notice.id,
        topic=notice.topic,
        interview_id=notice.interview_id,
        carrier=carrier,
        target_id=target_id,
        user_id=user_id,
        payload=notice.payload,
        due_at=due_at or now,
        created_at=now,
    )
