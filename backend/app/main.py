"""Entry point of the API: `python -m uvicorn app.main:app`."""

from __future__ import annotations

import atexit
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, NoReturn, TypedDict

import anyio
import structlog
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute

from app.api import metrics, v1
from app.api.openapi import EuApi
from app.core.compression import Compression
from app.core.config import Environment, Settings, SettingsError, load_settings
from app.core.container import Container, open_container
from app.core.error_handlers import install_error_handlers
from app.core.errors import AppError
from app.core.logging import configure_logging
from app.core.memory import spare_the_collector
from app.core.middleware import BodyLimit, RequestContext
from app.core.release import VERSION
from app.core.tracing import adopt_env_files, tracing
from app.jobs.dispatch import send_ticks
from app.jobs.runner import Runner
from app.services.events.feed import follow_changes

log = structlog.get_logger(__name__)

_DESCRIPTION: Final = """\
A recording of an interview goes in; a transcript with speakers and a debrief in which every claim points at the words
that support it come out. People rate and decide.

Authorise with `Authorization: Bearer <token>`; `python -m app.cli token` makes one. Failures are
`application/problem+json` with a stable `code`.
"""
_TAGS: Final = [
    {"name": "interviews", "description": "Create, find, edit, run again, delete"},
    {"name": "recordings", "description": "Upload in one piece or in parts, play, waveform, clips"},
    {"name": "transcripts", "description": "Import and read"},
    {"name": "search", "description": "What was said, across all interviews"},
    {"name": "highlights", "description": "Marked moments, with their words, a link and a clip"},
    {"name": "debriefs", "description": "Analyses with their evidence, in versions"},
    {"name": "exports", "description": "Debriefs as files, and explanations for candidates"},
    {"name": "scorecards", "description": "What each person says of the candidate"},
    {"name": "reviews", "description": "What people say of a debrief: overrides, dismissals, confirmation"},
    {"name": "panel", "description": "One candidate across interviews"},
    {"name": "templates", "description": "Questions and criteria, in versions"},
    {"name": "organisations", "description": "Who I am, members, invitations"},
    {"name": "notifications", "description": "Your inbox, and how you want to hear of things"},
    {"name": "realtime", "description": "Websocket at `/api/v1/ws`, and its tickets"},
    {"name": "storage", "description": "Signed addresses of the local object store"},
    {"name": "connections", "description": "Where recordings come in by themselves: Zoom, signed calls"},
    {"name": "webhooks", "description": "Calls from vendors, not for people"},
    {"name": "health", "description": "For load balancers and people"},
]


class State(TypedDict):
    container: Container


def create_app(
    settings: Settings,
    *,
    on_failed_start: Callable[[Exception], NoReturn] | None = None,
    on_crash: Callable[[], None] = lambda: None,
) -> FastAPI:
    """The application. `on_failed_start` decides what becomes of a process whose database cannot be reached, `on_crash`
    of one that has lost its background: it would go on to answer, and do nothing."""
    make = EuApi if settings.analysis.eu_mode else FastAPI
    app = make(
        title="Debrief",
        version=VERSION,
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
        lifespan=_lifespan(settings, on_failed_start, on_crash),
        generate_unique_id_function=_operation_id,
        docs_url="/docs" if settings.server.docs_enabled else None,
        redoc_url=None,
        openapi_url="/openapi.json" if settings.server.docs_enabled else None,
        telemetry=metrics.NO_TELEMETRY,
    )
    v1.include_in(app)
    app.include_router(metrics.router)
    install_error_handlers(app)
    app.add_middleware(Compression, prefix=f"{v1.PREFIX}/interviews")
    app.add_middleware(BodyLimit, max_bytes=settings.limits.max_body_bytes)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.server.allowed_origins),
        allow_credentials=True,
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=["ETag", "Location", "X-Request-Id", "Content-Range", "Accept-Ranges"],
    )
    app.add_middleware(RequestContext, api_prefix=v1.PREFIX)
    return app


def _lifespan(
    settings: Settings,
    on_failed_start: Callable[[Exception], NoReturn] | None,
    on_crash: Callable[[], None],
) -> Callable[[FastAPI], AbstractAsyncContextManager[State]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[State]:
        log.info(f"Starting up — environment: {settings.server.environment}")
        try:
            opened = open_container(settings)
            container = await opened.__aenter__()
        except (AppError, SettingsError) as error:
            log.critical(str(error))
            if on_failed_start is None:
                raise
            on_failed_start(error)
        spare_the_collector()
        try:
            async with tracing("debrief-api"), _background(container):
                yield {"container": container}
        except Exception:
            log.critical("A task in the background has failed: this process ends, to be started again.")
            on_crash()
            raise
        finally:
            await opened.__aexit__(None, None, None)

    return lifespan


@asynccontextmanager
async def _background(container: Container) -> AsyncIterator[None]:
    """The pipeline, unless workers of their own run it; the feed of what other processes change; abandoned live
    recordings."""
    stop = anyio.Event()
    async with anyio.create_task_group() as feed:
        feed.start_soon(follow_changes, container.repositories, container.bus)
        feed.start_soon(send_ticks, container)
        feed.start_soon(container.live.sweep_for_ever)
        async with anyio.create_task_group() as work:
            if container.settings.worker.worker_in_process:
                work.start_soon(Runner(container).run, stop)
            try:
                yield
            finally:
                stop.set()
        feed.cancel_scope.cancel()


def _operation_id(route: APIRoute) -> str:
    """The handler's name: stable for generated clients, checked to be unique by a test."""
    return route.name


def _exit(_: Exception) -> NoReturn:
    """End with status 1. Uvicorn would print a traceback and end with 3, which scripts take for a crash."""
    _end()


def _leave() -> None:
    """As if asked to end: what is under way is finished first. Uvicorn by itself serves on without a lifespan."""
    # In a container the signal with which Uvicorn then ends itself has no effect, and the status would be 0.
    atexit.register(_end)
    signal.raise_signal(signal.SIGTERM)


def _end() -> NoReturn:
    logging.shutdown()
    os._exit(1)


def __getattr__(name: str) -> FastAPI:
    """`app.main:app` is made when a server asks for it: importing the module reads and writes nothing."""
    if name != "app":
        raise AttributeError(name)
    try:
        settings = load_settings()
    except SettingsError as error:
        raise SystemExit(str(error)) from None
    adopt_env_files()
    is_production = settings.server.environment is Environment.PRODUCTION
    configure_logging(level=settings.server.log_level, json_lines=is_production)
    return create_app(settings, on_failed_start=_exit, on_crash=_leave)
