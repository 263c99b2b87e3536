"""How an endpoint fares: since when it has been failing, and when that is long enough.

Little is written: the first failure, then one in an hour at most, the first success after them, the end. `version`
belongs to the people who edit the endpoint; it rises only when it is switched off, which is something they must see
before they save.

A message that was given up is no success, so a failure of long ago may stand there alone. Two failures belong together
when no more time than the longest pause between two attempts, and some, is between them: otherwise it begins anew.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog

from app.core.errors import AppError
from app.models.base import utc_now
from app.models.delivery import Carrier
from app.models.endpoint import Endpoint
from app.models.notification import Notice, Topic
from app.repositories.base import Repositories

log = structlog.get_logger(__name__)

_TRIES: Final = 5
"""At writing, while somebody else changes the endpoint."""
_WRITTEN_AGAIN: Final = timedelta(hours=1)
FORGET_AFTER: Final = timedelta(days=2)
"""Of the usual pauses between attempts the longest is a day."""


class EndpointHealth:
    """`forget_after`: a failure that much older than the next one says nothing any more."""

    def __init__(
        self, repositories: Repositories, disable_after: timedelta, forget_after: timedelta = FORGET_AFTER
    ) -> None:
        self._repositories = repositories
        self._disable_after = disable_after
        self._forget_after = forget_after

    async def succeeded(self, endpoint: Endpoint) -> None:
        if endpoint.failing_since is not None:
            await self._quietly(endpoint, lambda now: now.model_copy(update={"failing_since": None}))

    async def failed(self, endpoint: Endpoint, *, sending: str | None = None) -> bool:
        """Whether it is switched off by now. What waits for it is cancelled then, but for the delivery that is being
        sent: what came of that is still to be recorded."""
        now = utc_now()

        def change(current: Endpoint) -> Endpoint:
            before = current.last_failed_at
            if current.failing_since is None or (before and now - before > self._forget_after):
                return current.model_copy(update={"failing_since": now, "last_failed_at": now})
            if now - current.failing_since < self._disable_after:
                is_recent = before is not None and now - before < _WRITTEN_AGAIN
                return current if is_recent else current.model_copy(update={"last_failed_at": now})
            since = f"{current.failing_since:%Y-%m-%d %H:%M}"
            return _switched_off(current, f"It has not taken one message since {since} (UTC).")

        return await self._quietly(endpoint, change, code="failing", except_id=sending)

    async def gone(self, endpoint: Endpoint, *, sending: str | None = None) -> bool:
        """It asked for no more messages. As `failed`."""
        return await self._quietly(
            endpoint,
            lambda now: _switched_off(now, "It answered 410 Gone: it wants no more."),
            code="gone",
            except_id=sending,
        )

    async def _quietly(
        self,
        endpoint: Endpoint,
        change: Callable[[Endpoint], Endpoint],
        *,
        code: str = "",
        except_id: str | None = None,
    ) -> bool:
        """What came of the message counts, even if this cannot be written."""
        try:
            return await self._change(endpoint, change, code, except_id)
        except AppError as error:
            log.warning("endpoint.health_not_written", endpoint_id=endpoint.id, code=error.code)
            return False

    async def _change(
        self, endpoint: Endpoint, change: Callable[[Endpoint], Endpoint], code: str, except_id: str | None
    ) -> bool:
        repository = self._repositories.endpoints(endpoint.organisation_id)
        for _ in range(_TRIES):
            current = await repository.get(endpoint.id)
            if current is None or not current.enabled:
                return True
            if current.url != endpoint.url:
                # What came from the old address says nothing of the new one.
                return False
            changed = change(current)
            if changed == current:
                return False
            if not changed.enabled:
                # Before the change: told twice does no harm, and a crash between the two must not leave it untold.
                await self._repositories.notices.put(_notice(changed, code))
            if await repository.replace(changed, expected_version=current.version):
                if not changed.enabled:
                    await self._cancel_pending(changed, except_id)
                return not changed.enabled
            if not changed.enabled:
                await self._take_back(_notice(changed, code))
        return False

    async def _take_back(self, notice: Notice) -> None:
        """Somebody changed the endpoint first, so it was not switched off; unless they are another worker, whose
        notice has the same id."""
        endpoints = self._repositories.endpoints(notice.organisation_id)
        current = await endpoints.get(notice.payload["endpoint_id"])
        if current is None or current.enabled or current.disabled_reason is None:
            await self._repositories.notices.delete(notice.id)

    async def _cancel_pending(self, endpoint: Endpoint, except_id: str | None) -> None:
        deliveries = self._repositories.deliveries(endpoint.organisation_id)
        cancelled = await deliveries.cancel_pending(
            Carrier.WEBHOOK, endpoint.id, utc_now(), except_id=except_id
        )
        log.warning("endpoint.disabled", endpoint_id=endpoint.id, cancelled=cancelled)


def _switched_off(endpoint: Endpoint, reason: str) -> Endpoint:
    return endpoint.model_copy(
        update={
            "enabled": False,
            "disabled_reason": reason,
            "version": endpoint.version + 1,
            "updated_at": utc_now(),
        }
    )


def _notice(endpoint: Endpoint, code: str) -> Notice:
    now = utc_now()
    return Notice(
        id=f"{endpoint.id}.v{endpoint.version}",
        organisation_id=endpoint.organisation_id,
        topic=Topic.ENDPOINT_DISABLED,
        payload={"endpoint_id": endpoint.id, "code": code},
        created_at=now,
        due_at=now,
    )
