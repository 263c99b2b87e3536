"""The outboxes: what was put down with a change, or before it, is told after it, at least once.

There are three: the entries of an interview, the notices of what people do, and requests for scorecards, each of which
says itself when there is something to tell. Whoever makes an entry tells it at once; the sweep is for those who died
before they could.
"""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta
from typing import Final

import structlog

from app.core.container import Container
from app.core.errors import AppError
from app.core.origin import following
from app.models.base import utc_now
from app.models.interview import Interview
from app.models.notification import Notice, Topic
from app.services.notification.service import notice_of

log = structlog.get_logger(__name__)

_PATIENCE: Final = timedelta(seconds=10)
"""How long a commit's own worker has for the telling before the sweep takes over."""
_BATCH: Final = 100


async def deliver(container: Container, interview: Interview) -> None:
    """Tell and remove the entries. What fails stays for the sweep."""
    done = []
    for entry in interview.outbox:
        notice = notice_of(interview, entry)
        if notice is None:
            log.warning("outbox.topic_unknown", interview_id=interview.id, topic=entry.kind)
            done.append(entry.id)
        elif await _succeeds(container.notifications.tell(notice), notice.id):
            done.append(entry.id)
    if done:
        await container.repositories.jobs.outbox_remove(interview.id, done)


async def sweep(container: Container) -> None:
    """Tell what somebody put down and did not live to tell, and what has become due by the clock."""
    repositories, now = container.repositories, utc_now()
    for interview in await repositories.jobs.outbox_due(now - _PATIENCE, limit=_BATCH):
        with following(interview.correlation_id, interview.traceparent):
            await deliver(container, interview)
    for notice in await repositories.notices.list_due(now, limit=_BATCH):
        await _succeeds(_settle(container, notice), notice.id)
    for request in await repositories.reminders.list_due(now, limit=_BATCH):
        await _succeeds(container.scorecard_requests.tell_due(request), request.id)


async def _settle(container: Container, notice: Notice) -> None:
    if notice.topic is Topic.MENTION:
        await container.mentions.settle(notice)
        return
    await container.notifications.tell(notice)
    await container.repositories.notices.delete(notice.id)


async def _succeeds(telling: Awaitable[None], notice_id: str) -> bool:
    """False when it failed, for whatever reason: what cannot be told must stop neither the others nor the pipeline."""
    try:
        await telling
    except AppError as error:
        log.warning("outbox.not_told", notice_id=notice_id, code=error.code)
    except Exception:
        log.exception("outbox.telling_crashed", notice_id=notice_id)
    else:
        return True
    return False
