"""Webhook endpoints: where an organisation's own programs hear of what happens here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.core.errors import Conflict, InvalidInput, NotFound, PreconditionFailed
from app.core.outgoing import OutgoingRules, check_url
from app.core.security.shared import new_webhook_secret
from app.models.base import new_id, utc_now
from app.models.delivery import Carrier, DeliveryStatus
from app.models.endpoint import Endpoint, EndpointSecret
from app.models.notification import Topic
from app.repositories.base import DeliveryFilter, PageKey, Repositories
from app.services.notification.base import NOTHING_SAID, Exchange, NotDelivered
from app.services.notification.planning import HOUSEKEEPING, PERSONAL
from app.services.notification.webhooks import WebhookSender

EVENT_TYPES: Final = tuple(topic for topic in Topic if topic not in PERSONAL | HOUSEKEEPING)
"""What machines hear of."""
_MOST: Final = 20
"""Endpoints of an organisation."""
_MOST_SECRETS: Final = 4
"""That sign at the same time."""
_TRIES: Final = 5
_BATCH: Final = 100
_MOST_RECOVERED: Final = 1000
_MISSED: Final = (DeliveryStatus.DEAD, DeliveryStatus.CANCELLED)


class EndpointNotFound(NotFound):
    code = "endpoint_not_found"


class EndpointChanged(PreconditionFailed):
    code = "version_mismatch"


class TooManyEndpoints(Conflict):
    code = "too_many_endpoints"


class EndpointOff(Conflict):
    code = "endpoint_disabled"


class EventTypeUnknown(InvalidInput):
    code = "event_type_unknown"


@dataclass(frozen=True, slots=True)
class EndpointDraft:
    url: str
    description: str = ""
    topics: Collection[Topic] = ()
    """Empty: everything."""


@dataclass(frozen=True, slots=True)
class EndpointTest:
    """What came of a test message."""

    delivered: bool
    code: str | None = None
    detail: str = ""
    exchange: Exchange = NOTHING_SAID


class EndpointService:
    def __init__(self, repositories: Repositories, sender: WebhookSender, rules: OutgoingRules) -> None:
        self._repositories = repositories
        self._sender = sender
        self._rules = rules

    async def create(self, organisation_id: str, draft: EndpointDraft, *, by: str) -> Endpoint:
        """Raises `UnsafeAddress`, `UnknownHost`."""
        topics = _in_order(draft.topics)
        url = await check_url(draft.url, self._rules)
        if len(await self.list_newest(organisation_id, after=None, limit=_MOST)) >= _MOST:
            raise TooManyEndpoints(f"There are {_MOST} endpoints already; remove one first.")
        now = utc_now()
        endpoint = Endpoint(
            id=new_id(),
            organisation_id=organisation_id,
            url=url,
            description=draft.description,
            topics=topics,
            secrets=(_new_secret(now),),
            created_by=by,
            created_at=now,
            updated_at=now,
        )
        await self._repositories.endpoints(organisation_id).insert(endpoint)
        return endpoint

    async def get(self, organisation_id: str, endpoint_id: str) -> Endpoint:
        found = await self._repositories.endpoints(organisation_id).get(endpoint_id)
        if found is None:
            raise EndpointNotFound("No such endpoint in this organisation.")
        return found

    async def list_newest(
        self, organisation_id: str, *, after: PageKey | None, limit: int
    ) -> Sequence[Endpoint]:
        return await self._repositories.endpoints(organisation_id).list_newest(after=after, limit=limit)

    async def update(
        self, organisation_id: str, endpoint_id: str, changes: dict[str, Any], *, expected_version: int | None
    ) -> Endpoint:
        """Set what is given of url, description and topics. Raises `UnsafeAddress`, `UnknownHost`."""
        if "topics" in changes:
            changes = {**changes, "topics": _in_order(changes["topics"])}
        if "url" in changes:
            # At a new address it has not failed yet.
            changes = {**changes, "url": await check_url(changes["url"], self._rules), "failing_since": None}
        return await self._change(
            organisation_id,
            endpoint_id,
            lambda current: current.model_copy(update=changes),
            expected_version=expected_version,
        )

    async def delete(self, organisation_id: str, endpoint_id: str) -> None:
        """Remove it; what waits to be sent there is cancelled."""
        if not await self._repositories.endpoints(organisation_id).delete(endpoint_id):
            raise EndpointNotFound("No such endpoint in this organisation.")
        await self._cancel_pending(organisation_id, endpoint_id)

    async def enable(self, organisation_id: str, endpoint_id: str) -> Endpoint:
        """Send there again, and forget that it failed."""
        fresh = {"enabled": True, "disabled_reason": None, "failing_since": None}
        return await self._change(
            organisation_id, endpoint_id, lambda current: current.model_copy(update=fresh)
        )

    async def disable(self, organisation_id: str, endpoint_id: str) -> Endpoint:
        """Send nothing there; what waits is cancelled."""
        off = {"enabled": False, "disabled_reason": None}
        endpoint = await self._change(
            organisation_id, endpoint_id, lambda current: current.model_copy(update=off)
        )
        await self._cancel_pending(organisation_id, endpoint_id)
        return endpoint

    async def rotate_secret(self, organisation_id: str, endpoint_id: str, overlap: timedelta) -> Endpoint:
        """A new secret; the old ones sign beside it for the overlap, so that a receiver can change in its own time."""
        now = utc_now()
        until, fresh = now + overlap, _new_secret(now)

        def change(current: Endpoint) -> Endpoint:
            old = (
                s.model_copy(update={"expires_at": min(s.expires_at or until, until)})
                for s in current.secrets
            )
            signing = [s for s in old if s.expires_at is not None and s.expires_at > now]
            return current.model_copy(update={"secrets": (fresh, *signing)[:_MOST_SECRETS]})

        return await self._change(organisation_id, endpoint_id, change)

    async def test(self, organisation_id: str, endpoint_id: str) -> EndpointTest:
        """Send a test message there, now; also to one that is switched off."""
        endpoint = await self.get(organisation_id, endpoint_id)
        try:
            exchange = await self._sender.send_test(endpoint, notice_id=f"test-{new_id()}")
        except NotDelivered as error:
            return EndpointTest(False, error.code, error.detail, error.exchange)
        return EndpointTest(True, exchange=exchange)

    async def recover(self, organisation_id: str, endpoint_id: str, since: datetime) -> int:
        """Send again what was queued since then and never arrived, at most a thousand of it; returns how many."""
        endpoint = await self.get(organisation_id, endpoint_id)
        if not endpoint.enabled:
            raise EndpointOff("The endpoint is switched off; enable it first.")
        deliveries, recovered = self._repositories.deliveries(organisation_id), 0
        for status in _MISSED:
            where = DeliveryFilter(status=status, carrier=Carrier.WEBHOOK, target_id=endpoint_id)
            after = None
            while recovered < _MOST_RECOVERED:
                page = await deliveries.list_newest(where, after=after, limit=_BATCH)
                missed = [d for d in page if d.created_at >= since][: _MOST_RECOVERED - recovered]
                for delivery in missed:
                    recovered += await deliveries.revive(delivery.id, utc_now()) is not None
                if len(missed) < _BATCH:
                    break
                after = PageKey(page[-1].created_at, page[-1].id)
        return recovered

    async def _change(
        self,
        organisation_id: str,
        endpoint_id: str,
        change: Callable[[Endpoint], Endpoint],
        *,
        expected_version: int | None = None,
    ) -> Endpoint:
        """Who names a version is told when it is not the one; others change what is there."""
        repository = self._repositories.endpoints(organisation_id)
        for _ in range(_TRIES):
            current = await self.get(organisation_id, endpoint_id)
            if expected_version is not None and expected_version != current.version:
                raise EndpointChanged(f"The endpoint has version {current.version} by now; load it again.")
            changed = change(current).model_copy(
                update={"version": current.version + 1, "updated_at": utc_now()}
            )
            if await repository.replace(changed, expected_version=current.version):
                return changed
        raise EndpointChanged("Others change the endpoint at the same moment; load it again.")

    async def _cancel_pending(self, organisation_id: str, endpoint_id: str) -> None:
        deliveries = self._repositories.deliveries(organisation_id)
        await deliveries.cancel_pending(Carrier.WEBHOOK, endpoint_id, utc_now())


def _new_secret(now: datetime) -> EndpointSecret:
    return EndpointSecret(value=new_webhook_secret(), created_at=now)


def _in_order(topics: Collection[Topic]) -> tuple[Topic, ...]:
    unheard = sorted(topic for topic in topics if topic not in EVENT_TYPES)
    if unheard:
        raise EventTypeUnknown(
            f"Endpoints do not hear of {', '.join(unheard)}. Choose among: {', '.join(EVENT_TYPES)}."
        )
    return tuple(topic for topic in EVENT_TYPES if topic in topics)
