"""The outboxes: what was put down with a change, or before it, is told after it, at least once.

There are three: the entries of an interview, the notices of what people do, and requests for scorecards, each of which
says itself when there is something to tell. Whoever makes an entry tells it at once; the sweep is for those who died
before they could.
"""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import datetime, timedelta
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
_KINDS: Final = frozenset(topic.value for topic in Topic)


async def deliver(container: Container, interview: Interview) -> None:
    """Tell and remove the entries. What fails stays for the sweep, and what only a newer release knows, for that."""
    done = []
    for entry in interview.outbox:
        notice = notice_of(interview, entry)
        if notice is None:
            log.warning("outbox.topic_unknown", interview_id=interview.id, topic=entry.kind)
        elif await _succeeds(container.notifications.tell(notice), notice_id=notice.id):
            done.append(entry.id)
    if done:
        # What was told and stays is told once more, which changes nothing.
        removing = container.repositories.jobs.outbox_remove(interview.id, done)
        await _succeeds(removing, interview_id=interview.id)


async def sweep(container: Container) -> None:
    """Tell what somebody put down and did not live to tell, and what has become due by the clock. Never
    raises: an outbox that cannot be read keeps neither the others waiting nor the pipeline."""
    now = utc_now()
    await _succeeds(_sweep_interviews(container, now), swept="interviews")
    await _succeeds(_sweep_notices(container, now), swept="notices")
    await _succeeds(_sweep_requests(container, now), swept="requests")


async def _sweep_interviews(container: Container, now: datetime) -> None:
    jobs = container.repositories.jobs
    for interview in await jobs.outbox_due(now - _PATIENCE, limit=_BATCH, kinds=_KINDS):
        with following(interview.correlation_id, interview.traceparent):
            await deliver(container, interview)


async def _sweep_notices(container: Container, now: datetime) -> None:
    for notice in await container.repositories.notices.list_due(now, limit=_BATCH):
        await _succeeds(_settle(container, notice), notice_id=notice.id)


async def _sweep_requests(container: Container, now: datetime) -> None:
    for request in await container.repositories.reminders.list_due(now, limit=_BATCH):
        await _succeeds(container.scorecard_requests.tell_due(request), notice_id=request.id)


async def _settle(container: Container, notice: Notice) -> None:
    if notice.topic is Topic.MENTION:
        await container.mentions.settle(notice)
        return
    await container.notifications.tell(notice)
    await container.repositories.notices.delete(notice.id)


async def _succeeds(telling: Awaitable[None], **what: str) -> bool:
    """False when it failed, for whatever reason: what cannot be told must stop neither the others nor the pipeline."""
    try:
        await telling
    except AppError as error:
        log.warning("outbox.not_told", code=error.code, **what)
    except Exception:
        log.exception("outbox.telling_crashed", **what)
    else:
        return True
    return False
