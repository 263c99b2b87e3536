"""Shared fixtures live in `tests/fixtures`, one file for each subject."""

from __future__ import annotations

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.server",
    "tests.fixtures.each_database",
    "tests.fixtures.deepgram",
    "tests.fixtures.openai",
    "tests.fixtures.debriefing",
    "tests.fixtures.s3",
]
