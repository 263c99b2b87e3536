"""Shared fixtures live in `tests/fixtures`, one file for each subject."""

from __future__ import annotations

from hypothesis import settings

# A property says what holds, not how fast: a busy machine would make it fail.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.server",
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
