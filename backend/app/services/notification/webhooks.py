"""The carrier of webhooks: one signed message to one endpoint of an organisation's own programs."""

from __future__ import annotations

import ssl
from datetime import timedelta
from typing import Final

from app.core.outgoing import OutgoingRules
from app.models.base import utc_now
from app.models.delivery import Delivery
from app.models.endpoint import Endpoint
from app.models.interview import Interview, Status
from app.repositories.base import Repositories
from app.services.notification.asked import standing_request
from app.services.notification.base import Exchange, NotDelivered, TargetGone
from app.services.notification.endpoint_health import FORGET_AFTER, EndpointHealth
from app.services.notification.rendering.links import Links
from app.services.notification.webhook_message import WebhookMessage, event, test_event

SECONDS: Final = 15.0
"""Until an endpoint must have answered."""


class EndpointDisabled(TargetGone):
    code = "endpoint_disabled"


class EndpointRefused(NotDelivered):
    code = "endpoint_refused"


class EndpointGone(TargetGone):
    """It answered 410: it wants no more messages."""

    code = "endpoint_gone"


class WebhookSender:
    def __init__(
        self,
        repositories: Repositories,
        links: Links,
        rules: OutgoingRules,
        *,
        disable_after: timedelta,
        forget_after: timedelta = FORGET_AFTER,
        seconds: float = SECONDS,
        certificates: ssl.SSLContext | None = None,
    ) -> None:
        self._repositories = repositories
        self._links = links
        self._rules = rules
        self._health = EndpointHealth(repositories, disable_after, forget_after)
        self._seconds = seconds
        self._certificates = certificates

    async def send(self, delivery: Delivery) -> Exchange:
        endpoint = await self._repositories.endpoints(delivery.organisation_id).get(delivery.target_id)
        if endpoint is None:
            raise TargetGone("The endpoint was removed.")
        if not endpoint.enabled:
            raise EndpointDisabled("The endpoint is switched off.")
        message = await self._render(delivery)
        try:
            exchange = await self._post(endpoint, message)
        except EndpointGone as error:
            if await self._health.gone(endpoint, sending=delivery.id):
                raise
            # It has another address by now, or it could not be switched off: the message is still wanted.
            raise EndpointRefused(error.detail, exchange=error.exchange) from error
        except NotDelivered as error:
            if await self._health.failed(endpoint, sending=delivery.id):
                detail = f"{error.detail} The endpoint is switched off now."
                raise EndpointDisabled(detail, exchange=error.exchange) from error
            raise
        await self._health.succeeded(endpoint)
        return exchange

    async def send_test(self, endpoint: Endpoint, *, notice_id: str) -> Exchange:
        """A message that only shows that messages arrive; failing is not held against the endpoint."""
        message = test_event(endpoint, notice_id, utc_now(), link=self._links.endpoints)
        exchange = await self._post(endpoint, message)
        await self._health.succeeded(endpoint)
        return exchange

    async def _render(self, delivery: Delivery) -> WebhookMessage:
        """Raises `TargetGone` when there is nothing left to tell of."""
        organisation = await self._repositories.people.get_organisation(delivery.organisation_id)
        if organisation is None:
            raise TargetGone("The organisation is gone.")
        if delivery.interview_id is None:
            return event(delivery, link=self._links.endpoints, shown=None)
        interview = await self._interview(delivery.organisation_id, delivery.interview_id)
        await standing_request(self._repositories, delivery)
        shown = interview if organisation.notifications.content else None
        return event(delivery, link=self._links.interview(interview.id), shown=shown)

    async def _interview(self, organisation_id: str, interview_id: str) -> Interview:
        found = await self._repositories.interviews(organisation_id).get(interview_id)
        if found is None or found.status in (Status.DELETING, Status.DELETED):
            raise TargetGone("The interview is gone.")
        return found

    async def _post(self, endpoint: Endpoint, message: WebhookMessage) -> Exchange:
        # Imported at the first message: an HTTP client would slow the start of a server that sends none.
        from app.services.notification.providers.webhook import post  # noqa: PLC0415

        now = utc_now()
        secrets = [s.value for s in endpoint.secrets if s.expires_at is None or s.expires_at > now]
        return await post(
            endpoint.url,
            message,
            secrets,
            self._rules,
            now=now,
            seconds=self._seconds,
            certificates=self._certificates,
        )
