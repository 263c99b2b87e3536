"""What messages would look like, before any leaves."""

from __future__ import annotations

from app.models.notification import Topic
from app.repositories.base import Repositories
from app.services.notification.rendering.facts import Message
from app.services.notification.rendering.links import Links
from app.services.notification.rendering.preview import preview


class MessagePreviews:
    def __init__(self, repositories: Repositories, links: Links) -> None:
        self._repositories = repositories
        self._links = links

    async def of(self, organisation_id: str, topic: Topic | None, *, content: bool | None) -> Message:
        """Invented data under the organisation's name; None for `content`: as the organisation's rule has it."""
        organisation = await self._repositories.people.get_organisation(organisation_id)
        allowed = organisation.notifications.content if organisation and content is None else bool(content)
        return preview(
            topic, organisation=organisation.name if organisation else "", links=self._links, content=allowed
        )
