"""Gathers the facts of a delivery at the moment of sending, so that a message tells what is, not what was.

Whoever left the organisation, and an interview that is gone, are told nothing of: the delivery is cancelled.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final

from app.models.delivery import Delivery
from app.models.interview import Interview, Status
from app.models.notification import InboxItem, Topic
from app.models.organisation import Membership, Organisation
from app.repositories.base import PageKey, Repositories
from app.services.notification.asked import standing_request
from app.services.notification.base import TargetGone
from app.services.notification.hours import zone_of
from app.services.notification.rendering.facts import Entry, Facts, Form
from app.services.notification.rendering.links import Links

_ENTRIES: Final = 50
_PAGE: Final = 500
_BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)
_GONE: Final = (Status.DELETING, Status.DELETED)
_WITH_CODE: Final = (Topic.INTERVIEW_FAILED, Topic.ENDPOINT_DISABLED)
_OF_NO_INTERVIEW: Final = (Topic.ENDPOINT_DISABLED,)


class FactsLoader:
    def __init__(self, repositories: Repositories, links: Links) -> None:
        self._repositories = repositories
        self._links = links

    async def load(self, delivery: Delivery) -> Facts:
        """Raises `TargetGone` when there is nobody to tell, or nothing to tell of."""
        organisation = await self._repositories.people.get_organisation(delivery.organisation_id)
        if organisation is None:
            raise TargetGone("The organisation is gone.")
        if delivery.user_id is not None:
            await self.membership(delivery)
            if delivery.digest_until is not None:
                return await self._digest(delivery, organisation, delivery.user_id, delivery.digest_until)
        return await self._notice(delivery, organisation)

    async def membership(self, delivery: Delivery) -> Membership:
        """Of the person whom the delivery is for. Raises `TargetGone`."""
        found = await self._member(delivery.organisation_id, delivery.user_id)
        if found is None:
            raise TargetGone("The person is no member of the organisation any more.")
        return found

    async def test(self, organisation_id: str, *, personal: bool) -> Facts:
        """Of a message that only shows that messages arrive."""
        organisation = await self._repositories.people.get_organisation(organisation_id)
        if organisation is None:
            raise TargetGone("The organisation is gone.")
        return Facts(
            topic=Topic.MENTION,
            form=Form.TEST,
            organisation=organisation.name,
            link=self._settings(personal=personal),
            settings_link=self._settings(personal=personal),
            personal=personal,
        )

    async def _notice(self, delivery: Delivery, organisation: Organisation) -> Facts:
        personal = delivery.user_id is not None
        interview = None
        if delivery.topic not in _OF_NO_INTERVIEW:
            interview = await self._interview(delivery)
        shown = interview if organisation.notifications.content else None
        code = delivery.payload.get("code") if delivery.topic in _WITH_CODE else None
        return Facts(
            topic=delivery.topic,
            organisation=organisation.name,
            link=self._links.interview(interview.id) if interview else self._links.endpoints,
            settings_link=self._settings(personal=personal),
            personal=personal,
            title=shown.title if shown else None,
            candidate=shown.candidate.name if shown and shown.candidate else None,
            position=shown.position if shown else None,
            code=str(code) if code else None,
            reason=_reason(shown, code) if shown else None,
            due_at=await self._due_at(delivery),
            yours=personal and delivery.payload.get("user_id") in (None, delivery.user_id),
            by=await self._named(delivery, "by", "requested_by"),
            whose=await self._named(delivery, "user_id"),
        )

    async def _interview(self, delivery: Delivery) -> Interview:
        found = None
        if delivery.interview_id is not None:
            repository = self._repositories.interviews(delivery.organisation_id)
            found = await repository.get(delivery.interview_id)
        if found is None or found.status in _GONE:
            raise TargetGone("The interview is gone.")
        return found

    async def _due_at(self, delivery: Delivery) -> datetime | None:
        """When the scorecard is expected. Raises `TargetGone` when it is not expected any more, or at another time."""
        request = await standing_request(self._repositories, delivery)
        return request.due_at.astimezone(await self._time_zone(delivery)) if request else None

    async def _named(self, delivery: Delivery, *fields: str) -> str | None:
        """What the colleague is called whose id is in one of these fields of the payload."""
        user_id = next((delivery.payload[field] for field in fields if field in delivery.payload), None)
        member = await self._member(delivery.organisation_id, user_id if isinstance(user_id, str) else None)
        return (member.name or member.email) if member else None

    async def _digest(
        self, delivery: Delivery, organisation: Organisation, user_id: str, until: datetime
    ) -> Facts:
        shown, count = await self._told_in(delivery, user_id, until)
        if not shown:
            raise TargetGone("There is nothing to tell.")
        zone = await self._time_zone(delivery)
        return Facts(
            topic=delivery.topic,
            form=Form.DIGEST,
            organisation=organisation.name,
            link=self._links.inbox,
            settings_link=self._links.preferences,
            entries=tuple(self._entry(item, zone, organisation.notifications.content) for item in shown),
            more=count - len(shown),
        )

    async def _told_in(
        self, delivery: Delivery, user_id: str, until: datetime
    ) -> tuple[Sequence[InboxItem], int]:
        """The newest items of a digest that it has room for, oldest first, and how many there are in all."""
        inbox = self._repositories.inbox(delivery.organisation_id)
        since, after = delivery.digest_since or _BEGINNING, None
        newest, count = deque[InboxItem](maxlen=_ENTRIES), 0
        while True:
            page = await inbox.list_between(
                user_id, since, until, limit=_PAGE, digest=delivery.carrier, after=after
            )
            newest.extend(page)
            count += len(page)
            if len(page) < _PAGE:
                return tuple(newest), count
            after = PageKey(page[-1].created_at, page[-1].id)

    def _entry(self, item: InboxItem, zone: tzinfo, may_tell: bool) -> Entry:
        return Entry(
            topic=item.topic,
            link=self._links.interview(item.interview_id) if item.interview_id else self._links.inbox,
            at=item.created_at.astimezone(zone),
            title=(item.subject or None) if may_tell else None,
        )

    def _settings(self, *, personal: bool) -> str:
        return self._links.preferences if personal else self._links.channels

    async def _member(self, organisation_id: str, user_id: str | None) -> Membership | None:
        if user_id is None:
            return None
        memberships = await self._repositories.people.memberships_of(user_id)
        return next((m for m in memberships if m.organisation_id == organisation_id), None)

    async def _time_zone(self, delivery: Delivery) -> tzinfo:
        """The person's; that of everybody else is UTC."""
        if delivery.user_id is None:
            return UTC
        preferences = await self._repositories.preferences(delivery.organisation_id).get(delivery.user_id)
        return zone_of(preferences.time_zone) if preferences else UTC


def _reason(interview: Interview, code: object) -> str | None:
    failure = interview.failure
    return failure.message if failure is not None and failure.code == code else None
