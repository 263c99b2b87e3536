"""The people behind a notice: members, what they wish, where they are reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Final

from app.models.interview import Interview
from app.models.notification import Channel, Notice, Preferences
from app.models.organisation import Membership, NotificationRule
from app.repositories.base import PageKey, Repositories
from app.services.notification.audience import FOR_NAMED, Member, audience, named, panel_addresses
from app.services.notification.planning import Person
from app.services.notification.wishes import wish_for

_PAGE: Final = 500


class Recipients:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories
        self._people = repositories.people

    async def of(
        self, notice: Notice, interview: Interview | None, channels: Iterable[Channel]
    ) -> AsyncIterator[Person]:
        """Everybody who hears of the notice, each with their own of these channels."""
        rule = await self._rule(notice.organisation_id)
        own_channels: dict[str | None, list[Channel]] = defaultdict(list)
        for channel in channels:
            own_channels[channel.user_id].append(channel)
        addresses = panel_addresses(interview)
        async for page in self._candidates(notice):
            wishes = await self._wishes(notice.organisation_id, page)
            members = [await self._member(m, wishes[m.user_id], addresses) for m in page]
            told = audience(notice, interview, members)
            for membership in page:
                user_id = membership.user_id
                if user_id in told:
                    yield Person(
                        user_id=user_id,
                        wish=wish_for(notice.topic, rule, wishes[user_id], told[user_id]),
                        preferences=wishes[user_id],
                        has_email=bool(membership.email),
                        channels=own_channels.get(user_id, ()),
                    )

    async def _candidates(self, notice: Notice) -> AsyncIterator[Sequence[Membership]]:
        """Members who may be meant, in pages: those whom the notice names, or all."""
        organisation_id = notice.organisation_id
        if notice.topic in FOR_NAMED:
            for user_id in sorted(named(notice)):
                memberships = await self._people.memberships_of(user_id)
                yield [m for m in memberships if m.organisation_id == organisation_id]
            return
        after = None
        while True:
            page = await self._people.list_members(organisation_id, after=after, limit=_PAGE)
            yield page
            if len(page) < _PAGE:
                return
            after = PageKey(page[-1].created_at, page[-1].id)

    async def _wishes(self, organisation_id: str, page: Sequence[Membership]) -> dict[str, Preferences]:
        wishes = {m.user_id: Preferences(organisation_id=organisation_id, user_id=m.user_id) for m in page}
        if wishes:
            saved = await self._repositories.preferences(organisation_id).list_for(list(wishes))
            wishes |= {preferences.user_id: preferences for preferences in saved}
        return wishes

    async def _member(self, membership: Membership, own: Preferences, panel: frozenset[str]) -> Member:
        """Whether somebody vouches for an address is asked only where it is one of the panel's."""
        email = (membership.email or "").casefold()
        proved = email in panel and await self._is_proved(membership.user_id, email)
        return Member(
            user_id=membership.user_id,
            role=membership.role,
            scope=own.scope,
            proved_email=email if proved else None,
        )

    async def _is_proved(self, user_id: str, email: str) -> bool:
        user = await self._people.get_user(user_id)
        return user is not None and user.email_verified and (user.email or "").casefold() == email

    async def _rule(self, organisation_id: str) -> NotificationRule:
        organisation = await self._people.get_organisation(organisation_id)
        return organisation.notifications if organisation else NotificationRule()
