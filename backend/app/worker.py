"""Entry point of a worker process: `python -m app.worker`. The same container as the API, without the API."""

from __future__ import annotations

import signal
import sys

import anyio
import structlog
from anyio.abc import TaskStatus

from app.core.config import Environment, Settings, SettingsError, load_settings
from app.core.container import open_container
from app.core.errors import AppError
from app.core.logging import configure_logging
from app.core.memory import spare_the_collector
from app.jobs.runner import Runner

log = structlog.get_logger(__name__)


async def run(settings: Settings) -> None:
    """Run the pipeline until SIGTERM or SIGINT; running steps get the grace time, then their leases are handed back."""
    async with open_container(settings) as container:
        spare_the_collector()
        stop = anyio.Event()
        async with anyio.create_task_group() as group:
            # Before there is work that a signal could cut off.
            await group.start(_stop_on_signal, stop)
            await Runner(container).run(stop)
            group.cancel_scope.cancel()


async def _stop_on_signal(stop: anyio.Event, *, task_status: TaskStatus[None]) -> None:
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        task_status.started()
        async for _ in signals:
            stop.set()


def main() -> int:
    """Exit code 0 after a clean stop, 1 when the settings or the database cannot be used."""
    try:
        settings = load_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - there is no log before the settings are read
        return 1
    configure_logging(
        level=settings.server.log_level, json_lines=settings.server.environment is Environment.PRODUCTION
    )
    log.info(f"Starting up — environment: {settings.server.environment}")
    try:
        anyio.run(run, settings)
    except AppError as error:
        log.critical(error.detail)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
