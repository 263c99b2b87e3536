"""The log of deliveries: what left, what did not and why; and sending again."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.errors import Conflict, NotFound
from app.models.base import utc_now
from app.models.delivery import Carrier, Delivery, DeliveryStatus
from app.repositories.base import DeliveryFilter, PageKey, Repositories


class DeliveryNotFound(NotFound):
    code = "delivery_not_found"


class DeliveryPending(Conflict):
    code = "delivery_pending"


class DeliveryService:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories

    async def list_newest(
        self, organisation_id: str, where: DeliveryFilter, *, after: PageKey | None, limit: int
    ) -> Sequence[Delivery]:
        return await self._repositories.deliveries(organisation_id).list_newest(
            where, after=after, limit=limit
        )

    async def list_mail_to(
        self,
        organisation_id: str,
        user_id: str,
        *,
        status: DeliveryStatus | None,
        after: PageKey | None,
        limit: int,
    ) -> Sequence[Delivery]:
        """E-mail to one person."""
        where = DeliveryFilter(status=status, carrier=Carrier.EMAIL, target_id=user_id)
        return await self.list_newest(organisation_id, where, after=after, limit=limit)

    async def get(self, organisation_id: str, delivery_id: str) -> Delivery:
        found = await self._repositories.deliveries(organisation_id).get(delivery_id)
        if found is None:
            raise DeliveryNotFound("No such delivery; finished ones are kept for a while only.")
        return found

    async def resend(self, organisation_id: str, delivery_id: str) -> Delivery:
        """Put a finished one on its way again, with all its attempts. Receivers see the same id as before."""
        revived = await self._repositories.deliveries(organisation_id).revive(delivery_id, utc_now())
        if revived is not None:
            return revived
        await self.get(organisation_id, delivery_id)
        raise DeliveryPending("This one is still on its way.")
