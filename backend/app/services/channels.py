"""Channels: chat rooms of the organisation, and the chat of single people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import anyio

from app.core.errors import Conflict, NotFound, PreconditionFailed
from app.models.base import new_id, utc_now
from app.models.delivery import Carrier
from app.models.notification import Channel, Topic
from app.repositories.base import PageKey, Repositories
from app.services.notification.base import NOTHING_SAID, Exchange, NotDelivered
from app.services.notification.channel import ChannelSender

_MOST: Final = 50
"""Rooms of an organisation, and channels of one person."""
_TEST_SECONDS: Final = 30.0


class ChannelNotFound(NotFound):
    code = "channel_not_found"


class ChannelChanged(PreconditionFailed):
    code = "version_mismatch"


class TooManyChannels(Conflict):
    code = "too_many_channels"


@dataclass(frozen=True, slots=True)
class ChannelDraft:
    name: str
    url: str
    topics: Collection[Topic] = ()
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class ChannelTest:
    """What came of a test message."""

    delivered: bool
    code: str | None = None
    detail: str = ""
    exchange: Exchange = NOTHING_SAID


class ChannelService:
    """`owner` is a person whose channels are meant; None means the organisation's. Nobody sees another's."""

    def __init__(self, repositories: Repositories, sender: ChannelSender) -> None:
        self._repositories = repositories
        self._sender = sender

    async def create(
        self, organisation_id: str, owner: str | None, draft: ChannelDraft, *, by: str
    ) -> Channel:
        """Raises `AddressRefused`."""
        address = await self._sender.read_address(draft.url)
        if len(await self.list_newest(organisation_id, owner, after=None, limit=_MOST)) >= _MOST:
            raise TooManyChannels(f"There are {_MOST} channels already; remove one first.")
        now = utc_now()
        channel = Channel(
            id=new_id(),
            organisation_id=organisation_id,
            user_id=owner,
            name=draft.name,
            service=address.service,
            url=draft.url,
            topics=_in_order(draft.topics),
            enabled=draft.enabled,
            created_by=by,
            created_at=now,
            updated_at=now,
        )
        await self._repositories.channels(organisation_id).insert(channel)
        return channel

    async def get(self, organisation_id: str, owner: str | None, channel_id: str) -> Channel:
        found = await self._repositories.channels(organisation_id).get(channel_id)
        if found is None or found.user_id != owner:
            raise ChannelNotFound("No such channel.")
        return found

    async def list_newest(
        self, organisation_id: str, owner: str | None, *, after: PageKey | None, limit: int
    ) -> Sequence[Channel]:
        return await self._repositories.channels(organisation_id).list_of(owner, after=after, limit=limit)

    async def update(
        self,
        organisation_id: str,
        owner: str | None,
        channel_id: str,
        changes: dict[str, Any],
        *,
        expected_version: int | None,
    ) -> Channel:
        """Set what is given of name, url, topics and enabled. Raises `AddressRefused`."""
        current = await self.get(organisation_id, owner, channel_id)
        if expected_version is not None and expected_version != current.version:
            raise ChannelChanged(f"The channel has version {current.version} by now; load it again.")
        if "url" in changes:
            changes = {**changes, "service": (await self._sender.read_address(changes["url"])).service}
        if "topics" in changes:
            changes = {**changes, "topics": _in_order(changes["topics"])}
        changed = current.model_copy(
            update={**changes, "version": current.version + 1, "updated_at": utc_now()}
        )
        repository = self._repositories.channels(organisation_id)
        if not await repository.replace(changed, expected_version=current.version):
            raise ChannelChanged("Somebody else changed the channel at the same moment; load it again.")
        if current.enabled and not changed.enabled:
            await self._cancel(changed)
        return changed

    async def delete(self, organisation_id: str, owner: str | None, channel_id: str) -> None:
        """Remove it; what waits to be written there is cancelled."""
        channel = await self.get(organisation_id, owner, channel_id)
        await self._repositories.channels(organisation_id).delete(channel_id)
        await self._cancel(channel)

    async def test(self, organisation_id: str, owner: str | None, channel_id: str) -> ChannelTest:
        """Write a test message there, now; also to one that is switched off."""
        channel = await self.get(organisation_id, owner, channel_id)
        try:
            with anyio.fail_after(_TEST_SECONDS):
                exchange = await self._sender.send_test(channel, notice_id=f"test-{new_id()}")
        except NotDelivered as error:
            return ChannelTest(False, error.code, error.detail, error.exchange)
        except TimeoutError:
            return ChannelTest(False, "send_timeout", f"It took longer than {_TEST_SECONDS:.0f} seconds.")
        return ChannelTest(True, exchange=exchange)

    async def _cancel(self, channel: Channel) -> None:
        deliveries = self._repositories.deliveries(channel.organisation_id)
        await deliveries.cancel_pending(Carrier.CHANNEL, channel.id, utc_now())


def _in_order(topics: Collection[Topic]) -> tuple[Topic, ...]:
    return tuple(topic for topic in Topic if topic in topics)
