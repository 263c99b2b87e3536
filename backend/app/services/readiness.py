"""Can this process work? Asked by load balancers every few seconds, and by people when something is slow.

Without its database or its store it cannot. Work that lies about is told, and is no reason to take the API away: the
API is how people find out.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import anyio
import structlog

from app.core.errors import AppError, Unavailable
from app.core.kept import Kept
from app.models.delivery import DeliveryStatus
from app.repositories.base import Repositories
from app.services.standing import STUCK_AFTER, Standing, StandingService
from app.services.storage.base import ObjectStore

log = structlog.get_logger(__name__)

_CHECK_SECONDS: Final = 3.0
"""For each check. Load balancers wait about five."""
_STORAGE_KEPT_SECONDS: Final = 15.0
"""A look into a bucket costs money."""
_LEAST_FREE: Final = 2 * 10**9
"""Bytes: one more large upload."""


class NotReady(Unavailable):
    code, title = "not_ready", "Cannot work now"


class CheckStatus(StrEnum):
    OK = "ok"
    DEGRADED = "degraded"
    """It works, and somebody should look."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    """It could not be found out, since the database does not answer."""


class CheckName(StrEnum):
    DATABASE = "database"
    STORAGE = "storage"
    STEPS = "steps"
    """Steps of interviews that wait for a worker."""
    ANSWERS = "answers"
    """Transcripts that a vendor brought and that no worker has read."""
    MESSAGES = "messages"
    """Interviews whose messages have not been handed on."""
    DELIVERIES = "deliveries"
    """Messages on their way to a place outside."""


@dataclass(frozen=True, slots=True)
class Check:
    status: CheckStatus
    figures: Mapping[str, float] = field(default_factory=dict)
    code: str | None = None
    """Why it failed, for machines."""


_UNKNOWN: Final = Check(CheckStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Readiness:
    status: CheckStatus
    """Never `unknown`."""
    checks: Mapping[CheckName, Check]


class ReadinessService:
    def __init__(self, repositories: Repositories, store: ObjectStore, standing: StandingService) -> None:
        self._repositories = repositories
        self._storage = Kept(store.probe, seconds=_STORAGE_KEPT_SECONDS)
        self._standing = standing

    async def require(self) -> Readiness:
        """As `look`; raises `NotReady`, with the checks in it, when the process cannot work."""
        found = await self.look()
        if found.status is CheckStatus.FAILED:
            failed = [
                name.value for name, check in found.checks.items() if check.status is CheckStatus.FAILED
            ]
            raise NotReady(f"Does not work: {', '.join(failed)}.", checks=_told(found.checks))
        return found

    async def look(self) -> Readiness:
        checks: dict[CheckName, Check] = {}

        async def run(name: CheckName, check: Callable[[], Awaitable[Check]]) -> None:
            checks[name] = await _bounded(name, check)

        async def ask_standing() -> None:
            checks.update(await self._of_work())

        async with anyio.create_task_group() as group:
            group.start_soon(run, CheckName.DATABASE, self._database)
            group.start_soon(run, CheckName.STORAGE, self._store)
            group.start_soon(ask_standing)
        return Readiness(_worst(checks), {name: checks[name] for name in CheckName})

    async def _database(self) -> Check:
        began = time.perf_counter()
        await self._repositories.ping()
        return Check(CheckStatus.OK, {"seconds": round(time.perf_counter() - began, 4)})

    async def _store(self) -> Check:
        free = await self._storage.get()
        if free is None:
            return Check(CheckStatus.OK)
        status = CheckStatus.OK if free >= _LEAST_FREE else CheckStatus.DEGRADED
        return Check(status, {"free_bytes": free})

    async def _of_work(self) -> Mapping[CheckName, Check]:
        try:
            with anyio.fail_after(_CHECK_SECONDS):
                return _checks_of(await self._standing.get())
        except (AppError, TimeoutError):
            names = (CheckName.STEPS, CheckName.ANSWERS, CheckName.MESSAGES, CheckName.DELIVERIES)
            return dict.fromkeys(names, _UNKNOWN)


async def _bounded(name: CheckName, check: Callable[[], Awaitable[Check]]) -> Check:
    try:
        with anyio.fail_after(_CHECK_SECONDS):
            return await check()
    except TimeoutError:
        code = "timeout"
    except AppError as error:
        code = error.code
    log.warning("readiness.failed", check=name.value, code=code)
    return Check(CheckStatus.FAILED, code=code)


def _checks_of(standing: Standing) -> Mapping[CheckName, Check]:
    backlog, deliveries = standing.backlog, standing.deliveries
    steps = {
        "waiting": backlog.waiting,
        "stuck": backlog.stuck,
        "oldest_seconds": standing.oldest_step_seconds,
    }
    outside = {
        "pending": deliveries[DeliveryStatus.PENDING],
        "dead": deliveries[DeliveryStatus.DEAD],
        "oldest_seconds": standing.oldest_delivery_seconds,
    }
    late = standing.oldest_delivery_seconds >= STUCK_AFTER.total_seconds()
    return {
        CheckName.STEPS: Check(_doubtful(backlog.stuck > 0), steps),
        CheckName.ANSWERS: Check(_doubtful(backlog.answers > 0), {"unread": backlog.answers}),
        CheckName.MESSAGES: Check(_doubtful(backlog.messages > 0), {"overdue": backlog.messages}),
        CheckName.DELIVERIES: Check(_doubtful(late), outside),
    }


def _doubtful(is_doubtful: bool) -> CheckStatus:
    return CheckStatus.DEGRADED if is_doubtful else CheckStatus.OK


def _worst(checks: Mapping[CheckName, Check]) -> CheckStatus:
    found = {check.status for check in checks.values()}
    if CheckStatus.FAILED in found:
        return CheckStatus.FAILED
    return CheckStatus.OK if found == {CheckStatus.OK} else CheckStatus.DEGRADED


def _told(checks: Mapping[CheckName, Check]) -> dict[str, dict[str, object]]:
    return {
        name.value: {
            "status": check.status.value,
            "figures": dict(check.figures),
            **({"code": check.code} if check.code else {}),
        }
        for name, check in checks.items()
    }
