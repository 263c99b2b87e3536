"""The outbox: messages that were committed with a change and are delivered after it, at least once."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import structlog

from app.core.container import Container
from app.core.errors import AppError
from app.core.origin import following
from app.models.base import utc_now
from app.models.interview import Interview

log = structlog.get_logger(__name__)

_PATIENCE: Final = timedelta(seconds=10)
"""How long a commit's own worker has for the delivery before the sweep takes over."""
_BATCH: Final = 100


async def deliver(container: Container, interview: Interview) -> None:
    """Deliver and remove the entries. What fails stays for the sweep."""
    delivered = []
    for entry in interview.outbox:
        try:
            await container.notifications.deliver(interview, entry)
        except AppError as error:
            log.warning(
                "outbox.delivery_failed", interview_id=interview.id, entry_id=entry.id, code=error.code
            )
        else:
            delivered.append(entry.id)
    if delivered:
        await container.repositories.jobs.outbox_remove(interview.id, delivered)


async def sweep(container: Container) -> None:
    """Deliver what a worker committed and did not live to deliver."""
    for interview in await container.repositories.jobs.outbox_due(utc_now() - _PATIENCE, limit=_BATCH):
        with following(interview.correlation_id, interview.traceparent):
            await deliver(container, interview)
