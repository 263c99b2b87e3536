"""A person's inbox in one organisation: what they were told, inside the application."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.models.base import utc_now
from app.models.event import Event, EventKind
from app.models.notification import InboxItem
from app.repositories.base import PageKey, Repositories
from app.services.accounts import Actor
from app.services.events.base import EventBus


class InboxService:
    def __init__(self, repositories: Repositories, bus: EventBus) -> None:
        self._repositories = repositories
        self._bus = bus

    async def list_newest(
        self, actor: Actor, *, unread_only: bool, after: PageKey | None, limit: int
    ) -> Sequence[InboxItem]:
        inbox = self._repositories.inbox(actor.organisation_id)
        return await inbox.list_newest(actor.user.id, unread_only=unread_only, after=after, limit=limit)

    async def count_unread(self, actor: Actor) -> int:
        return await self._repositories.inbox(actor.organisation_id).count_unread(actor.user.id)

    async def mark_read(self, actor: Actor, item_ids: Collection[str] | None) -> int:
        """Mark these, or all (None), as read, and tell the person's other pages; gives how many are unread still."""
        inbox = self._repositories.inbox(actor.organisation_id)
        marked = await inbox.mark_read(actor.user.id, utc_now(), item_ids=item_ids)
        unread = await inbox.count_unread(actor.user.id)
        if marked:
            ids = None if item_ids is None else sorted(item_ids)
            self._bus.publish(
                Event(
                    kind=EventKind.INBOX_READ,
                    organisation_id=actor.organisation_id,
                    user_id=actor.user.id,
                    data={"ids": ids, "unread": unread},
                )
            )
        return unread
