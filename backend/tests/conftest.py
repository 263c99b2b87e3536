"""Shared fixtures live in `tests/fixtures`, one file for each subject."""

from __future__ import annotations

import structlog
from hypothesis import settings

# A property says what holds, not how fast: a busy machine would make it fail.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Unless told otherwise structlog shows the variables of every frame of an error, which can take longer than a test.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.server",
    "tests.fixtures.processes",
    "tests.fixtures.each_database",
    "tests.fixtures.deepgram",
    "tests.fixtures.openai",
    "tests.fixtures.debriefing",
    "tests.fixtures.s3",
    "tests.fixtures.endpoints",
    "tests.fixtures.redis_server",
    "tests.fixtures.mail",
    "tests.fixtures.chat",
    "tests.fixtures.zoom",
]
