"""How the work stands: what waits in the database, and for how long. Counted at most every few seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.core.kept import Kept
from app.models.base import utc_now
from app.models.delivery import DeliveryStatus
from app.models.interview import Status
from app.repositories.base import Backlog, Repositories

STUCK_AFTER: Final = timedelta(minutes=10)
"""Due for longer than this and taken by nobody: too few workers, or none."""
_KEPT_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Standing:
    at: datetime
    interviews: Mapping[Status, int]
    backlog: Backlog
    deliveries: Mapping[DeliveryStatus, int]
    oldest_delivery_due_at: datetime | None

    @property
    def oldest_step_seconds(self) -> float:
        """How long the step that waits longest has been waiting for a worker; 0 when none waits."""
        return self._age(self.backlog.oldest_due_at)

    @property
    def oldest_delivery_seconds(self) -> float:
        return self._age(self.oldest_delivery_due_at)

    def _age(self, since: datetime | None) -> float:
        return 0.0 if since is None else round(max(0.0, (self.at - since).total_seconds()), 3)


class StandingService:
    def __init__(self, repositories: Repositories) -> None:
        self._repositories = repositories
        self._kept = Kept(self._count, seconds=_KEPT_SECONDS)

    async def get(self) -> Standing:
        """Raises `DatabaseUnavailable`."""
        return await self._kept.get()

    async def _count(self) -> Standing:
        now, queue = utc_now(), self._repositories.delivery_queue
        return Standing(
            at=now,
            interviews=await self._repositories.jobs.count_by_status(),
            backlog=await self._repositories.jobs.backlog(now, overdue=now - STUCK_AFTER),
            deliveries=await queue.count_by_status(),
            oldest_delivery_due_at=await queue.oldest_due(now),
        )
