"""Spans, sent by OpenTelemetry's own variables (`OTEL_EXPORTER_OTLP_ENDPOINT` …); without them nothing is loaded.

No provider is installed for the whole process: other libraries that look for one (FastAPI among them) would send
spans of their own, with addresses that hold tickets and signatures. Nothing is recorded of an error but its code.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from threading import Thread
from typing import TYPE_CHECKING, Final, Literal

import anyio
import structlog
from anyio import to_thread
from dotenv import dotenv_values

from app.core.release import VERSION
from app.core.settings_group import ENV_FILES

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

log = structlog.get_logger(__name__)

Kind = Literal["server", "client", "consumer", "internal"]
Attribute = str | int | float | bool


_FLUSH_SECONDS: Final = 5.0
"""What a process may take at its end to send its last spans."""
_NO_SPAN: Final[AbstractContextManager[None]] = nullcontext()
_tracer: Tracer | None = None


@asynccontextmanager
async def tracing(service: str) -> AsyncIterator[None]:
    """Spans are sent while this is open, if the variables ask for it. `service` is a name for want of another."""
    global _tracer  # noqa: PLW0603 - of the process, as the variables are
    if _tracer is not None or not _is_wanted():
        yield
        return
    provider = _open(service)
    _tracer = provider.get_tracer("debrief")
    try:
        yield
    finally:
        _tracer = None
        # A collector that is away must not keep the process: daemons end with it.
        flushing = Thread(target=provider.shutdown, daemon=True)
        flushing.start()
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(flushing.join, _FLUSH_SECONDS)


def adopt_env_files() -> None:
    """OpenTelemetry looks into the environment alone; this puts there what the `.env` files say for it."""
    for path in reversed(ENV_FILES):
        for name, value in dotenv_values(path).items():
            if name.startswith("OTEL_") and value:
                os.environ.setdefault(name, value)


def span(
    name: str,
    kind: Kind = "internal",
    *,
    parent: str | None = None,
    attributes: dict[str, Attribute | None] | None = None,
) -> AbstractContextManager[Span | None]:
    """A span around what happens inside, below the current one, or below `parent` (a `traceparent`).

    Gives None while no spans are sent. An attribute that is None is left out.
    """
    if _tracer is None:
        return _NO_SPAN
    return _recorded(_tracer, name, kind, parent, attributes or {})


def is_tracing() -> bool:
    return _tracer is not None


def current_traceparent() -> str | None:
    if _tracer is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415 - see above
        TraceContextTextMapPropagator,
    )

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get("traceparent")


def link_to(traceparent: str | None) -> None:
    """Say of the current span that it has to do with another trace."""
    if _tracer is None or traceparent is None:
        return
    from opentelemetry import trace  # noqa: PLC0415 - see above

    other = trace.get_current_span(_context_of(traceparent)).get_span_context()
    if other.is_valid:
        trace.get_current_span().add_link(other)


def mark_failed(recorded: Span, code: str) -> None:
    from opentelemetry.trace import StatusCode  # noqa: PLC0415 - see above

    recorded.set_attribute("error.type", code)
    recorded.set_status(StatusCode.ERROR)


@contextmanager
def _recorded(
    tracer: Tracer, name: str, kind: Kind, parent: str | None, attributes: dict[str, Attribute | None]
) -> Iterator[Span]:
    from opentelemetry.trace import SpanKind, format_trace_id  # noqa: PLC0415 - see above

    opened = tracer.start_as_current_span(
        name,
        context=_context_of(parent) if parent else None,
        kind=SpanKind[kind.upper()],
        attributes={key: value for key, value in attributes.items() if value is not None},
        # Messages of errors may quote what was said or sent.
        record_exception=False,
        set_status_on_exception=False,
    )
    with opened as recorded:
        trace_id = format_trace_id(recorded.get_span_context().trace_id)
        with structlog.contextvars.bound_contextvars(trace_id=trace_id):
            try:
                yield recorded
            except Exception as error:
                # That something is not there, for example, is an answer like any other.
                if getattr(error, "status", 500) >= 500:
                    mark_failed(recorded, str(getattr(error, "code", type(error).__name__)))
                raise


def _context_of(traceparent: str) -> Context:
    from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415 - see above
        TraceContextTextMapPropagator,
    )

    return TraceContextTextMapPropagator().extract({"traceparent": traceparent})


def _is_wanted() -> bool:
    given = os.environ.get
    address = given("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or given("OTEL_EXPORTER_OTLP_ENDPOINT")
    off = given("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    exporter = given("OTEL_TRACES_EXPORTER", "").strip().lower() or "otlp"
    if not address or off or exporter != "otlp":
        return False
    protocol = given("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") or given("OTEL_EXPORTER_OTLP_PROTOCOL")
    if protocol and protocol != "http/protobuf":
        log.warning("Traces are sent by OTLP over HTTP only: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf")
        return False
    return True


def _open(service: str) -> TracerProvider:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    resource = Resource({"service.version": VERSION}).merge(Resource.create())
    if str(resource.attributes.get(SERVICE_NAME, "unknown_service")).startswith("unknown_service"):
        resource = resource.merge(Resource({SERVICE_NAME: service}))
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider
