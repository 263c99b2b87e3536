"""Telling people and machines: makes of one notice what each of them gets.

Whatever happens in between, telling a notice again leads to the same: all that is written has ids that follow from the
notice's. What leaves the house is only queued here; workers carry it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from app.models.base import new_id, utc_now
from app.models.delivery import Delivery
from app.models.event import Event, notified
from app.models.interview import Interview, OutboxEntry
from app.models.notification import InboxItem, Notice, Topic, inbox_id
from app.repositories.base import Repositories
from app.services.notification.planning import Person, for_machines, for_person, for_rooms
from app.services.notification.recipients import Recipients

_TOPICS: Final = frozenset(topic.value for topic in Topic)
_MOST_CHANNELS: Final = 5000
_MOST_ENDPOINTS: Final = 200


def message(topic: Topic, **payload: str | int | None) -> OutboxEntry:
    """An outbox entry; the payload holds ids and codes, never a candidate's words or name."""
    return OutboxEntry(id=new_id(), kind=topic.value, payload=payload, created_at=utc_now())


def notice_of(interview: Interview, entry: OutboxEntry) -> Notice | None:
    """What an outbox entry tells; None for a topic that is not known here."""
    if entry.kind not in _TOPICS:
        return None
    return Notice(
        id=entry.id,
        organisation_id=interview.organisation_id,
        topic=Topic(entry.kind),
        interview_id=interview.id,
        payload=entry.payload,
        created_at=entry.created_at,
    )


class NotificationService:
    """`mails`: whether this installation can send e-mail; without that none is queued."""

    def __init__(self, repositories: Repositories, publish: Callable[[Event], None], *, mails: bool) -> None:
        self._repositories = repositories
        self._recipients = Recipients(repositories)
        self._publish = publish
        self._mails = mails

    async def tell(self, notice: Notice) -> None:
        """Put it into the inboxes of all who are to hear of it, and queue what goes out. Of an interview that is gone
        nobody hears anything."""
        organisation_id, interview = notice.organisation_id, None
        if notice.interview_id is not None:
            interview = await self._repositories.interviews(organisation_id).get(notice.interview_id)
            if interview is None:
                return
        channels = await self._repositories.channels(organisation_id).list_enabled(limit=_MOST_CHANNELS)
        endpoints = await self._repositories.endpoints(organisation_id).list_enabled(limit=_MOST_ENDPOINTS)
        now = utc_now()
        await self._queue(organisation_id, for_rooms(notice, channels, now))
        await self._queue(organisation_id, for_machines(notice, endpoints, now))
        async for person in self._recipients.of(notice, interview, channels):
            await self._tell(notice, interview, person)

    async def _tell(self, notice: Notice, interview: Interview | None, person: Person) -> None:
        """One person. The digest is queued before the item that it is to tell: a crash between the two must not leave
        an item that no digest tells."""
        now = utc_now()
        await self._queue(notice.organisation_id, for_person(notice, person, now, mails=self._mails))
        if not (person.wish.in_app or person.digests):
            return
        item = InboxItem(
            id=inbox_id(notice.id, person.user_id),
            organisation_id=notice.organisation_id,
            user_id=person.user_id,
            topic=notice.topic,
            interview_id=notice.interview_id,
            subject=interview.title if interview else "",
            payload=notice.payload,
            digests=tuple(carrier.value for carrier in person.digests),
            created_at=now,
            # A digest is made from the inbox: what is only to be in that is kept there, and is nothing new.
            read_at=None if person.wish.in_app else now,
        )
        inbox = self._repositories.inbox(notice.organisation_id)
        if await inbox.put(item) and person.wish.in_app:
            self._publish(notified(item, await inbox.count_unread(person.user_id)))

    async def _queue(self, organisation_id: str, deliveries: Iterable[Delivery]) -> None:
        repository = self._repositories.deliveries(organisation_id)
        for delivery in deliveries:
            await repository.put(delivery)
