"""Logs: `INFO | message key=value` for people in development, one JSON object a line in production.

The standard library's records (Uvicorn's among them) and structlog's go through the same renderer. Event names are
`noun.verb` with fields; no secret, token or word of a candidate is ever a field.
"""

from __future__ import annotations

import logging
import sys
from typing import Final

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

_UVICORN_CHATTER: Final = (
    "Started server process",
    "Waiting for application startup",
    "Application startup complete",
    "Waiting for application shutdown",
    "Application shutdown complete",
    "Finished server process",
)


class _QuietUvicorn(logging.Filter):
    """Drops the lines that only tell that Uvicorn does its work, and the key hint behind its address."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = str(record.msg)
        if record.levelno <= logging.INFO and message.startswith(_UVICORN_CHATTER):
            return False
        record.msg = message.removesuffix(" (Press CTRL+C to quit)")
        record.__dict__.pop("color_message", None)
        return True


def _render_console(_: WrappedLogger, __: str, event: EventDict) -> str:
    level = str(event.pop("level", "info")).upper()
    message = event.pop("event", "")
    exception = event.pop("exception", None)
    for noise in ("timestamp", "logger"):
        event.pop(noise, None)
    fields = " ".join(f"{key}={value}" for key, value in event.items())
    line = f"{level} | {message}" + (f" {fields}" if fields else "")
    return f"{line}\n{exception}" if exception else line


def configure_logging(*, level: str, json_lines: bool) -> None:
    """Set up both logging systems; calling it again replaces the former set-up."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        # What the level hides costs nothing: it is dropped before any processor sees it.
        wrapper_class=structlog.make_filtering_bound_logger(level.lower()),
        cache_logger_on_first_use=False,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if json_lines else _render_console
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    uvicorn = logging.getLogger("uvicorn.error")
    if not any(isinstance(f, _QuietUvicorn) for f in uvicorn.filters):
        uvicorn.addFilter(_QuietUvicorn())
    # Requests are logged by our own middleware, with their id and without their query strings (tickets, signatures).
    logging.getLogger("uvicorn.access").disabled = True
    # Below that level these write whole requests: addresses with signatures, headers with keys.
    for library in (
        "httpx",
        "httpcore",
        "httpx2",
        "httpcore2",
        "pymongo",
        "deepgram",
        "openai",
        "websockets",
        "boto3",
        "botocore",
        "s3transfer",
        "urllib3",
    ):
        logging.getLogger(library).setLevel(logging.WARNING)
