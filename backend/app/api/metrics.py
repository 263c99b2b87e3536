"""`/metrics`, for Prometheus, in the API's process; the same with the health checks for a worker of its own."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated, Final

import anyio
import uvicorn
from fastapi import APIRouter, FastAPI, Header, Response
from fastapi.telemetry import TelemetryConfig

from app.api.v1 import health
from app.core.config import Environment
from app.core.container import Container
from app.core.deps import Services
from app.core.error_handlers import install_error_handlers
from app.core.errors import Unavailable

NO_TELEMETRY: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}
"""The framework's own spans carry paths and queries as they came: tickets, signatures, addresses of callbacks."""

router: Final = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def get_metrics(
    services: Services,
    authorization: Annotated[str | None, Header(max_length=1000)] = None,
    accept: Annotated[str | None, Header(max_length=1000)] = None,
) -> Response:
    """Text for Prometheus, or OpenMetrics for who asks for it."""
    content, content_type = await services.metrics.read(authorization=authorization, accept=accept)
    return Response(content, headers={"Content-Type": content_type})


class PortTaken(Unavailable):
    code = "port_taken"


class _Server(uvicorn.Server):
    """The worker listens to signals itself."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def served_beside_worker(container: Container, port: int) -> AsyncIterator[None]:
    """Serve while this is open: to this machine only, unless in production, where a token is asked for.

    Raises `PortTaken`.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, Container]]:
        yield {"container": container}

    app = FastAPI(openapi_url=None, lifespan=lifespan, telemetry=NO_TELEMETRY)
    app.include_router(router)
    app.include_router(health.router, prefix="/api/v1")
    install_error_handlers(app)
    config = uvicorn.Config(app, log_config=None, lifespan="on", timeout_graceful_shutdown=1)
    server = _Server(config)
    with _listening(port, everywhere=container.settings.server.environment is Environment.PRODUCTION) as one:
        async with anyio.create_task_group() as group:
            group.start_soon(server.serve, [one])
            try:
                yield
            finally:
                server.should_exit = True


def _listening(port: int, *, everywhere: bool) -> socket.socket:
    try:
        return socket.create_server(("" if everywhere else "127.0.0.1", port))
    except OSError as error:
        raise PortTaken(f"WORKER_METRICS_PORT={port} cannot be listened to ({error.strerror}).") from None
