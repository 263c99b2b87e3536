"""Events for what other processes change: the database is asked now and then, for as long as somebody watches."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import anyio
import structlog

from app.core.errors import AppError
from app.models.base import utc_now
from app.models.event import interview_changed
from app.repositories.base import Repositories
from app.services.events.base import EventBus

log = structlog.get_logger(__name__)

_INTERVAL: Final = 1.0
_CALM_INTERVAL: Final = 3.0
"""While a bus brings what others change. It promises nothing, so that looking never ends."""
_OVERLAP: Final = timedelta(seconds=2)
"""Changes are stamped by the process that makes them: looking back a little absorbs the time a write takes."""
_BATCH: Final = 200


async def follow_changes(repositories: Repositories, bus: EventBus) -> None:
    """Publish changes of watched organisations that were made elsewhere. Repeats are dropped by their version."""
    seen_until: dict[str, datetime] = {}
    while True:
        interval = _CALM_INTERVAL if bus.hears_others else _INTERVAL
        await anyio.sleep(interval)
        watched = bus.watched_organisations()
        now = utc_now()
        seen_until = {org: seen_until.get(org, now - timedelta(seconds=interval)) for org in watched}
        for organisation_id, since in seen_until.items():
            try:
                changed = await repositories.interviews(organisation_id).list_changed(
                    since - _OVERLAP, limit=_BATCH
                )
            except AppError as error:
                log.warning("feed.failed", code=error.code)
                continue
            for interview in changed:
                bus.hand_out(interview_changed(interview))
            seen_until[organisation_id] = changed[-1].updated_at if len(changed) == _BATCH else now
