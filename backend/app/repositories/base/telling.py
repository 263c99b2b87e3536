"""What is told to people and machines, and where recordings come from by themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from app.models.base import Stored
from app.models.delivery import Carrier, Delivery, DeliveryStatus
from app.models.notification import Channel, InboxItem, Notice, Preferences, ScorecardRequest
from app.repositories.base.pages import PageKey

Owned = TypeVar("Owned", bound=Stored)


class OwnedRepository(Protocol[Owned]):
    """Documents of one organisation that have an `id`, a `version`, `created_at` and `updated_at`: its endpoints,
    channels, connections."""

    async def insert(self, document: Owned) -> None:
        """Raises `Duplicate` when the id is taken, `ValueError` for another organisation's document."""

    async def get(self, document_id: str) -> Owned | None: ...

    async def list_newest(self, *, after: PageKey | None, limit: int) -> Sequence[Owned]: ...

    async def list_enabled(self, *, limit: int) -> Sequence[Owned]:
        """Those with `enabled`, oldest first."""

    async def replace(self, document: Owned, *, expected_version: int) -> bool:
        """Replace the document that has `expected_version`; False when it has another one or is missing."""

    async def delete(self, document_id: str) -> bool: ...


class ChannelRepository(OwnedRepository[Channel], Protocol):
    async def list_of(self, owner: str | None, *, after: PageKey | None, limit: int) -> Sequence[Channel]:
        """One person's, or with None the organisation's own; newest first."""


class PreferencesRepository(Protocol):
    async def get(self, user_id: str) -> Preferences | None: ...

    async def list_for(self, user_ids: Collection[str]) -> Sequence[Preferences]:
        """Of those who saved any, in no particular order."""

    async def save(self, preferences: Preferences, *, expected_version: int) -> bool:
        """Insert when `expected_version` is 0, else replace the one that has this version; False when there is
        another, or none. Raises `ValueError` for another organisation's."""


class InboxRepository(Protocol):
    """The inboxes of an organisation's members."""

    async def put(self, item: InboxItem) -> bool:
        """False, and no change, when an item with this id is there already."""

    async def list_newest(
        self, user_id: str, *, unread_only: bool, after: PageKey | None, limit: int
    ) -> Sequence[InboxItem]: ...

    async def list_between(
        self,
        user_id: str,
        since: datetime,
        until: datetime,
        *,
        limit: int,
        digest: Carrier | None = None,
        after: PageKey | None = None,
    ) -> Sequence[InboxItem]:
        """Items with `since <= created_at < until`, oldest first; with `digest`, those that the digest by this carrier
        tells. `after`: the last one of the page before."""

    async def list_since(self, since: datetime, *, after_id: str = "", limit: int) -> Sequence[InboxItem]:
        """Of all members: items with `created_at >= since`, oldest first; of those at `since` itself, the ones with an
        `id` beyond `after_id`: that is how to go on after a full page."""

    async def count_unread(self, user_id: str) -> int: ...

    async def mark_read(self, user_id: str, at: datetime, *, item_ids: Collection[str] | None) -> int:
        """Mark these, or all (None), that are unread; returns how many were."""


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Conditions are combined with AND."""

    status: DeliveryStatus | None = None
    carrier: Carrier | None = None
    target_id: str | None = None
    interview_id: str | None = None


class DeliveryRepository(Protocol):
    """Deliveries of one organisation."""

    async def put(self, delivery: Delivery) -> bool:
        """False, and no change, when one with this id is there already."""

    async def get(self, delivery_id: str) -> Delivery | None: ...

    async def list_newest(
        self, where: DeliveryFilter, *, after: PageKey | None, limit: int
    ) -> Sequence[Delivery]: ...

    async def revive(self, delivery_id: str, now: datetime) -> Delivery | None:
        """Make a finished one pending and due again, with a fresh count of attempts; None when there is none that is
        finished. Adds one to `epoch`, so that an attempt from before can no longer be recorded."""

    async def cancel_pending(
        self, carrier: Carrier, target_id: str, now: datetime, *, except_id: str | None = None
    ) -> int:
        """Cancel what waits for this target, but for the one with `except_id`; returns how many did. They are due
        never again. Adds one to `epoch`: an attempt that is under way does not bring it back."""


class DeliveryQueue(Protocol):
    """The deliveries of all organisations, as the workers see them."""

    async def claim_due(self, now: datetime, *, lease_until: datetime) -> Delivery | None:
        """Take the pending delivery that has been due longest (`due_at <= now`), in one atomic update: sets
        `due_at = lease_until` and adds one to `epoch` and `attempt`. What cannot be read is put off until then and
        passed over."""

    async def record(self, delivery_id: str, *, epoch: int, changes: Mapping[str, Any]) -> bool:
        """Set whole fields (`status`, `due_at`, `tried`, `attempt`, `finished_at`); False when a newer claim exists.

        Raises `ValueError` for other fields.
        """

    async def count_by_status(self) -> Mapping[DeliveryStatus, int]:
        """A number for every status, 0 where there are none."""

    async def oldest_due(self, now: datetime) -> datetime | None:
        """`due_at` of the pending delivery that has been due longest; None when none is due."""

    async def delete_finished(self, before: datetime, *, limit: int) -> int:
        """Remove what was finished before; the log is kept for a while, not for ever."""


class NoticeRepository(Protocol):
    """Notices that are no part of an interview's outbox, of all organisations."""

    async def put(self, notice: Notice) -> bool:
        """False, and no change, when one with this id is there already."""

    async def list_due(self, now: datetime, *, limit: int) -> Sequence[Notice]:
        """Notices with `due_at <= now` that can be read, oldest first; the others stay, and count for nothing."""

    async def delete(self, notice_id: str) -> bool: ...


class ScorecardRequestRepository(Protocol):
    """Requests of one organisation: at most one for an interview and a person."""

    async def get(self, interview_id: str, user_id: str) -> ScorecardRequest | None: ...

    async def list_for(self, interview_id: str) -> Sequence[ScorecardRequest]:
        """Oldest first."""

    async def list_of(self, user_id: str, *, limit: int) -> Sequence[ScorecardRequest]:
        """What one person is asked for, oldest first."""

    async def save(self, request: ScorecardRequest, *, expected_version: int) -> bool:
        """As `ScorecardRepository.save`."""

    async def delete(self, interview_id: str, user_id: str) -> bool: ...


class ScorecardReminders(Protocol):
    """The requests of all organisations about which something is to be told."""

    async def list_due(self, now: datetime, *, limit: int) -> Sequence[ScorecardRequest]:
        """Requests with `notify_at <= now` that can be read, oldest first."""
