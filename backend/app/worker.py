"""Entry point of a worker process: `python -m app.worker`. The same container as the API, without the API."""

from __future__ import annotations

import signal
import sys
from contextlib import AbstractAsyncContextManager, nullcontext

import anyio
import structlog
from anyio.abc import TaskStatus

from app.core.config import Environment, Settings, SettingsError, load_settings
from app.core.container import Container, open_container
from app.core.errors import AppError
from app.core.logging import configure_logging
from app.core.memory import spare_the_collector
from app.core.tracing import adopt_env_files, tracing
from app.jobs.dispatch import send_ticks
from app.jobs.runner import Runner

log = structlog.get_logger(__name__)


async def run(settings: Settings) -> None:
    """Run the pipeline until SIGTERM or SIGINT; running steps get the grace time, then their leases are handed back."""
    async with tracing("debrief-worker"), open_container(settings) as container:
        spare_the_collector()
        stop = anyio.Event()
        async with _metrics(container), anyio.create_task_group() as group:
            # Before there is work that a signal could cut off.
            await group.start(_stop_on_signal, stop)
            group.start_soon(send_ticks, container)
            await Runner(container).run(stop)
            group.cancel_scope.cancel()


def _metrics(container: Container) -> AbstractAsyncContextManager[None]:
    port = container.settings.telemetry.worker_metrics_port
    if port is None:
        return nullcontext()
    # Imported here: a worker that serves nothing needs no web framework.
    from app.api.metrics import served_beside_worker  # noqa: PLC0415

    return served_beside_worker(container, port)


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
    adopt_env_files()
    log.info(f"Starting up — environment: {settings.server.environment}")
    try:
        anyio.run(run, settings)
    except (AppError, SettingsError) as error:
        log.critical(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
