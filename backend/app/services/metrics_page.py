"""The page that Prometheus reads: what the process has counted, and how the work stands."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Final

import anyio
import structlog
from anyio import to_thread

from app.core.config import Environment, TelemetrySettings
from app.core.errors import AppError, NotFound, Unauthenticated
from app.core.metrics import Figure, page
from app.services.standing import Standing, StandingService

log = structlog.get_logger(__name__)

_COUNT_SECONDS: Final = 3.0
"""A page without the figures of the database is better than none, which would hide those of the process."""


class MetricsOff(NotFound):
    """As for a path that is not there."""

    code, title = "route_not_found", "Not Found"


class MetricsRefused(Unauthenticated):
    code = "metrics_token_invalid"


class MetricsPage:
    def __init__(
        self, standing: StandingService, settings: TelemetrySettings, environment: Environment
    ) -> None:
        self._standing = standing
        self._token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
        self._is_off = self._token is None and environment is Environment.PRODUCTION

    async def read(self, *, authorization: str | None, accept: str | None) -> tuple[bytes, str]:
        """The page and its content type. Raises `MetricsOff` and `MetricsRefused`."""
        self._authorise(authorization)
        figures = await self._figures()
        return await to_thread.run_sync(page, figures, accept)

    def _authorise(self, authorization: str | None) -> None:
        if self._is_off:
            raise MetricsOff("Not Found")
        if self._token is None:
            return
        scheme, _, given = (authorization or "").partition(" ")
        is_right = hmac.compare_digest(given.strip().encode(), self._token.encode())
        if scheme.lower() != "bearer" or not is_right:
            raise MetricsRefused("Send METRICS_TOKEN as Authorization: Bearer.")

    async def _figures(self) -> Sequence[Figure]:
        try:
            with anyio.fail_after(_COUNT_SECONDS):
                standing = await self._standing.get()
        except (AppError, TimeoutError) as error:
            log.warning("metrics.incomplete", code=getattr(error, "code", "timeout"))
            return (_complete(0),)
        return (_complete(1), *_figures_of(standing))


def _complete(value: int) -> Figure:
    return Figure("debrief_scrape_ok", "Whether the figures of the database are in this page.", {"": value})


def _figures_of(standing: Standing) -> Sequence[Figure]:
    backlog = standing.backlog
    return (
        Figure(
            "debrief_interviews",
            "Interviews by state.",
            {status.value: count for status, count in standing.interviews.items()},
            label="status",
        ),
        Figure("debrief_steps_waiting", "Steps that wait for a worker.", {"": backlog.waiting}),
        Figure("debrief_steps_stuck", "Steps that nobody took for ten minutes.", {"": backlog.stuck}),
        Figure(
            "debrief_oldest_step_age_seconds",
            "Since when the step that waits longest has been due.",
            {"": standing.oldest_step_seconds},
        ),
        Figure(
            "debrief_answers_unread",
            "Answers of transcription vendors that nobody has read for ten minutes.",
            {"": backlog.answers},
        ),
        Figure(
            "debrief_outboxes_overdue",
            "Interviews whose messages have not been handed on for ten minutes.",
            {"": backlog.messages},
        ),
        Figure(
            "debrief_deliveries",
            "Messages to places outside by state; finished ones are kept for a while.",
            {status.value: count for status, count in standing.deliveries.items()},
            label="status",
        ),
        Figure(
            "debrief_oldest_delivery_age_seconds",
            "Since when the delivery that waits longest has been due.",
            {"": standing.oldest_delivery_seconds},
        ),
    )
