"""The carrier of chat messages, to rooms of the organisation and to people's own channels."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from anyio import CapacityLimiter, to_thread

from app.models.delivery import Delivery
from app.models.notification import Channel
from app.repositories.base import Repositories
from app.services.notification.base import Exchange, TargetGone
from app.services.notification.channel_address import ChannelAddress
from app.services.notification.rendering.facts import Facts, Message
from app.services.notification.rendering.loading import FactsLoader
from app.services.notification.rendering.render import render


class ChannelSender:
    def __init__(
        self, repositories: Repositories, loader: FactsLoader, *, private_hosts: Collection[str], at_once: int
    ) -> None:
        self._repositories = repositories
        self._loader = loader
        self._private_hosts = tuple(private_hosts)
        # Threads of its own: a service that hangs must not take those of everybody else.
        self._limiter = CapacityLimiter(at_once)

    async def send(self, delivery: Delivery) -> Exchange:
        channel = await self._repositories.channels(delivery.organisation_id).get(delivery.target_id)
        if channel is None:
            raise TargetGone("The channel was removed.")
        if not channel.enabled:
            raise TargetGone("The channel is switched off.")
        if channel.user_id != delivery.user_id:
            raise TargetGone("The channel is somebody else's.")
        return await self._post(channel, await self._loader.load(delivery), delivery.notice_id)

    async def send_test(self, channel: Channel, *, notice_id: str) -> Exchange:
        """A message that only shows that messages arrive. Raises `NotDelivered`."""
        personal = channel.user_id is not None
        facts = await self._loader.test(channel.organisation_id, personal=personal)
        return await self._post(channel, facts, notice_id)

    async def read_address(self, url: str) -> ChannelAddress:
        """Raises `AddressRefused`."""
        return await to_thread.run_sync(_read_address, url, self._private_hosts)

    async def _post(self, channel: Channel, facts: Facts, notice_id: str) -> Exchange:
        message = await to_thread.run_sync(render, _harmless(facts))
        return await to_thread.run_sync(
            _post,
            channel.url,
            message,
            self._private_hosts,
            notice_id,
            limiter=self._limiter,
            abandon_on_cancel=True,
        )


def _harmless(facts: Facts) -> Facts:
    """Names as chat services show them: none of them calls everybody (`@here`, `<!channel>`), makes a
    link, or is shown as markup (`*bold*`, `||spoiler||`)."""
    return replace(
        facts,
        organisation=_plain(facts.organisation),
        title=_plain(facts.title) if facts.title else None,
        candidate=_plain(facts.candidate) if facts.candidate else None,
        position=_plain(facts.position) if facts.position else None,
        reason=_plain(facts.reason) if facts.reason else None,
        by=_plain(facts.by) if facts.by else None,
        whose=_plain(facts.whose) if facts.whose else None,
        entries=tuple(replace(e, title=_plain(e.title) if e.title else None) for e in facts.entries),
    )


_LOOKALIKES: Final = str.maketrans(
    {
        "@": "\uff20",
        "<": "\u2039",
        ">": "\u203a",
        "[": "(",
        "]": ")",
        "`": "'",
        "*": "\u2217",
        "_": "\uff3f",
        "~": "\u223c",
        "|": "\u2223",
    }
)


def _plain(text: str) -> str:
    return text.translate(_LOOKALIKES).replace("://", "\uff1a//")


# Apprise is imported at the first use: it would be half of the start of a server that has nothing to send.
def _read_address(url: str, private_hosts: Collection[str]) -> ChannelAddress:
    from app.services.notification.providers.chat import read_address  # noqa: PLC0415

    return read_address(url, private_hosts=private_hosts)


def _post(url: str, message: Message, private_hosts: Collection[str], notice_id: str) -> Exchange:
    from app.services.notification.providers.chat import post  # noqa: PLC0415

    return post(url, message, private_hosts=private_hosts, notice_id=notice_id)
